import { instantOf, US_FEDERAL_HOUR } from '../deadline.ts'
import { type Reading, reading } from './certainty.ts'
import { type FoundDay, findDays } from './dates.ts'
import {
  AFTERWARDS,
  ALL_TIMES,
  AMENDED,
  ANSWERS,
  DENIED,
  DUE,
  NAMED_DEADLINE,
  NEW_DATE,
  OFFER,
  OLD_DATE,
  OTHER,
  QUESTIONS,
  VAGUE,
} from './deadline-words.ts'
import type { Language } from './language.ts'
import { has, lastEnd } from './pattern.ts'
import { plain } from './sentences.ts'
import { type FoundTime, findTimes } from './times.ts'
import { type FoundZone, findZones, zoneDoubts } from './zones.ts'

/** A deadline as it is written: what clocks show, and in which zone. */
export type ReadDeadline = { local: string; zone: string }

/** What is known of a mail beside its text. */
export type DeadlineGround = {
  language: Language | null
  /** The moment from which on a deadline is still to come, and its day there, YYYY-MM-DD. */
  now: number
  today: string
  /** The zone that is offered where none is written, and why that one: a sentence. */
  zone: string
  zoneWhy: string
  /** The zone of the organization that wrote, where it is known. */
  home: string | null
  /** FAR 52.215-1(c)(3): a day without an hour is meant as 16:30. */
  usFederal: boolean
}

export type Deadlines = { due: Reading<ReadDeadline>[]; questions: Reading<ReadDeadline>[] }
type Role = keyof Deadlines

/** A sentence with more days is a table, or none. */
const MAX_DAYS = 8
/** More deadlines than this are a calendar. */
const MAX_FOUND = 40
/** Hours and zones stand at most so far from their day. */
const MAX_GAP = 90
const END_OF_DAY = '17:00'
const YEARS_AHEAD_MS = 6 * 366 * 86_400_000
const SAID = 'Day, hour and zone are written.'

/** The deadlines that the sentences of one mail name, in order. */
export function readDeadlines(sentences: readonly string[], ground: DeadlineGround): Deadlines {
  const found: Deadlines = { due: [], questions: [] }
  const all = sentences.map((text) => ({ text, plain: plain(text) }))
  const forAll = all.filter((one) => has(one.plain, ALL_TIMES)).flatMap((one) => findZones(one.plain, ground.language))
  const common = forAll.length > 0 && forAll.every(({ zone }) => zone === forAll[0]!.zone) ? forAll[0] : undefined
  for (const sentence of all) {
    if (found.due.length + found.questions.length > MAX_FOUND) break
    if (!/\d/.test(sentence.plain)) continue
    for (const { role, value } of readSentence(sentence.text, sentence.plain, ground, common)) found[role].push(value)
  }
  return found
}

function readSentence(text: string, sentence: string, ground: DeadlineGround, common: FoundZone | undefined) {
  const days = findDays(sentence, ground.language, ground.today)
  if (days.length === 0 || days.length > MAX_DAYS) return []
  const times = findTimes(sentence, ground.language).filter(({ from, to }) =>
    days.every((day) => to <= day.from || from >= day.to),
  )
  const zones = findZones(sentence, ground.language)
  const amended = has(sentence, AMENDED)
  const replaced = days.map((day) => OLD_DATE.test(sentence.slice(Math.max(0, day.from - 60), day.from)))
  const meant = days.map((day) => amended && NEW_DATE.test(sentence.slice(Math.max(0, day.from - 60), day.from)))
  // "moved from the 1st to the 15th": where a new date is named, the others are old.
  const renewed = meant.some((is, at) => is && !replaced[at])
  const values: { role: Role; value: Reading<ReadDeadline> }[] = []
  days.forEach((day, at) => {
    const old = replaced[at] && (amended || days.length > 1)
    if (old && (renewed || days.length > 1)) return
    if (renewed && !meant[at] && amended) return
    const role = amended ? roleOf(sentence) : roleAt(sentence, days, at)
    if (!role) return
    const doubts = [...day.doubts]
    if (has(around(sentence, days, at), OTHER)) doubts.push('The sentence may be about another date.')
    else if (![OFFER, QUESTIONS, NAMED_DEADLINE].some((words) => has(sentence, words)))
      doubts.push('The sentence does not say what is due.')
    if (has(sentence.slice(Math.max(0, day.from - 40), day.from), AFTERWARDS))
      doubts.push('The sentence is about what comes after.')
    if (old) doubts.push('This date was changed, and the new one is not in the same sentence.')
    else if (amended && !meant[at])
      doubts.push('The sentence is about a change, and does not say plainly to which date.')
    if (has(sentence, VAGUE)) doubts.push('The sentence does not say it for certain.')
    if (has(sentence, DENIED)) doubts.push('The sentence may say that it does not hold.')
    if (/\?\s*$/.test(sentence)) doubts.push('It is asked, not said.')
    const near = nearest(times, days, at)
    for (const one of day.days) values.push({ role, value: deadline(text, one, near, zonesFor(day), doubts) })
  })
  return values

  function zonesFor(day: FoundDay): FoundZone[] {
    const around = zones.filter(({ from, to }) => from - day.to < MAX_GAP && day.from - to < MAX_GAP)
    if (around.length > 0) return around
    return common ? [common] : []
  }

  function deadline(shown: string, day: string, near: FoundTime[], named: FoundZone[], before: string[]) {
    const doubts = [...before]
    const [time] = near
    if (near.length > 1) doubts.push('More than one hour is written.')
    doubts.push(...(time?.doubts ?? []))
    let clock = time?.clock
    if (!clock) {
      clock = ground.usFederal ? US_FEDERAL_HOUR : time ? END_OF_DAY : undefined
      if (!time) doubts.push('No hour is written.')
      if (ground.usFederal) doubts.push('US federal deadlines without an hour are at 16:30 (FAR 52.215-1).')
      else if (time) doubts.push('17:00 is a guess.')
    }
    const local = clock ? `${day}T${clock}` : day
    const zone = named[0]?.zone ?? ground.zone
    if (!named[0]) doubts.push(ground.zoneWhy)
    if (named.some((one) => one.zone !== zone)) doubts.push('More than one time zone is written.')
    if (named[0]) doubts.push(...zoneDoubts(named[0], clock ? local : `${day}T12:00`, ground.home))
    doubts.push(...instantDoubts({ local, zone }, ground.now))
    return reading({ local, zone }, shown, doubts, [SAID, time?.how].filter(Boolean).join(' '))
  }
}

/** Which deadline a sentence about a change is about; none where it names neither or both. */
function roleOf(sentence: string): Role | undefined {
  if (has(sentence, ANSWERS)) return undefined
  const offer = has(sentence, OFFER)
  if (has(sentence, QUESTIONS)) return offer ? undefined : 'questions'
  return offer || has(sentence, DUE) ? 'due' : undefined
}

/** What one of the days in a sentence is, by the words since the day before it, or else by those behind it. */
function roleAt(sentence: string, days: FoundDay[], at: number): Role | undefined {
  const before = sentence.slice(days[at - 1]?.to ?? 0, days[at]!.from)
  const behind = sentence.slice(days[at]!.to, days[at + 1]?.from ?? sentence.length)
  const role = roleIn(before)
  if (role) return role === 'other' ? undefined : role
  if (days[at + 1]) return undefined
  const after = roleIn(behind)
  return after === 'other' ? undefined : after
}

function roleIn(words: string): Role | 'other' | undefined {
  const [questions, offer] = [lastEnd(words, QUESTIONS), lastEnd(words, OFFER)]
  // What stands nearest to the day names it.
  const noun = Math.max(questions, offer)
  if (lastEnd(words, ANSWERS) >= Math.max(noun, 0)) return 'other'
  const other = lastEnd(words, OTHER)
  // "The offer is valid until", "bids, opened then, are due by": somebody should look. "Payment is due by": no deadline.
  if (other >= 0 && (noun < 0 || (other > noun && lastEnd(words, DUE) <= other))) return 'other'
  if (!has(words, DUE)) return undefined
  return questions >= 0 && questions >= offer ? 'questions' : 'due'
}

/** The words that belong to a day: from the day before it to its end, and to the next one's where none follows. */
const around = (sentence: string, days: FoundDay[], at: number) =>
  sentence.slice(days[at - 1]?.to ?? 0, days[at + 1]?.from ?? sentence.length)

/** The hours that belong to a day: those nearer to it than to any other day. */
function nearest(times: FoundTime[], days: FoundDay[], at: number): FoundTime[] {
  const gap = (time: FoundTime, day: FoundDay) => (time.from >= day.to ? time.from - day.to : day.from - time.to)
  return times.filter((time) => {
    const own = gap(time, days[at]!)
    return own <= MAX_GAP && days.every((day, other) => other === at || gap(time, day) > own)
  })
}

function instantDoubts(value: ReadDeadline, now: number): string[] {
  try {
    const { at, twice } = instantOf(value)
    if (at <= now) return ['It has passed.']
    if (at > now + YEARS_AHEAD_MS) return ['It is years away.']
    return twice ? [twice.explained] : []
  } catch (error) {
    return [error instanceof Error ? error.message : 'There is no such time.']
  }
}
