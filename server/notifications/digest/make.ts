import { and, inArray, isNull, lt } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Db } from '../../../db/index.ts'
import { digests, type Member, mailboxes, members, notificationMails } from '../../../db/schema.ts'
import { DAY_MS, dayNumber, timeAt, wallTime, weekdayOf } from '../../../time/zone.ts'
import type { Secrets } from '../../access/secrets.ts'
import { domainOf, notificationMessageId } from '../../mail/send/own-id.ts'
import { proposalSettings } from '../../proposals/settings.ts'
import { scopeOf } from '../../proposals/visible.ts'
import { type Chosen, chosenBy, sendingMailbox } from '../settings.ts'
import { type Digest, digestFor } from './content.ts'
import { type DigestChoice, digestChoices } from './settings.ts'
import { WORDS } from './words.ts'

/** After an outage that was longer, the digest of a week waits for the next. */
const LATE_MS = 2 * DAY_MS
const KEEP_MS = 90 * DAY_MS

/**
 * The week whose digest is due now: its Monday in a zone (YYYY-MM-DD), the moment at which it was to go out, and that of the
 * week before, by the clocks of the zone; null: none is.
 */
export function digestDue(
  { weekday, minute }: Pick<DigestChoice, 'weekday' | 'minute'>,
  zone: string,
  now: number,
): { week: string; at: number; since: number } | null {
  const { year, month, day } = wallTime(now, zone)
  const monday = day - weekdayOf(dayNumber(year, month, day))
  // What was to go out on Sunday night may go out on Monday.
  for (const first of [monday, monday - 7]) {
    const at = timeAt({ year, month, day: first + weekday, minutes: minute }, zone)
    if (at > now || now >= at + LATE_MS) continue
    const week = new Date(Date.UTC(year, month - 1, first)).toISOString().slice(0, 10)
    return { week, at, since: timeAt({ year, month, day: first + weekday - 7, minutes: minute }, zone) }
  }
  return null
}

/**
 * Makes the digests that are due, as rows that are sent after (mail-sending.ts). Each member has one a week, however often
 * this is asked and wherever.
 * @returns how many mails were made
 */
export async function makeDigests(
  { db, secrets, url }: { db: Db; secrets: Pick<Secrets, 'sign'>; url: string },
  now: number,
): Promise<number> {
  const { read } = db
  const mailboxId = await sendingMailbox(read)
  const boxes = await read.select().from(mailboxes)
  const mailbox = boxes.find(({ id }) => id === mailboxId)
  if (!mailbox) return 0
  // To a mailbox of ours it would come back as mail.
  const ours = new Set(boxes.flatMap(({ address, aliases }) => [address, ...aliases]))
  const all = await read.select().from(members).where(isNull(members.disabledAt))
  const ids = all.map(({ id }) => id)
  const [choices, chosen] = [await digestChoices(read, ids), await chosenBy(read, ids)]
  const { zone: home } = await proposalSettings(read)
  const due = all.flatMap((member) => {
    const choice = choices.get(member.id)!
    const zone = zoneOf(chosen.get(member.id)!, home)
    const of = choice.active && !ours.has(member.email) ? digestDue(choice, zone, now) : null
    return of ? [{ member, choice, zone, ...of }] : []
  })
  if (due.length === 0) return 0
  const known = await read
    .select({ memberId: digests.memberId, week: digests.week })
    .from(digests)
    .where(
      inArray(
        digests.memberId,
        due.map(({ member }) => member.id),
      ),
    )
  const done = new Set(known.map(({ memberId, week }) => `${memberId} ${week}`))
  let made = 0
  for (const { member, choice, zone, week, since } of due) {
    if (done.has(`${member.id} ${week}`)) continue
    const { language } = choice
    const digest = await digestFor(read, await scopeOf(read, member), { language, zone, since }, now)
    const id = uuidv7()
    const written = digest && {
      id,
      memberId: member.id,
      mailboxId: mailbox.id,
      issueId: null,
      internetMessageId: notificationMessageId(secrets, id, domainOf(mailbox.address)),
      subject: digest.title,
      text: textOf(digest, url, WORDS[language].choose),
      html: htmlOf(digest, url, WORDS[language].choose),
      state: 'queued' as const,
      dueAt: now,
      createdAt: now,
    }
    made += await db.write((tx) => keep(tx, member, week, written, now))
  }
  await db.write(async (tx) => void (await tx.delete(digests).where(and(lt(digests.at, now - KEEP_MS)))))
  return made
}

async function keep(
  tx: Parameters<Parameters<Db['write']>[0]>[0],
  { id: memberId }: Member,
  week: string,
  mail: typeof notificationMails.$inferInsert | null,
  now: number,
): Promise<number> {
  const mine = await tx
    .insert(digests)
    .values({ memberId, week, mailId: mail?.id ?? null, at: now })
    .onConflictDoNothing()
    .returning({ week: digests.week })
  if (mine.length === 0 || !mail) return 0
  await tx.insert(notificationMails).values(mail)
  return 1
}

/** The zone that a member chose, or that of the organization where they never did. */
const zoneOf = ({ zone }: Pick<Chosen, 'zone'>, home: string): string => (zone === 'UTC' ? home : zone)

function textOf({ title, sections }: Digest, url: string, choose: string): string {
  const parts = sections.map((section) =>
    [section.title, ...section.lines.map(({ text, path }) => `- ${text}${path ? `\n  ${url}${path}` : ''}`)].join('\n'),
  )
  return `${title}\n\n${parts.join('\n\n')}\n\n-- \n${choose}: ${url}/account/notifications\n`
}

function htmlOf({ title, sections }: Digest, url: string, choose: string): string {
  const parts = sections.map(({ title, lines }) => {
    const items = lines.map(({ text, path }) =>
      path ? `<li><a href="${escaped(`${url}${path}`)}">${escaped(text)}</a></li>` : `<li>${escaped(text)}</li>`,
    )
    return `<h2>${escaped(title)}</h2><ul>${items.join('')}</ul>`
  })
  const foot = `<p><a href="${escaped(`${url}/account/notifications`)}">${escaped(choose)}</a></p>`
  return `<h1>${escaped(title)}</h1>${parts.join('')}${foot}`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (found) => ENTITIES[found] ?? found)
