import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { wordsOf } from '../api.ts'
import { count, plural } from '../format.ts'
import { type Imported, takeBackImport } from '../imports.ts'
import { complain } from '../toasts.ts'
import { Icon } from './icon.tsx'
import { Notice } from './states.tsx'

/** How far an import has come, what came of it, and the way back. */
export function ImportResult(props: { one: Imported }) {
  const [busy, setBusy] = createSignal(false)
  const one = () => props.one
  const takeBack = async () => {
    setBusy(true)
    try {
      await takeBackImport(one())
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
  }
  const TakeBack = () => (
    <button type="button" class="btn" disabled={busy()} onClick={() => void takeBack()}>
      <Icon name="undo" />
      Take the import back
    </button>
  )
  return (
    <section class="section stack">
      <Switch>
        <Match when={one().state === 'running' || one().state === 'undoing'}>
          <div class="import-progress" role="status">
            <strong>{one().state === 'running' ? 'Importing' : 'Taking the import back'}</strong>
            <progress aria-label="How far it has come" value={one().done} max={Math.max(1, one().total)} />
            <span class="num hint">{`${count(one().done)} of ${count(one().total)}`}</span>
          </div>
          <p class="hint">It goes on by itself, also when you leave this page.</p>
          <Show when={one().state === 'running'}>
            <TakeBack />
          </Show>
        </Match>
        <Match when={one().state === 'done'}>
          <Notice tone="good">
            <strong>{`${plural(one().created, 'proposal')} imported.`}</strong>
            <span class="aside">{restWords(one())}</span>
          </Notice>
          <Show when={one().broken > 0 && one().hasFile}>
            <a class="link" href={`/api/imports/${one().id}/broken.csv`} download="broken-lines.csv">
              Download the lines that were left out
            </a>
          </Show>
          <div class="import-foot">
            <a class="btn primary" href="/pipeline">
              To the pipeline
            </a>
            <TakeBack />
          </div>
        </Match>
        <Match when={one().state === 'undone'}>
          <Notice tone={one().kept > 0 ? 'warn' : 'good'}>
            <strong>The import was taken back.</strong>
            <span class="aside">
              {one().kept > 0
                ? `${plural(one().kept, 'proposal')} stayed, since somebody had changed them:`
                : 'All proposals are as they were before it. Organizations that came with it stay.'}
            </span>
          </Notice>
          <Show when={one().keptProposals.length > 0}>
            <ul class="lines">
              <For each={one().keptProposals}>
                {({ id, number, title }) => (
                  <li>
                    <a class="grow" href={`/proposals/${id}`}>{`PRP-${number} ${title}`}</a>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <a class="btn" href="/import">
            Import another file
          </a>
        </Match>
        <Match when={one().state === 'failed'}>
          <Notice tone="bad">{`The import broke off after ${plural(one().done, 'line')}. ${one().error ?? ''}`}</Notice>
          <TakeBack />
        </Match>
      </Switch>
    </section>
  )
}

function restWords({ updated, same, broken }: Imported): string {
  const parts = [
    updated > 0 ? `${plural(updated, 'proposal')} updated` : '',
    same > 0 ? `${plural(same, 'line')} known already` : '',
    broken > 0 ? `${plural(broken, 'line')} left out, since they could not be read` : '',
  ].filter(Boolean)
  return parts.length === 0 ? 'Every line of the file is here.' : `${parts.join('. ')}.`
}
