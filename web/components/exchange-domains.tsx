import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import type { Of } from '../exchange.ts'
import { Icon, type IconName } from './icon.tsx'
import { Loaded } from './states.tsx'

type Finding = InferResponseType<typeof api.exchange.domains.$post, 200>[number]['findings'][number]

/** What DNS says of the domains of a mailbox, and what that means for mail and for Outlook. */
export function ExchangeDomains(props: { of: Of; addresses: string[] }) {
  const [isOpen, setOpen] = createSignal(false)
  const domains = () => [
    ...new Set(props.addresses.flatMap((address) => address.toLowerCase().split('@')[1] ?? []).slice(0, MOST)),
  ]
  const found = useQuery(() => ({
    queryKey: ['exchange-look', 'domains', props.of.connectionId, ...domains()],
    queryFn: () => {
      const json = { connectionId: props.of.connectionId, domains: domains() }
      return call(api.exchange.domains.$post({ json }))
    },
    enabled: isOpen() && domains().length > 0,
    retry: false,
  }))
  return (
    <details class="exchange-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>What DNS says: where mail goes, who may send, what Outlook finds</h2>
      </summary>
      <Show when={isOpen()}>
        <Loaded query={found} what="The records">
          {(all) => (
            <div class="exchange-domains">
              <For each={all()}>
                {({ domain, findings }) => (
                  <section>
                    <h3>{domain}</h3>
                    <ul class="exchange-findings">
                      <For each={findings}>{(finding) => <Found finding={finding} />}</For>
                    </ul>
                  </section>
                )}
              </For>
            </div>
          )}
        </Loaded>
      </Show>
    </details>
  )
}

/** Each is a dozen questions to DNS. */
const MOST = 5

const NAMES: Record<Finding['code'], string> = {
  MX: 'Where mail goes (MX)',
  SPF: 'Who may send (SPF)',
  DKIM: 'Signing (DKIM)',
  DMARC: 'Forged mail (DMARC)',
  AUTODISCOVER: 'What Outlook finds (Autodiscover)',
}
const VERDICTS: Record<Finding['verdict'], { icon: IconName; tone: string; words: string }> = {
  ok: { icon: 'done', tone: 'good', words: 'Right' },
  wrong: { icon: 'wrong', tone: 'bad', words: 'Wrong' },
  missing: { icon: 'wrong', tone: 'bad', words: 'Missing' },
  look: { icon: 'warning', tone: 'warn', words: 'Look at it' },
  unknown: { icon: 'clock', tone: '', words: 'Nobody can tell' },
}

function Found(props: { finding: Finding }) {
  const verdict = () => VERDICTS[props.finding.verdict]
  return (
    <li data-code={props.finding.code}>
      <span class={`mark ${verdict().tone}`}>
        <Icon name={verdict().icon} />
        <span class="sr">{verdict().words}:</span>
      </span>
      <div>
        <p>
          <strong>{NAMES[props.finding.code]}</strong>
        </p>
        <p>{props.finding.says}</p>
        <Show when={props.finding.evidence}>
          {(words) => (
            <p class="evidence">
              <code>{words()}</code>
            </p>
          )}
        </Show>
        <Show when={props.finding.whatToDo}>{(words) => <p class="evidence">{words()}</p>}</Show>
      </div>
    </li>
  )
}
