import type { Language } from './language.ts'
import { anyOf } from './pattern.ts'

/** An hour found in a sentence. */
export type FoundTime = {
  from: number
  to: number
  /** HH:MM; none where only "close of business" is said. */
  clock: string | null
  doubts: string[]
  /** How it was read, where that is not plain. */
  how?: string
}

const START = '(?<![\\p{L}\\p{N}])(?<!\\d[:.,/-])'
const HALF_DAY = new RegExp(
  `${START}(\\d{1,2})(?:[:.](\\d{2}))?(?::\\d{2})? ?([ap])\\.? ?m(?:\\.|(?![\\p{L}\\p{N}]))`,
  'giu',
)
const COLON = new RegExp(
  `(?:${START}|(?<=\\dT))(\\d{1,2}):(\\d{2})(?::\\d{2})?(?!\\d| ?[ap]\\.? ?m(?!\\p{L}))( ?(?:Uhr|hours|horas|hrs|hs|h)(?!\\p{L}))?`,
  'giu',
)
const DOTTED = new RegExp(`${START}(\\d{1,2})\\.(\\d{2})( ?(?:Uhr|horas|hrs|hs|h))(?!\\p{L})`, 'giu')
const WITH_H = new RegExp(`${START}(\\d{1,2}) ?h(?:eures?)? ?(\\d{2})?(?![\\p{L}\\p{N}])`, 'giu')
const UHR = new RegExp(`${START}(\\d{1,2})() ?Uhr(?!\\p{L})`, 'giu')
const HORAS = /(?<=(?<!\p{L})las )(\d{1,2})()(?: ?(?:horas|hs))?(?![\p{L}\p{N}:.])/giu
const MILITARY = new RegExp(`${START}([012]\\d)([0-5]\\d) ?(?:hrs|hours|h)(?!\\p{L})`, 'giu')
const NOON = anyOf('noon|midday|mittags?|midi|(?:del )?medio ?d[ií]a')
const MIDNIGHT = anyOf('midnight|mitternacht|minuit|media ?noche')
const CLOSING = anyOf(
  'COB|C\\.O\\.B|EOB|EOD|close of (?:the )?business(?: day)?|close of (?:the )?day|end of (?:the )?(?:business |working )?day|dienstschluss|büroschluss|geschäftsschluss|fin de (?:la )?journée|fermeture des bureaux|cierre de (?:la )?oficinas?|fin del día|fin de la jornada',
)
const AFTERNOON =
  /^[ ,]{0,2}(?:nachmittags|abends|am nachmittag|de l'apr[eè]s-midi|du soir|de la tarde|de la noche|in the (?:afternoon|evening))(?!\p{L})/iu
const MORNING = /^[ ,]{0,2}(?:morgens|vormittags|früh|du matin|de la mañana|in the morning)(?!\p{L})/iu
/** Right before a duration. */
const DURING =
  /(?<!\p{L})(?:within|for|sous|pendant|durant|innerhalb(?: von)?|binnen|dentro de|durante|en)(?: las)? $/iu

/** The hours that a sentence names, in order. Durations ("within 24 hours") are none. */
export function findTimes(sentence: string, language: Language | null): FoundTime[] {
  const found: FoundTime[] = []
  const add = (time: FoundTime) => {
    if (!found.some(({ from, to }) => time.from < to && time.to > from)) found.push(time)
  }
  for (const match of sentence.matchAll(HALF_DAY)) {
    const time = halfDay(match)
    if (time) add(time)
  }
  for (const match of sentence.matchAll(MILITARY)) addClock(match, true)
  for (const pattern of [COLON, DOTTED])
    for (const match of sentence.matchAll(pattern))
      addClock(match, match[3] !== undefined || /^0/.test(match[1]!) || language === 'de' || language === 'fr')
  if (language !== 'en') for (const match of sentence.matchAll(WITH_H)) addClock(match, true)
  for (const match of sentence.matchAll(UHR)) addClock(match, true)
  for (const match of sentence.matchAll(HORAS)) addClock(match, /hora|hs/.test(match[0]))
  addWords()
  return found.sort((a, b) => a.from - b.from)

  function addClock(match: RegExpMatchArray, of24: boolean) {
    const [from, hour, minute] = [match.index ?? 0, Number(match[1]), Number(match[2] || '0')]
    // "within 24 hours", "sous 48 h", "von 30 Minuten": how long, not when.
    if (DURING.test(sentence.slice(Math.max(0, from - 14), from))) return
    if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return
    const to = from + match[0].length
    const after = sentence.slice(to, to + 30)
    const afternoon = AFTERNOON.exec(after)?.[0]
    const marked = afternoon ?? MORNING.exec(after)?.[0]
    if (hour === 24)
      return add({ from, to, clock: '23:59', doubts: [], how: '24:00 ends that day: its last minute is entered.' })
    const clock = at(afternoon && hour < 12 ? hour + 12 : hour, minute)
    const doubts: string[] = []
    if (hour === 0 && minute === 0) doubts.push('Midnight may be meant as the beginning or the end of that day.')
    else if (!marked && !of24 && hour > 0 && hour < 13) doubts.push(`${match[0].trim()} may be meant as a.m. or p.m.`)
    add({ from, to: to + (marked?.length ?? 0), clock, doubts })
  }

  function addWords() {
    for (const match of sentence.matchAll(NOON)) {
      // "12:00 noon": both say the same, and together they leave no doubt.
      const twelve = found.find(({ to, clock }) => clock === '12:00' && match.index - to >= 0 && match.index - to <= 3)
      const end = match.index + match[0].length
      if (twelve) Object.assign(twelve, { to: end, doubts: [] })
      else add({ from: match.index, to: end, clock: '12:00', doubts: [] })
    }
    for (const { index, 0: words } of sentence.matchAll(MIDNIGHT)) {
      const doubts = ['Midnight may be meant as the beginning or the end of that day.']
      const twelve = found.find(({ to }) => index - to >= 0 && index - to <= 3)
      if (twelve) Object.assign(twelve, { to: index + words.length, clock: '23:59', doubts })
      else add({ from: index, to: index + words.length, clock: '23:59', doubts })
    }
    for (const { index, 0: words } of sentence.matchAll(CLOSING))
      add({ from: index, to: index + words.length, clock: null, doubts: [`"${words}" names no hour.`] })
  }
}

function halfDay(match: RegExpMatchArray): FoundTime | undefined {
  const [from, hour, minute] = [match.index ?? 0, Number(match[1]), Number(match[2] ?? '0')]
  const to = from + match[0].length
  const after = match[3]!.toLowerCase() === 'p'
  if (minute > 59 || hour > 23) return undefined
  // "14:00 PM": the hour is plain, and PM agrees.
  if (hour > 12) return { from, to, clock: at(hour, minute), doubts: after ? [] : [`${match[0]} contradicts itself.`] }
  if (hour === 0) return { from, to, clock: at(0, minute), doubts: [`${match[0]} is no usual hour.`] }
  if (hour === 12) {
    const doubts = after
      ? minute === 0
        ? ['12 p.m. is read as noon; some mean midnight.']
        : []
      : ['12 a.m. is read as the beginning of that day; some mean its end, or noon.']
    return { from, to, clock: at(after ? 12 : 0, minute), doubts }
  }
  return { from, to, clock: at(after ? hour + 12 : hour, minute), doubts: [] }
}

const at = (hour: number, minute: number) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
