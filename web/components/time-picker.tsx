import { readPhrase } from '../../time/phrase.ts'
import { useNow } from '../clock.ts'
import { clock, dayName } from '../format.ts'
import { zone } from '../queries.ts'
import { Icon, type IconName } from './icon.tsx'
import { type Item, Picker } from './picker.tsx'

/** A ready choice: what it is called, the phrase that would be typed for it, and further words that find it. */
export type TimeChoice = readonly [label: string, phrase: string, words: string]

/** A time, as a choice or in words: "Tomorrow 9", "in 3 Tagen". Everything that is understood is said in full. */
export function TimePicker(props: {
  label: string
  placeholder: string
  icon: IconName
  choices: readonly TimeChoice[]
  /** Items that are no times, below. */
  further?: Item[]
  /** In ms since the epoch, with the time at which it was chosen. */
  onPick: (at: number, now: number) => void
}) {
  const now = useNow(30_000)
  const read = (phrase: string) => {
    const found = readPhrase(phrase, { now: now(), zone: zone() })
    return 'problem' in found ? found.problem : found.at
  }
  const inWords = (at: number) => `${dayName(at, now())} ${clock(at)}`
  const icon = () => <Icon name={props.icon} />
  const items = (): Item[] => [
    ...props.choices.flatMap(([label, phrase, words], place) => {
      const at = read(phrase)
      if (typeof at !== 'number') return []
      // Late in the evening there is no later today.
      if (words.includes('today') && dayName(at, now()) !== 'today') return []
      const end = () => <span class="hint num">{inWords(at)}</span>
      return [{ id: `choice-${place}`, label, words, icon, end, run: () => props.onPick(at, now()) }]
    }),
    ...(props.further ?? []),
  ]
  const made = (typed: string): Item[] => {
    const at = typed.trim() === '' ? null : read(typed)
    if (typeof at !== 'number') return []
    const words = inWords(at)
    const label = words.charAt(0).toUpperCase() + words.slice(1)
    return [{ id: 'typed', label, icon, run: () => props.onPick(at, now()) }]
  }
  const hint = (typed: string) => {
    const found = read(typed)
    return typeof found === 'string' ? found : undefined
  }
  return (
    <Picker
      label={props.label}
      placeholder={props.placeholder}
      items={items()}
      made={made}
      hint={hint}
      onPick={(picked) => picked.run()}
    />
  )
}
