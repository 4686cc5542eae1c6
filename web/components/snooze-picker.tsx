import { createSignal, Show } from 'solid-js'
import { readPhrase } from '../../time/phrase.ts'
import type { ListedIssue } from '../api.ts'
import { useNow } from '../clock.ts'
import { snooze } from '../desk-changes.ts'
import { clock, dayName, type Until, untilWords } from '../format.ts'
import { zone } from '../queries.ts'
import { Icon } from './icon.tsx'
import { type Item, Picker } from './picker.tsx'

/** Ready choices, in the words that would be typed for them. */
const CHOICES: [label: string, phrase: string, words: string][] = [
  ['Later today', 'in 3 hours', 'heute später'],
  ['Tomorrow', 'tomorrow', 'morgen'],
  ['Monday', 'monday', 'montag nächste woche next week'],
  ['In a week', 'in a week', 'in einer woche'],
  ['In 2 weeks', 'in 2 weeks', 'in 2 wochen'],
  ['In a month', 'in a month', 'in einem monat'],
]

/** Until when an issue is put off: a choice, or a date in words, and whether an answer brings it back before. */
export function SnoozePicker(props: {
  /** Left out: several, which `onPut` puts off. */
  issue?: ListedIssue
  onPut?: (until: Until) => void
  onDone: () => void
}) {
  const now = useNow(30_000)
  const [onReply, setOnReply] = createSignal(true)
  const read = (phrase: string) => readPhrase(phrase, { now: now(), zone: zone() })
  const put = (at: number | null, orReply: boolean) => {
    // Read before the menu, and what it was given, is gone.
    const { issue, onPut } = props
    const until = { at, onReply: orReply }
    props.onDone()
    if (issue) void snooze(issue, until)
    onPut?.(until)
  }
  const item = (id: string, label: string, at: number, orReply: boolean, words: string): Item => ({
    id,
    label,
    words,
    icon: () => <Icon name="snooze" />,
    end: () => (
      <span class="hint num">
        {dayName(at, now())} {clock(at)}
      </span>
    ),
    run: () => put(at, orReply),
  })
  const items = (): Item[] => [
    ...CHOICES.flatMap(([label, phrase, words], index) => {
      const found = read(phrase)
      if ('problem' in found || found.at === null) return []
      // Late in the evening there is no later today.
      if (index === 0 && dayName(found.at, now()) !== 'today') return []
      return [item(`choice-${index}`, label, found.at, onReply(), words)]
    }),
    {
      id: 'reply',
      label: 'Until they reply',
      words: 'bis sie antworten',
      icon: () => <Icon name="reply" />,
      end: () => <span class="hint">no date</span>,
      run: () => put(null, true),
    },
  ]
  /** What is typed, as it was understood: said in full, so that nobody guesses. */
  const made = (typed: string): Item[] => {
    if (typed.trim() === '') return []
    const found = read(typed)
    if ('problem' in found) return []
    const orReply = found.onReply || onReply()
    if (found.at === null) return []
    const words = untilWords({ at: found.at, onReply: orReply }, now())
    const { at } = found
    return [
      {
        id: 'typed',
        label: words.charAt(0).toUpperCase() + words.slice(1),
        icon: () => <Icon name="snooze" />,
        run: () => put(at, orReply),
      },
    ]
  }
  const hint = (typed: string) => {
    const found = read(typed)
    return 'problem' in found ? found.problem : undefined
  }
  return (
    <>
      <Picker
        label="Snooze until"
        placeholder="Tomorrow 9, in 3 Tagen, 27 Nov"
        items={items()}
        made={made}
        hint={hint}
        onPick={(picked) => picked.run()}
      />
      <label class="choice">
        <input type="checkbox" checked={onReply()} onChange={(event) => setOnReply(event.currentTarget.checked)} />
        Come back before, if they write
      </label>
      <Show when={props.issue?.status === 'snoozed' && props.issue.snoozedUntil}>
        {(at) => (
          <p class="hint now">Now: {untilWords({ at: at(), onReply: props.issue?.wakesOnReply ?? false }, now())}.</p>
        )}
      </Show>
    </>
  )
}
