import { For, Show } from 'solid-js'
import { count } from '../format.ts'
import { progress } from '../jobs.ts'

/** How far changes to many issues have come. It is read on demand: what was begun and what came of it is said. */
export function JobProgress() {
  return (
    <Show when={progress().length > 0}>
      <section class="jobs" aria-label="Changes under way">
        <For each={progress()}>
          {(job) => (
            <div class="job">
              <span class="num">{`${job.words} ${count(job.done)} of ${count(job.total)}`}</span>
              <progress aria-label={`${job.words} issues`} value={job.done} max={job.total} />
            </div>
          )}
        </For>
      </section>
    </Show>
  )
}
