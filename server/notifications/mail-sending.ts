import { asc, eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import {
  type Mailbox,
  type Member,
  mailboxes,
  members,
  type NotificationMail,
  notificationMails,
} from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import { attempt, isDue, type Outcome, type Patience } from '../dispatch/attempt.ts'
import { connectionOf } from '../mail/connection.ts'
import { notificationFields } from '../mail/send/acknowledge.ts'
import { compose } from '../mail/send/compose.ts'
import { sendByGraph } from '../mail/send/graph.ts'
import { domainOf, notificationMessageId } from '../mail/send/own-id.ts'
import { MAX_ATTEMPT_MS, sendBySmtp } from '../mail/send/smtp.ts'

const MAX_A_ROUND = 20
/** What is given up is in the app all the same. */
const PATIENCE: Patience = { attemptMs: MAX_ATTEMPT_MS, retryAfterMs: [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000] }

type Deps = { db: Db; secrets: Secrets; log: Logger }

/**
 * Sends the mails that tell members what happened. One that a process left behind is sent again, under the same Message-ID.
 * @returns how many were tried
 */
export async function sendMails(deps: Deps, clock: () => number): Promise<number> {
  const { db, log } = deps
  const due = await db.read
    .select({ mail: notificationMails, mailbox: mailboxes, member: members })
    .from(notificationMails)
    .innerJoin(mailboxes, eq(mailboxes.id, notificationMails.mailboxId))
    .innerJoin(members, eq(members.id, notificationMails.memberId))
    .where(isDue(notificationMails, clock()))
    .orderBy(asc(notificationMails.dueAt))
    .limit(MAX_A_ROUND)
  for (const { mail, mailbox, member } of due) {
    const result = await attempt(db, notificationMails, mail, PATIENCE, () => send(deps, mail, mailbox, member), clock)
    if (result) log.info({ notificationMail: mail.id, ...result }, 'tried to notify')
  }
  return due.length
}

async function send(deps: Deps, mail: NotificationMail, mailbox: Mailbox, member: Member): Promise<Outcome> {
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
  const raw = await compose(message, mail.text, [], mail.html || null, notificationFields(deps.secrets))
  const { smtp, graph } = connectionOf(mailbox, deps)
  const envelope = { from: mailbox.address, to: [member.email] }
  const { outcome, response } = graph ? await sendByGraph(graph, raw) : await sendBySmtp(smtp, envelope, raw)
  return { outcome: OUTCOMES[outcome], response }
}

/** A mail of which nobody knows whether it is out is not sent twice: it is in the app all the same. */
const OUTCOMES = { accepted: 'done', uncertain: 'done', rejected: 'failed', retry: 'again' } as const

/**
 * What is told of one issue stands together in mail programs. And an answer refers to what its mail referred to: so it names
 * that mail also where a server put another Message-ID in place of ours.
 */
function referencesOf(secrets: Secrets, { id, issueId }: NotificationMail, domain: string): string[] {
  return issueId ? [`${issueId}.told@${domain}`, notificationMessageId(secrets, id, `told.${domain}`)] : []
}
