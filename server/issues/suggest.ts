import { domainOf, isFreeMail, registrableDomain } from './domain.ts'
import { referenceNumbers } from './reference-numbers.ts'

// Whether two issues are about the same matter, from what their mails say. It computes only; what to compare is found by
// candidates.ts. A person decides: what this says is shown with its reason, and never done by itself.

/** What an issue's mails tell of its matter. */
export type Matter = {
  id: string
  /** Subjects without Re, Fw and the like. */
  subjects: string[]
  /** What its newest mails say, without what they quote; and what they quote. */
  texts: string[]
  quoted: string[]
  /** Who wrote or was written to, lower case, without our own addresses. */
  people: string[]
  /** Who began it, lower case. */
  sender: string
  firstAt: number
  lastAt: number
}

/** Why two issues may be about the same matter, the strongest first. `value` is what they have in common. */
export type Reason =
  | { of: 'number'; value: string }
  | { of: 'quote' }
  | { of: 'subject'; value: string }
  | { of: 'likeness' }
  | { of: 'sender'; value: string }
  | { of: 'organization'; value: string }
  | { of: 'people'; value: string }

export type Suggestion = { id: string; points: number; reasons: Reason[] }

/** From so many points on an issue is suggested. Chosen on archives of mail (test/bench/suggest.ts). */
export const ENOUGH_POINTS = 1

const DAY_MS = 86_400_000
/** Words that many subjects have, so that they say nothing about the matter. */
const EMPTY_WORDS = new Set(
  (
    'a an and at about as be by can could do does for from has have hello help hi how i if in is it its me my need new no not of on or our ' +
    'please question questions regarding request re the this to update urgent us was we what when where which who why will with would you your ' +
    'info information message mail email reminder thanks thank follow up meeting call ' +
    'anfrage bitte das der die ein eine frage fragen für hallo ich ihre im in mit nach neue nicht noch und uns unsere von wegen wir zu zum zur ' +
    'au bonjour de demande des du en et la le les notre nous pour sur une votre'
  ).split(' '),
)
/** A line must have so many words to be known again where it is quoted. */
const LINE_WORDS = 5
/** So many words of a subject say what the matter is. */
const TELLING_WORDS = 2

/**
 * How likely two issues are about the same matter: points, and the reasons for them. Symmetric but for what one quotes
 * of the other.
 */
export function compare(a: Matter, b: Matter): Suggestion {
  const reasons: { reason: Reason; points: number }[] = []
  const numbers = shared(numbersOf(a), numbersOf(b))
  if (numbers[0]) reasons.push({ reason: { of: 'number', value: numbers[0] }, points: 0.8 })
  if (quotes(a, b) || quotes(b, a)) reasons.push({ reason: { of: 'quote' }, points: 0.65 })
  const subject = subjectPoints(a, b)
  if (subject) reasons.push(subject)
  const who = whoPoints(a, b)
  if (who) reasons.push(who)
  const apart = Math.max(0, Math.max(a.firstAt, b.firstAt) - Math.min(a.lastAt, b.lastAt)) / DAY_MS
  // Two different numbers of the same kind name two different matters, however alike the rest is.
  const differs = numbers.length === 0 && numbersOf(a).size > 0 && numbersOf(b).size > 0 ? 0.6 : 0
  const sum = reasons.reduce((all, { points }) => all + points, 0)
  return {
    id: b.id,
    points: Math.max(0, sum - timePoints(apart) - differs),
    reasons: reasons.toSorted((x, y) => y.points - x.points).map(({ reason }) => reason),
  }
}

/**
 * The issues that are likely about the same matter as this one, the likeliest first.
 * @param refused ids of which somebody said that they are not
 */
export function suggest(matter: Matter, candidates: readonly Matter[], refused: ReadonlySet<string>): Suggestion[] {
  return candidates
    .filter(({ id }) => id !== matter.id && !refused.has(id))
    .map((candidate) => compare(matter, candidate))
    .filter(({ points }) => points >= ENOUGH_POINTS)
    .sort((a, b) => b.points - a.points)
}

/** What is long ago was another matter; what came together may well be one. */
function timePoints(days: number): number {
  if (days <= 3) return 0
  if (days <= 14) return 0.1
  if (days <= 45) return 0.25
  if (days <= 120) return 0.4
  return days <= 365 ? 0.6 : 0.9
}

function subjectPoints(a: Matter, b: Matter): { reason: Reason; points: number } | null {
  let best = 0
  let same = ''
  for (const one of a.subjects)
    for (const other of b.subjects) {
      const [x, y] = [wordsOf(one), wordsOf(other)]
      const telling = x.filter((word) => !EMPTY_WORDS.has(word))
      if (telling.length > 0 && x.join(' ') === y.join(' ')) {
        const points = telling.length >= TELLING_WORDS ? 0.8 : 0.6
        if (points > best) [best, same] = [points, one]
        continue
      }
      const likeness = alike(
        telling,
        y.filter((word) => !EMPTY_WORDS.has(word)),
      )
      if (likeness >= 0.5 && likeness * 0.6 > best) [best, same] = [likeness * 0.6, '']
    }
  if (best === 0) return null
  return { reason: same ? { of: 'subject', value: same } : { of: 'likeness' }, points: best }
}

function whoPoints(a: Matter, b: Matter): { reason: Reason; points: number } | null {
  if (a.sender && a.sender === b.sender) return { reason: { of: 'sender', value: a.sender }, points: 0.35 }
  const people = shared(new Set(a.people), new Set(b.people))
  const organizations = shared(organizationsOf(a), organizationsOf(b))
  const person = people.find((address) => address === a.sender || address === b.sender)
  if (person) return { reason: { of: 'people', value: person }, points: 0.3 }
  if (organizations[0]) return { reason: { of: 'organization', value: organizations[0] }, points: 0.25 }
  return people[0] ? { reason: { of: 'people', value: people[0] }, points: 0.2 } : null
}

const organizationsOf = ({ people, sender }: Matter): Set<string> =>
  new Set(
    [sender, ...people]
      .map(domainOf)
      .filter((domain) => !isFreeMail(domain))
      .map(registrableDomain)
      .filter(Boolean),
  )

const numbersOf = ({ subjects, texts }: Matter): Set<string> =>
  new Set([...subjects, ...texts].flatMap((text) => referenceNumbers(text).map(({ canonical }) => canonical)))

/** Whether one quotes a line that the other says. */
function quotes(a: Matter, b: Matter): boolean {
  if (a.quoted.length === 0) return false
  const said = new Set(b.texts.flatMap(linesOf))
  // A line that both say themselves, such as of a signature, tells nothing.
  for (const line of a.texts.flatMap(linesOf)) said.delete(line)
  return a.quoted.flatMap(linesOf).some((line) => said.has(line))
}

/** The lines of a text that are long enough to be known again, without marks of quoting, and in one spelling. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => wordsOf(line.replace(/^[\s>|]+/, '')))
    .filter((words) => words.length >= LINE_WORDS)
    .map((words) => words.join(' '))
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** The share of words that both have, of all that either has (Jaccard); few words are never alike. */
function alike(a: string[], b: string[]): number {
  const [x, y] = [new Set(a), new Set(b)]
  const both = shared(x, y).length
  return both < TELLING_WORDS ? 0 : both / (x.size + y.size - both)
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] => [...a].filter((one) => b.has(one))
