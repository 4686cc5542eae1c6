import { and, asc, eq, lte } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { mailboxes, members, type NotificationMail, notificationMails } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import { connectionOf } from '../mail/connection.ts'
import { notificationFields } from '../mail/send/acknowledge.ts'
import { compose } from '../mail/send/compose.ts'
import { sendByGraph } from '../mail/send/graph.ts'
import { domainOf, notificationMessageId } from '../mail/send/own-id.ts'
import { type Attempt, MAX_ATTEMPT_MS, sendBySmtp } from '../mail/send/smtp.ts'

const MAX_A_ROUND = 20
/** How long to wait after each attempt that failed; then it is given up: it is in the app all the same. */
const RETRY_AFTER_MS = [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000]

type Deps = { db: Db; secrets: Secrets; log: Logger }

/**
 * Sends the mails that tell members what happened. Who moves a row's time on has it; one that a process left behind is
 * sent again after an attempt's time, under the same Message-ID.
 * @returns how many were tried
 */
export async function sendMails(deps: Deps, clock: () => number): Promise<number> {
  const { db, log } = deps
  const due = await db.read
    .select({ mail: notificationMails, mailbox: mailboxes, member: members })
    .from(notificationMails)
    .innerJoin(mailboxes, eq(mailboxes.id, notificationMails.mailboxId))
    .innerJoin(members, eq(members.id, notificationMails.memberId))
    .where(and(eq(notificationMails.state, 'queued'), lte(notificationMails.dueAt, clock())))
    .orderBy(asc(notificationMails.dueAt))
    .limit(MAX_A_ROUND)
  for (const { mail, mailbox, member } of due) {
    if (!(await claim(db, mail, clock()))) continue
    const message = {
      internetMessageId: mail.internetMessageId,
      inReplyTo: null,
      references: referencesOf(deps.secrets, mail, domainOf(mailbox.address)),
      subject: mail.subject,
      fromName: 'Downfield',
      fromAddress: mailbox.address,
      to: [{ name: member.name, address: member.email }],
      cc: [],
      at: mail.createdAt,
    }
    let attempt: Pick<Attempt, 'outcome' | 'response'>
    try {
      const raw = await compose(message, mail.text, [], null, notificationFields(deps.secrets))
      const { smtp, graph } = connectionOf(mailbox, deps)
      const envelope = { from: mailbox.address, to: [member.email] }
      attempt = graph ? await sendByGraph(graph, raw) : await sendBySmtp(smtp, envelope, raw)
    } catch (error) {
      attempt = { outcome: 'retry', response: error instanceof Error ? error.message : String(error) }
    }
    log.info({ notificationMail: mail.id, outcome: attempt.outcome, response: attempt.response }, 'tried to notify')
    await settle(db, mail, attempt, clock())
  }
  return due.length
}

/**
 * What is told of one issue stands together in mail programs. And an answer refers to what its mail referred to: so it names
 * that mail also where a server put another Message-ID in place of ours.
 */
function referencesOf(secrets: Secrets, { id, issueId }: NotificationMail, domain: string): string[] {
  return issueId ? [`${issueId}.told@${domain}`, notificationMessageId(secrets, id, `told.${domain}`)] : []
}

async function claim(db: Db, { id, attempts }: NotificationMail, now: number): Promise<boolean> {
  return await db.write(async (tx) => {
    const mine = await tx
      .update(notificationMails)
      .set({ attempts: attempts + 1, dueAt: now + MAX_ATTEMPT_MS })
      .where(
        and(
          eq(notificationMails.id, id),
          eq(notificationMails.attempts, attempts),
          eq(notificationMails.state, 'queued'),
          lte(notificationMails.dueAt, now),
        ),
      )
      .returning({ id: notificationMails.id })
    return mine.length > 0
  })
}

async function settle(
  db: Db,
  { id, attempts }: NotificationMail,
  attempt: Pick<Attempt, 'outcome' | 'response'>,
  now: number,
) {
  const wait = RETRY_AFTER_MS[attempts]
  const again = attempt.outcome === 'retry' && wait !== undefined
  // A mail of which nobody knows whether it is out is not sent twice: it is in the app all the same.
  const state = again
    ? ('queued' as const)
    : attempt.outcome === 'accepted' || attempt.outcome === 'uncertain'
      ? ('done' as const)
      : ('failed' as const)
  const to = { state, response: attempt.response, ...(again ? { dueAt: now + wait } : {}) }
  await db.write(async (tx) => {
    await tx.update(notificationMails).set(to).where(eq(notificationMails.id, id))
  })
}
