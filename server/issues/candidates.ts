import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { bodies, type Issue, issues, mailboxes, messages, searchDocs, threads } from '../../db/schema.ts'
import { indexNumber, type Match, matches, searchIndex } from '../../db/search-index.ts'
import type { Status } from '../../db/vocabulary.ts'
import { domainOf, isFreeMail, registrableDomain } from './domain.ts'
import { mailboxSet } from './mailbox-set.ts'
import { referenceNumbers } from './reference-numbers.ts'
import { refusedFor } from './refusal.ts'
import { numberAt } from './search/index-messages.ts'
import { mailboxWord } from './search/search-plan.ts'
import { words } from './search/words.ts'
import { linesOf, type Matter, type Suggestion, suggest } from './suggest.ts'

// Which issues are compared with one: those whose mails have a number, a subject, a quoted line or a sender in common with
// it, by the index of the search. Each question gets its newest few, so the size of the archive does not matter.

/** So many mails are looked at for each question, the newest. */
const MAILS_EACH = 20
const MAX_CANDIDATES = 24
/** What was written longer before has to share a number. */
const SAME_WORDS_MS = 365 * 86_400_000
/** What the same people wrote longer before is another matter. */
const SAME_PEOPLE_MS = 120 * 86_400_000
const SUBJECT_WORDS = 12
const LINE_WORDS = 8
const MAX_NUMBERS = 4
const MAX_LINES = 3
/** Of each issue its newest mails are read, and of each mail its beginning. */
const MAILS_OF_EACH = 4
const TEXT_CHARACTERS = 6_000
const LOOKED_FOR: ReadonlySet<Status> = new Set<Status>(['new', 'open', 'waiting', 'done'])
/** A common word before a rare one would make the index look at much: so many characters are telling. */
const LEAST_CHARACTERS = 6

/**
 * The issues that are likely about the same matter as this one, the likeliest first, each with the reasons.
 * @param before only what came in before this time; none: everything
 */
export async function suggestionsFor(read: Reader, issue: Issue, before?: number): Promise<Suggestion[]> {
  const [ours, mailboxIds] = [await ownAddresses(read), (await mailboxSet(read, issue.mailboxId)).ids]
  const [matter] = await mattersOf(read, [issue.id], ours)
  if (!matter) return []
  const found = new Set<string>()
  for (const question of questionsOf(matter)) {
    const of = await issuesWith(read, question, [...mailboxIds], matter, before)
    for (const id of of) if (id !== issue.id && found.size < MAX_CANDIDATES) found.add(id)
  }
  if (found.size === 0) return []
  const candidates = await mattersOf(read, [...found], ours)
  return suggest(matter, candidates, await refusedFor(read, issue.id))
}

/** `withinMs`: only mails that came at most so long before. */
type Question = { match: Match; withinMs: number | null }

/** What is asked of the index, the most telling first. */
function questionsOf({ subjects, texts, quoted, sender }: Matter): Question[] {
  const questions: Question[] = []
  const ask = (phrase: string[], withinMs: number | null, field?: 'subject' | 'sender' | 'text') => {
    if (phrase.join('').length < LEAST_CHARACTERS) return
    questions.push({ match: { phrase, field }, withinMs })
  }
  const numbers = [...subjects, ...texts].flatMap(referenceNumbers)
  for (const { written } of numbers.slice(0, MAX_NUMBERS)) ask(words(written), null)
  for (const subject of new Set(subjects)) ask(words(subject).slice(0, SUBJECT_WORDS), SAME_WORDS_MS, 'subject')
  const lines = quoted.flatMap(linesOf).toSorted((a, b) => b.length - a.length)
  for (const line of lines.slice(0, MAX_LINES)) ask(words(line).slice(0, LINE_WORDS), SAME_WORDS_MS, 'text')
  if (sender) {
    ask(words(sender), SAME_PEOPLE_MS, 'sender')
    const domain = domainOf(sender)
    if (!isFreeMail(domain)) ask(words(registrableDomain(domain)), SAME_PEOPLE_MS, 'sender')
  }
  return questions
}

async function issuesWith(
  read: Reader,
  { match, withinMs }: Question,
  mailboxIds: string[],
  { firstAt }: Matter,
  before: number | undefined,
): Promise<string[]> {
  const inMailboxes: Match = { any: mailboxIds.map((id) => ({ phrase: [mailboxWord(id)] })) }
  const found = read
    .select({ n: sql<number>`${searchIndex.n}`.as('found_n') })
    .from(searchIndex)
    .where(
      and(
        matches({ all: [match, inMailboxes] }),
        withinMs === null ? undefined : gte(searchIndex.n, indexNumber(numberAt(firstAt - withinMs))),
        before === undefined ? undefined : lt(searchIndex.n, indexNumber(numberAt(before + 1_000))),
      ),
    )
    .orderBy(desc(searchIndex.n))
    .limit(MAILS_EACH)
    .as('found')
  const rows = await read
    .select({ id: issues.id, status: issues.status, mailboxId: issues.mailboxId, n: found.n })
    .from(found)
    .innerJoin(searchDocs, eq(searchDocs.n, found.n))
    .innerJoin(messages, eq(messages.id, searchDocs.messageId))
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
  // Here and not in the question, or an engine may begin with all issues of a mailbox.
  const meant = rows.filter(({ status, mailboxId }) => LOOKED_FOR.has(status) && mailboxIds.includes(mailboxId))
  return [...new Set(meant.toSorted((a, b) => b.n - a.n).map(({ id }) => id))]
}

async function ownAddresses(read: Reader): Promise<Set<string>> {
  const rows = await read.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes)
  return new Set(rows.flatMap(({ address, aliases }) => [address, ...aliases]))
}

/** What the mails of issues tell of their matters. */
async function mattersOf(read: Reader, issueIds: string[], ours: ReadonlySet<string>): Promise<Matter[]> {
  const rows = await read
    .select({ id: issues.id, sender: issues.contactAddress, subject: issues.subject, lastAt: issues.lastMessageAt })
    .from(issues)
    .where(inArray(issues.id, issueIds))
  const matters: Matter[] = []
  for (const { id, sender, subject, lastAt } of rows) {
    const mails = await mailsOf(read, id)
    const people = mails.flatMap(({ from, to, cc }) => [from, ...[...to, ...cc].map(({ address }) => address)])
    const texts = mails.map(({ text, quotedFrom }) => apart(text ?? '', quotedFrom))
    matters.push({
      id,
      subjects: [...new Set([subject, ...mails.map((mail) => mail.subject)])].filter(Boolean),
      texts: texts.map(({ own }) => own),
      quoted: texts.map(({ quoted }) => quoted).filter(Boolean),
      people: [...new Set(people)].filter((address) => address && !ours.has(address)),
      sender,
      firstAt: Math.min(lastAt, ...mails.map(({ at }) => at)),
      lastAt,
    })
  }
  return matters
}

async function mailsOf(read: Reader, issueId: string) {
  const newest = await read
    .select({
      from: messages.fromAddress,
      to: messages.to,
      cc: messages.cc,
      at: messages.at,
      subject: threads.subject,
      text: sql<string | null>`substr(${bodies.text}, 1, ${TEXT_CHARACTERS})`,
      quotedFrom: bodies.quotedFrom,
    })
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .leftJoin(bodies, eq(bodies.messageId, messages.id))
    .where(eq(threads.issueId, issueId))
    .orderBy(desc(messages.at), asc(messages.id))
    .limit(MAILS_OF_EACH)
  return newest
}

/** What a mail says itself, and what it quotes: below its own text, or between it with marks. */
function apart(text: string, quotedFrom: number | null): { own: string; quoted: string } {
  const head = text.slice(0, quotedFrom ?? undefined)
  const marked = (line: string) => /^\s*>/.test(line)
  const lines = head.split('\n')
  const below = quotedFrom === null ? '' : text.slice(quotedFrom)
  return {
    own: lines.filter((line) => !marked(line)).join('\n'),
    quoted: [...lines.filter(marked), below].filter(Boolean).join('\n'),
  }
}
