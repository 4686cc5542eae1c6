import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Acknowledgement,
  counts,
  deliveries,
  issues,
  type Mailbox,
  type Member,
  mailboxes,
  mailboxTeams,
  type OAuthApp,
  teams,
  type Watch,
  type WriteBack,
  watches,
} from '../../db/schema.ts'
import type { Auth, DeliveryState, Security, SendBy, SentCopy } from '../../db/vocabulary.ts'
import type { Secrets } from '../access/secrets.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { folderDetails, progressOf } from './fetch/folder-details.ts'
import { forgetTokens } from './sign-in/access-token.ts'
import { describeTrouble } from './trouble-words.ts'

/** The settings of a mailbox as an admin enters them. Passwords are plain here and nowhere after. */
export type MailboxSettings = {
  address: string
  name: string
  aliases: string[]
  openToAll: boolean
  teamIds: string[]
  imapHost: string
  imapPort: number
  imapSecurity: Security
  imapUser: string
  imapPassword: string
  smtpHost: string
  smtpPort: number
  smtpSecurity: Security
  smtpUser: string
  smtpPassword: string
  /** Without these a mailbox signs in by password and sends by SMTP. */
  auth?: Auth
  oauth?: OAuthApp | null
  /** The client secret of the app. */
  oauthSecret?: string
  sendBy?: SendBy
  sentCopy: SentCopy
  sinceAt: number | null
  /** Without these the folder of sent mail is found by itself, no other comes in, and nothing is changed there. */
  sentFolder?: string
  moreFolders?: string[]
  writeBack?: WriteBack | null
  /** Who answers what nobody had takes it, unless this is false. */
  assignOnReply?: boolean
  paused: boolean
  /** Without these it sends as fast as it can, and tells nobody anything by itself. */
  mailsPerMinute?: number | null
  acknowledgement?: Acknowledgement | null
}

/**
 * Connects a mailbox. The watch finds the row and starts.
 * @param by the admin; none on the command line
 */
export async function addMailbox(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt'>,
  { teamIds, ...settings }: MailboxSettings,
  by: Member | null,
  now: number,
): Promise<Mailbox> {
  await checkAddress(tx, settings.address, null)
  const [mailbox] = await tx
    .insert(mailboxes)
    .values({ id: uuidv7(), ...consistent(settings), ...sealed(secrets, settings), createdAt: now, changedAt: now })
    .returning()
  if (!mailbox) throw new Error('the mailbox was not stored')
  await openTo(tx, mailbox.id, teamIds)
  await tell(tx, mailbox, by, 'connected', now)
  return mailbox
}

/**
 * Changes a mailbox. An empty password or secret keeps the one there is; what concerns the connection restarts the
 * watch. What was granted to one app, or for one server, is never used for another: then a sign-in begins anew.
 */
export async function changeMailbox(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt'>,
  mailbox: Mailbox,
  { teamIds, ...changes }: Partial<MailboxSettings>,
  by: Member | null,
  now: number,
): Promise<void> {
  if (changes.address !== undefined) await checkAddress(tx, changes.address, mailbox.id)
  const { imapPassword, smtpPassword, oauthSecret, ...plain } = changes
  const passwords = sealed(secrets, {
    ...(imapPassword ? { imapPassword } : {}),
    ...(smtpPassword ? { smtpPassword } : {}),
    ...(oauthSecret ? { oauthSecret } : {}),
  })
  const next = consistent({ ...mailbox, ...plain })
  const signIn = signsInOtherwise(mailbox, next)
    ? { oauthRefreshToken: '', oauthAccount: '', ...(oauthSecret ? {} : { oauthSecret: '' }) }
    : {}
  await tx
    .update(mailboxes)
    .set({ ...plain, sentCopy: next.sentCopy, ...signIn, ...passwords, changedAt: now })
    .where(eq(mailboxes.id, mailbox.id))
  // A secret that changed is a reason to get new tokens too.
  if (signsInOtherwise(mailbox, next) || oauthSecret) await forgetTokens(tx, mailbox.id)
  if (teamIds !== undefined) await openTo(tx, mailbox.id, teamIds)
  await tell(tx, mailbox, by, 'changed', now)
}

/** Disconnects a mailbox that nothing came from. One with issues is paused instead: its mail stays. */
export async function removeMailbox(tx: Tx, mailbox: Mailbox, by: Member, now: number): Promise<void> {
  const [used] = await tx.select({ id: issues.id }).from(issues).where(eq(issues.mailboxId, mailbox.id)).limit(1)
  if (used) throw new Refused('This mailbox has issues. Pause it instead: its mail stays readable.')
  await tx.delete(mailboxes).where(eq(mailboxes.id, mailbox.id))
  await tell(tx, mailbox, by, 'removed', now)
}

/** The mailbox with this address, or NotFound. */
export async function findMailbox(read: Reader, address: string): Promise<Mailbox> {
  const [mailbox] = await read.select().from(mailboxes).where(eq(mailboxes.address, address.trim().toLowerCase()))
  if (!mailbox) throw new NotFound(`There is no mailbox ${address}.`)
  return mailbox
}

type Plain = { imapPassword?: string; smtpPassword?: string; oauthSecret?: string }

function sealed(secrets: Pick<Secrets, 'encrypt'>, plain: Plain): Plain {
  const { imapPassword, smtpPassword, oauthSecret } = plain
  const seal = (secret: string) => (secret ? secrets.encrypt(secret) : secret)
  return {
    ...(imapPassword === undefined ? {} : { imapPassword: seal(imapPassword) }),
    ...(smtpPassword === undefined ? {} : { smtpPassword: seal(smtpPassword) }),
    ...(oauthSecret === undefined ? {} : { oauthSecret: seal(oauthSecret) }),
  }
}

/** Graph files the copy by itself: one of ours would be the second. */
function consistent<T extends { sendBy?: SendBy; sentCopy: SentCopy }>(settings: T): T {
  return settings.sendBy === 'graph' ? { ...settings, sentCopy: 'server' } : settings
}

/** Whether secrets and tokens would go to somebody else than those they were given for, or by. */
export function signsInOtherwise(before: SignIn, after: SignIn): boolean {
  const of = ({ auth, oauth, imapHost, smtpHost }: SignIn) =>
    auth === 'password'
      ? 'password'
      : [auth, oauth?.tenant, oauth?.clientId, oauth?.authority, oauth?.graphUrl, imapHost, smtpHost].join(' ')
  return of(before) !== of(after)
}
type SignIn = Pick<Mailbox, 'auth' | 'oauth' | 'imapHost' | 'smtpHost'>

async function checkAddress(tx: Tx, address: string, except: string | null): Promise<void> {
  const [taken] = await tx.select({ id: mailboxes.id }).from(mailboxes).where(eq(mailboxes.address, address))
  if (taken && taken.id !== except)
    throw new Invalid([{ field: 'address', message: `address ${address} is connected already.` }])
}

async function openTo(tx: Tx, mailboxId: string, teamIds: string[]): Promise<void> {
  const known =
    teamIds.length > 0 ? await tx.select({ id: teams.id }).from(teams).where(inArray(teams.id, teamIds)) : []
  if (known.length < new Set(teamIds).size)
    throw new Invalid([{ field: 'teamIds', message: 'teamIds must name teams that exist.' }])
  await tx.delete(mailboxTeams).where(eq(mailboxTeams.mailboxId, mailboxId))
  if (known.length > 0) await tx.insert(mailboxTeams).values(known.map(({ id }) => ({ mailboxId, teamId: id })))
}

async function tell(tx: Tx, mailbox: Mailbox, by: Member | null, what: string, at: number): Promise<void> {
  const detail = { what, address: mailbox.address }
  await record(tx, { action: 'mailbox_changed', at, memberId: by?.id ?? null, mailboxId: mailbox.id, detail })
}

/** A mailbox as everybody who sees it may know it. */
export async function listMailboxes(read: Reader, visible: string[] | 'all') {
  const rows = await read
    .select({ mailbox: mailboxes, watch: watches })
    .from(mailboxes)
    .leftJoin(watches, eq(watches.mailboxId, mailboxes.id))
    .where(visible === 'all' ? undefined : inArray(mailboxes.id, visible))
    .orderBy(asc(mailboxes.address))
  const shared = await read.select().from(mailboxTeams)
  return rows.map(({ mailbox, watch }) => ({
    id: mailbox.id,
    address: mailbox.address,
    name: mailbox.name,
    openToAll: mailbox.openToAll,
    teamIds: shared.filter(({ mailboxId }) => mailboxId === mailbox.id).map(({ teamId }) => teamId),
    paused: mailbox.paused,
    watch: shownWatch(mailbox, watch),
  }))
}

/** What only admins see of a mailbox: its settings without the passwords, and how much of it is here. */
export async function mailboxDetails(read: Reader, mailbox: Mailbox) {
  const inState = (state: DeliveryState) => and(eq(deliveries.mailboxId, mailbox.id), eq(deliveries.state, state))
  const [known, waiting, failed, open] = await Promise.all([
    folderDetails(read, mailbox.id),
    read.$count(deliveries, inState('stored')),
    read.$count(deliveries, inState('failed')),
    read
      .select({ n: sql<number>`coalesce(sum(${counts.n}), 0)`.mapWith(Number) })
      .from(counts)
      .where(eq(counts.mailboxId, mailbox.id)),
  ])
  const { imapPassword, smtpPassword, oauthSecret, oauthRefreshToken, lastNumber, ...settings } = mailbox
  return {
    ...settings,
    hasOauthSecret: oauthSecret !== '',
    /** Whether somebody signed in, where that is needed. */
    isSignedIn: oauthRefreshToken !== '',
    hasImapPassword: imapPassword !== '',
    hasSmtpPassword: smtpPassword !== '',
    folders: known.filter(({ role, stored }) => role !== 'import' || stored > 0),
    /** Of the old mail that is still to come; none where all is here. */
    progress: progressOf(known),
    issues: open[0]?.n ?? lastNumber,
    stored: known.reduce((sum, { stored }) => sum + stored, 0),
    waiting,
    failed,
  }
}

function shownWatch(mailbox: Mailbox, watch: Watch | null) {
  const state = mailbox.paused ? ('paused' as const) : (watch?.state ?? ('connecting' as const))
  const { imapHost: host, imapPort: port, imapUser: user, auth } = mailbox
  const where = { host, port, user, auth, kind: 'IMAP' as const }
  const words =
    watch?.trouble && state === 'trouble' ? describeTrouble(watch.trouble, { ...where, detail: watch.detail }) : null
  return {
    state,
    since: watch?.since ?? mailbox.createdAt,
    trouble: words ? (watch?.trouble ?? null) : null,
    detail: words ? (watch?.detail ?? null) : null,
    summary: words?.summary ?? null,
    whatToDo: words?.whatToDo ?? null,
    syncedAt: watch?.syncedAt ?? null,
    failures: watch?.failures ?? 0,
    nextTryAt: watch?.nextTryAt ?? null,
  }
}
