import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Loaded } from '../components/states.tsx'
import { count, plural } from '../format.ts'

type Week = InferResponseType<typeof api.motion.$get, 200>['weeks'][number]

const SPANS = [
  { weeks: 13, words: '3 months' },
  { weeks: 26, words: '6 months' },
  { weeks: 52, words: 'A year' },
] as const

/** How much mail there is, and how much of it becomes something: week by week. */
export default function Motion() {
  const [span, setSpan] = createSignal<number>(SPANS[0].weeks)
  const motion = useQuery(() => ({
    queryKey: ['motion', span()],
    queryFn: () => call(api.motion.$get({ query: { weeks: String(span()) } })),
  }))
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Motion and movement</h1>
          <p>Emails are motion. Issues that move on, and those that are done, are movement.</p>
        </div>
        <div class="segments" role="radiogroup" aria-label="How far back">
          <For each={SPANS}>
            {({ weeks, words }) => (
              <label>
                <input type="radio" name="span" checked={span() === weeks} onChange={() => setSpan(weeks)} />
                {words}
              </label>
            )}
          </For>
        </div>
      </div>
      <Loaded query={motion} what="The weeks" loading={<Bones rows={5} height={64} />}>
        {(found) => (
          <Show
            when={found().weeks.some(({ received, sent, moved }) => received + sent + moved > 0)}
            fallback={
              <Empty icon="mail" title="Nothing yet">
                As soon as mail comes in, each week has its numbers here.
              </Empty>
            }
          >
            <Weeks weeks={found().weeks} />
          </Show>
        )}
      </Loaded>
    </div>
  )
}

function Weeks(props: { weeks: Week[] }) {
  const last = () => props.weeks.at(-1)!
  const most = () => Math.max(1, ...props.weeks.map(({ received, sent }) => received + sent))
  const mostMoved = () => Math.max(1, ...props.weeks.map(({ moved }) => moved))
  return (
    <>
      <p class="motion-now num">
        This week <strong>{plural(last().received + last().sent, 'email')}</strong>, and{' '}
        <strong>{plural(Math.max(0, last().moved), 'issue')} moved on</strong>
        {last().closed > 0 ? `, ${count(last().closed)} of them done` : ''}.
      </p>
      <figure class="motion" aria-label="Emails above, moved issues below, by week. The same numbers are in the table.">
        <div class="motion-bars num" aria-hidden="true">
          <span class="scale">{plural(most(), 'email')}</span>
          <span class="scale low">{plural(mostMoved(), 'issue')}</span>
          <For each={props.weeks}>
            {(week) => (
              <div class="motion-week" data-tip={`Week of ${dayOf(week.monday)}: ${sentence(week)}`}>
                <div class="up">
                  <span class="sent" style={{ height: `${share(week.sent, most())}%` }} />
                  <span class="received" style={{ height: `${share(week.received, most())}%` }} />
                </div>
                <div class="down">
                  <span class="closed" style={{ height: `${share(Math.max(0, week.closed), mostMoved())}%` }} />
                  <span
                    class="moved"
                    style={{ height: `${share(Math.max(0, week.moved - Math.max(0, week.closed)), mostMoved())}%` }}
                  />
                </div>
              </div>
            )}
          </For>
        </div>
        <div class="ends num" aria-hidden="true">
          <span>{dayOf(props.weeks[0]!.monday)}</span>
          <span>This week</span>
        </div>
        <figcaption class="legend">
          <span class="key received">Received</span>
          <span class="key sent">Sent</span>
          <span class="key moved">Moved on</span>
          <span class="key closed">Done</span>
          <button type="button" class="btn ghost" onClick={() => keepCsv(props.weeks)}>
            <Icon name="download" />
            CSV
          </button>
        </figcaption>
      </figure>
      <section class="scroll-x" aria-label="Numbers by week">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Week of</th>
              <th scope="col">Received</th>
              <th scope="col">Sent</th>
              <th scope="col">Moved on</th>
              <th scope="col">Done</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.weeks.toReversed()}>
              {(week) => (
                <tr>
                  <td>{dayOf(week.monday)}</td>
                  <td class="num">{count(week.received)}</td>
                  <td class="num">{count(week.sent)}</td>
                  <td class="num">{count(week.moved)}</td>
                  <td class="num">{count(week.closed)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </>
  )
}

const share = (n: number, most: number) => (n / most) * 100

const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayOf = (monday: string) => dayMonth.format(Date.parse(monday))

const sentence = ({ received, sent, moved, closed }: Week) =>
  `${count(received)} received, ${count(sent)} sent, ${count(moved)} moved on, ${count(closed)} done`

/** Lets the browser keep the numbers. They are ours and hold no text, so nothing in them can be a formula. */
function keepCsv(weeks: Week[]): void {
  const lines = weeks.map(({ monday, received, sent, moved, closed }) =>
    [monday, received, sent, moved, closed].join(','),
  )
  const link = document.createElement('a')
  link.href = URL.createObjectURL(
    new Blob([['week,received,sent,moved,done', ...lines, ''].join('\r\n')], { type: 'text/csv' }),
  )
  link.download = 'motion.csv'
  link.click()
  URL.revokeObjectURL(link.href)
}
