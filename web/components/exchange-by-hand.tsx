import { createSignal, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import type { ExchangePlan, Of } from '../exchange.ts'
import { client } from '../query-client.ts'
import { say } from '../toasts.ts'
import { Notice } from './states.tsx'

/** Where Exchange can't be asked: the file that collect.ps1 wrote comes in, and what the script said goes back. */
export function ExchangeByHand(props: {
  of: Of
  wanted: string | undefined
  plan: ExchangePlan | undefined
  onSnapshot: (text: string) => void
}) {
  const [trouble, setTrouble] = createSignal<string>()
  const takeDown = async (file: File) => {
    setTrouble(undefined)
    const { wanted, plan } = props
    if (wanted === undefined || plan === undefined) return
    try {
      const json = { ...props.of, wanted, id: crypto.randomUUID(), planHash: plan.planHash }
      await call(api.exchange['done-by-hand'].$post({ json: { ...json, transcript: await file.text() } }))
      await client.invalidateQueries({ queryKey: ['exchange'] })
      say('Taken down. Collect again to see that it is so.')
    } catch (error) {
      setTrouble(wordsOf(error))
    }
  }
  return (
    <section class="section stack">
      <p class="lead">
        This connection works by files: an admin runs collect.ps1 and brings what it wrote; the plan goes back as a
        script to be read and run; what the script wrote is taken down here.
      </p>
      <label class="field">
        <span class="label">What collect.ps1 wrote</span>
        <input
          type="file"
          accept=".json,application/json"
          onChange={async (event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) props.onSnapshot(await file.text())
          }}
        />
      </label>
      <Show when={(props.plan?.steps.length ?? 0) > 0}>
        <label class="field">
          <span class="label">What the script wrote, once it was run</span>
          <input
            type="file"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              if (file) void takeDown(file)
            }}
          />
        </label>
      </Show>
      <Show when={trouble()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
    </section>
  )
}
