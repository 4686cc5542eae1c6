import { eq } from 'drizzle-orm'
import { type ExchangeMailbox, exchangeMailboxes, type Member, mailboxes } from '../../../db/schema.ts'
import { Invalid, Refused } from '../../errors.ts'
import { addMailbox, type MailboxSettings } from '../../mail/mailbox.ts'
import { passingTokens } from '../../mail/sign-in/access-token.ts'
import { completeApp } from '../../mail/sign-in/oauth.ts'
import { type TestedConnection, testConnection } from '../../mail/test-connection.ts'
import { mailServersOf } from '../connection/mail-servers.ts'
import { findConnection } from '../connection/stored.ts'
import { admit } from './admit.ts'
import type { ProvisioningDeps } from './deps.ts'
import { lookAt } from './look.ts'
import { type AskedApp, mailAppOf, missingPermissions } from './mail-app.ts'
import { isNotLetIn } from './watched.ts'

/** What is said of the mailbox here. */
export type WatchWish = Pick<MailboxSettings, 'name' | 'openToAll' | 'teamIds' | 'sinceAt'>
export type Connected = TestedConnection & {
  mailboxId: string
  /** Whether Exchange opens it already; otherwise it will, and is tried until then. */
  isOpen: boolean
}

/**
 * Lets the app into a mailbox of Exchange, tries to sign in as mail will, and watches it. What broke off is gone on with.
 * Where Exchange does not know of the rights yet, the mailbox is connected all the same: it opens by itself.
 * @throws Invalid, Refused in plain words where signing in would never work; ExchangeError
 */
export async function connectMailbox(
  deps: ProvisioningDeps,
  managed: ExchangeMailbox,
  asked: AskedApp,
  wish: WatchWish,
  by: Member,
): Promise<Connected> {
  const { identity: address } = managed
  const connection = await findConnection(deps.db.read, managed.connectionId)
  const app = await mailAppOf(deps, connection, asked)
  const { program, clientSecret } = app
  if (!clientSecret)
    throw new Invalid([
      { field: 'clientSecret', message: 'clientSecret must be that of the app: mail signs in with it.' },
    ])
  const missing = missingPermissions(app)
  if (missing.length > 0)
    throw new Refused(
      `No admin has consented to ${missing.join(' and ')} for this app. In Entra, under API permissions of the app, add them from Office 365 Exchange Online, and grant consent. Then try again.`,
    )
  // Whoever works by files ran the commands by hand; signing in shows whether they did.
  const isByHand = connection.kind === 'plan-only'
  const steps = isByHand ? [] : await admit(deps, managed, program)
  const copies = isByHand
    ? undefined
    : (await lookAt(deps, managed, [])).mailbox?.MessageCopyForSMTPClientSubmissionEnabled

  const { imap, smtp } = mailServersOf(connection.settings)
  const { tenant, authority } = connection.settings
  const oauth = completeApp({ tenant, clientId: program.appId, authority, graphUrl: '' })
  const accessToken = passingTokens({ app: oauth, secret: clientSecret }, 'mail')
  const server = (of: typeof imap) => ({ ...of, user: address, password: '', accessToken })
  const tested = await testConnection({ auth: 'oauth_app', imap: server(imap), smtp: server(smtp) })
  for (const { ok, trouble, summary, whatToDo, detail } of [tested.imap, tested.smtp]) {
    if (!ok && !isNotLetIn(trouble))
      throw new Refused([summary, whatToDo, detail && `(${detail})`].filter(Boolean).join(' '))
  }

  const settings: MailboxSettings = {
    ...wish,
    address,
    aliases: [],
    imapHost: imap.host,
    imapPort: imap.port,
    imapSecurity: imap.security,
    imapUser: address,
    imapPassword: '',
    smtpHost: smtp.host,
    smtpPort: smtp.port,
    smtpSecurity: smtp.security,
    smtpUser: address,
    smtpPassword: '',
    auth: 'oauth_app',
    oauth,
    oauthSecret: clientSecret,
    // Exchange files a copy of what is submitted by SMTP itself, unless that was turned off.
    sentCopy: copies === false ? 'append' : 'server',
    paused: false,
  }
  const now = deps.clock.now()
  const mailboxId = await deps.db.write(async (tx) => {
    // What broke off after this goes on here the next time.
    const [there] = await tx.select({ id: mailboxes.id }).from(mailboxes).where(eq(mailboxes.address, address))
    const id = there?.id ?? (await addMailbox(tx, deps.secrets, settings, by, now)).id
    const [row] = await tx.select().from(exchangeMailboxes).where(eq(exchangeMailboxes.id, managed.id))
    if (!row) return id
    const { appId, objectId } = program
    const admittedAt = steps.length > 0 ? now : (row.flow.admittedAt ?? now)
    await tx
      .update(exchangeMailboxes)
      .set({ mailboxId: id, flow: { ...row.flow, program: { appId, objectId }, admittedAt }, changedAt: now })
      .where(eq(exchangeMailboxes.id, row.id))
    return id
  })
  return { ...tested, mailboxId, isOpen: tested.imap.ok && tested.smtp.ok }
}
