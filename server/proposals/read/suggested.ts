import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { bodies, type Issue, messages, type Organization, threads } from '../../../db/schema.ts'
import { ownText } from '../../issues/search/own-text.ts'
import { organizationOf } from '../../people/belonging.ts'
import { nameKey } from '../../people/names.ts'
import { proposalSettings } from '../settings.ts'
import { type Reading, reading } from './certainty.ts'
import { type MailReading, READ_CHARACTERS, readMail } from './read-mail.ts'
import { type ReadOrganization, readOrganization } from './sender.ts'

/** A value for a field of a proposal, and the mail whose sentence says it. */
export type Suggested<T> = Reading<T> & { messageId: string }
export type SuggestedFields = {
  [K in keyof MailReading]: Suggested<MailReading[K][number]['value']>[]
} & { organization: Suggested<ReadOrganization>[] }

/** So many mails of an issue are read, the newest. */
const MAILS = 20
/** So many values are offered for a field. */
const MAX_VALUES = 6
/** Where a dollar is another one than that of the United States. */
const OTHER_DOLLARS = /\.(?:ca|au|nz|sg|hk|tw|mx|cl|co|ar|uy|do|jm|bb|tt|bs|bz|fj|na)$/i

/**
 * What the mails of an issue, read by rules, offer for the fields of its proposal: the newest mail first. Only what one
 * sentence says plainly, and no other contradicts, is sure.
 */
export async function suggestedFields(read: Reader, issue: Issue, now: number): Promise<SuggestedFields> {
  const [mails, known, settings] = await Promise.all([
    mailsOf(read, issue.id),
    organizationOf(read, issue.contactAddress),
    proposalSettings(read),
  ])
  const ground = {
    now,
    zone: known?.zone ?? settings.zone,
    zoneWhy: known?.zone ? `No time zone is written: that of ${known.name} is offered.` : 'No time zone is written.',
    home: known?.zone ?? null,
    usFederal: known?.usFederal ?? false,
    dollarsAreUs: settings.currency === 'USD' && !OTHER_DOLLARS.test(issue.contactAddress),
  }
  const readings = mails.map(({ id, subject, text, quotedFrom }) => {
    const body = text ?? ''
    // Only the beginning was fetched: quoting that begins behind it is not in it.
    const own = ownText({ text: body, quotedFrom: quotedFrom !== null && quotedFrom > body.length ? null : quotedFrom })
    return { id, ...readMail({ subject, text: own }, ground) }
  })
  const field = <K extends keyof MailReading>(name: K) =>
    combined(readings.map((one) => ({ id: one.id, values: one[name] as Reading<MailReading[K][number]['value']>[] })))
  return {
    due: field('due'),
    questionsDue: field('questionsDue'),
    solicitationNumber: field('solicitationNumber'),
    solicitationKind: field('solicitationKind'),
    value: field('value'),
    organization: organizationIn(issue, mails, known),
  }
}

/**
 * The values of several mails, the newest first, each once. What a newer mail says otherwise is no longer sure, and where
 * one mail says several things plainly, none is.
 */
export function combined<T>(mails: { id: string; values: Reading<T>[] }[]): Suggested<T>[] {
  const found = new Map<string, Suggested<T>>()
  let newer = false
  for (const { id, values } of mails) {
    const sure = new Set(
      values.filter(({ certainty }) => certainty === 'sure').map(({ value }) => JSON.stringify(value)),
    )
    for (const one of values) {
      const key = JSON.stringify(one.value)
      const known = found.get(key)
      const doubts = one.certainty === 'offered' ? [one.why] : []
      if (one.certainty === 'sure' && sure.size > 1) doubts.push('The mail says several.')
      if (one.certainty === 'sure' && newer && !known) doubts.push('A newer mail says something else.')
      const made = { ...reading(one.value, one.sentence, doubts, one.why), messageId: id }
      // The same again: the plainer sentence counts.
      if (!known || (known.certainty === 'offered' && made.certainty === 'sure' && !newer)) found.set(key, made)
    }
    newer ||= values.length > 0
  }
  const all = [...found.values()]
  return [...all.filter(isSure), ...all.filter((one) => !isSure(one))].slice(0, MAX_VALUES)
}

const isSure = ({ certainty }: { certainty: string }) => certainty === 'sure'

type Mail = Awaited<ReturnType<typeof mailsOf>>[number]

function organizationIn(issue: Issue, mails: Mail[], known: Organization | undefined) {
  const first = mails.find(({ from }) => from.toLowerCase() === issue.contactAddress.toLowerCase())
  if (!first) return []
  if (known?.nameByHand) {
    const value: ReadOrganization = { id: known.id, name: known.name, domain: null, renames: false }
    return [{ ...reading(value, first.from, [], `${known.name} writes from this domain.`), messageId: first.id }]
  }
  const read = mails
    .filter(({ from }) => from === first.from)
    .flatMap(({ id, from, text, quotedFrom }) =>
      readOrganization(from, ownText({ text: text ?? '', quotedFrom })).map((one) => ({ ...one, messageId: id })),
    )
  // A name that a signature writes is better than the one of a domain.
  const signed = read.filter(({ sentence }) => sentence !== first.from)
  const [best] = signed.length > 0 ? signed : read
  if (!best || !known) return best ? [best] : []
  const name = signed.length > 0 ? best.value.name : known.name
  const renames = nameKey(name) !== nameKey(known.name)
  return [{ ...best, value: { id: known.id, name, domain: null, renames } }]
}

async function mailsOf(read: Reader, issueId: string) {
  return await read
    .select({
      id: messages.id,
      subject: messages.subject,
      from: messages.fromAddress,
      text: sql<string | null>`substr(${bodies.text}, 1, ${READ_CHARACTERS})`,
      quotedFrom: bodies.quotedFrom,
    })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .leftJoin(bodies, eq(bodies.messageId, messages.id))
    .where(
      and(
        eq(threads.issueId, issueId),
        eq(messages.direction, 'in'),
        inArray(messages.writer, ['person', 'list', 'notification']),
      ),
    )
    .orderBy(desc(messages.at), desc(messages.id))
    .limit(MAILS)
}
