import { and, desc, eq, gt, isNotNull, isNull, lte, or } from 'drizzle-orm'
import type { Reader, Tx } from '../../../db/index.ts'
import { type Mailbox, type Member, mailboxes, mailboxSignIns } from '../../../db/schema.ts'
import { hashToken } from '../../access/token.ts'
import { Refused } from '../../errors.ts'
import { record } from '../../issues/event.ts'
import type { MailDeps } from '../deps.ts'
import { SignInFailed } from '../trouble.ts'
import { describeTrouble } from '../trouble-words.ts'
import { forgetTokens, storeGranted, tokenOf } from './access-token.ts'
import { requestToken, scopesFor, signInUrl } from './oauth.ts'

// A member signs in at Microsoft with an account that may open the mailbox: authorization code with PKCE (RFC 7636).

/** Who is sent to the sign-in service is back by then. */
const SIGN_IN_MS = 15 * 60_000

type Deps = Pick<MailDeps, 'db' | 'secrets'>
/** Two secrets, made by who begins: `state` comes back with the member, `verifier` never leaves us before that. */
export type SignInSecrets = { state: string; verifier: string }

/** Begins a sign-in for a mailbox; gives where to send the member. */
export async function beginSignIn(
  tx: Tx,
  secrets: Deps['secrets'],
  mailbox: Mailbox,
  by: Member,
  { state, verifier, redirectUri }: SignInSecrets & { redirectUri: string },
  now: number,
): Promise<string> {
  const { auth, oauth, sendBy, address, oauthAccount } = mailbox
  if (auth !== 'oauth_member' || !oauth)
    throw new Refused('This mailbox does not sign in with an account. Choose that in its settings first.')
  const over = and(eq(mailboxSignIns.mailboxId, mailbox.id), isNotNull(mailboxSignIns.usedAt))
  await tx.delete(mailboxSignIns).where(or(over, lte(mailboxSignIns.expiresAt, now)))
  await tx.insert(mailboxSignIns).values({
    stateHash: hashToken(state),
    mailboxId: mailbox.id,
    memberId: by.id,
    verifier: secrets.encrypt(verifier),
    redirectUri,
    expiresAt: now + SIGN_IN_MS,
  })
  const uses = sendBy === 'graph' ? (['mail', 'graph'] as const) : (['mail'] as const)
  return signInUrl(oauth, [...uses], {
    redirectUri,
    state,
    verifier,
    hint: oauthAccount || mailbox.smtpUser || address,
  })
}

/** What came back with the member; `error` where the service, or the person, said no. */
export type Returned = { state: string; code?: string | undefined; error?: string | undefined }

/**
 * Finishes a sign-in: redeems the code and keeps what was granted, or why nothing was. A state is good once, for the
 * member who began.
 * @returns the id of the mailbox
 * @throws Refused for a state that is unknown, used or over
 */
export async function finishSignIn(deps: Deps, by: Member, returned: Returned, now: number): Promise<string> {
  const { db } = deps
  const isThis = eq(mailboxSignIns.stateHash, hashToken(returned.state))
  const isOpen = and(
    isNull(mailboxSignIns.usedAt),
    eq(mailboxSignIns.memberId, by.id),
    gt(mailboxSignIns.expiresAt, now),
  )
  const begun = await db.write(async (tx) => {
    const [row] = await tx.update(mailboxSignIns).set({ usedAt: now }).where(and(isThis, isOpen)).returning()
    return row
  })
  if (!begun)
    throw new Refused('This sign-in was not begun here, or too long ago. Begin it again on the page of the mailbox.')
  try {
    await redeem(deps, by, begun, returned, now)
    await db.write((tx) => tx.delete(mailboxSignIns).where(isThis))
  } catch (error) {
    if (!(error instanceof SignInFailed)) throw error
    const { trouble, message: detail } = error
    await db.write((tx) => tx.update(mailboxSignIns).set({ trouble, detail }).where(isThis))
  }
  return begun.mailboxId
}

/** Why the last sign-in for a mailbox did not work, in words; none where it did, or long ago. */
export async function lastSignInTrouble(read: Reader, mailbox: Mailbox, now: number) {
  const { id, imapHost: host, imapPort: port, imapUser: user, auth } = mailbox
  const [failed] = await read
    .select()
    .from(mailboxSignIns)
    .where(and(eq(mailboxSignIns.mailboxId, id), isNotNull(mailboxSignIns.trouble), gt(mailboxSignIns.expiresAt, now)))
    .orderBy(desc(mailboxSignIns.usedAt))
    .limit(1)
  if (!failed?.trouble) return null
  const { trouble, detail } = failed
  return { trouble, detail, ...describeTrouble(trouble, { host, port, user, auth, kind: 'IMAP', detail }) }
}

async function redeem(
  { db, secrets }: Deps,
  by: Member,
  { mailboxId, verifier, redirectUri }: typeof mailboxSignIns.$inferSelect,
  { code, error }: Returned,
  now: number,
): Promise<void> {
  const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
  if (!mailbox?.oauth || mailbox.auth !== 'oauth_member')
    throw new SignInFailed('sign_in_again', 'The mailbox does not sign in with an account any more.')
  if (!code) throw new SignInFailed('sign_in_again', error || 'The sign-in was given up.')

  const client = { app: mailbox.oauth, secret: mailbox.oauthSecret && secrets.decrypt(mailbox.oauthSecret) }
  const grant = { by: 'authorization_code', code, verifier: secrets.decrypt(verifier), redirectUri } as const
  const granted = await requestToken(client, grant, scopesFor(mailbox.oauth, 'oauth_member', 'mail'))
  // Without it the first token would be the last.
  if (!granted.refreshToken)
    throw new SignInFailed('app_refused', 'The service gave no refresh token (offline_access).')
  const token = { ...tokenOf(granted, Date.now()), sealed: secrets.encrypt(granted.accessToken) }
  const refreshToken = secrets.encrypt(granted.refreshToken)
  await db.write(async (tx) => {
    const [row] = await tx.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
    if (row?.changedAt !== mailbox.changedAt)
      throw new SignInFailed('sign_in_again', 'The settings of the mailbox changed in between.')
    await forgetTokens(tx, mailboxId)
    await storeGranted(tx, mailboxId, 'mail', token, refreshToken)
    const set = { oauthAccount: granted.account ?? '', changedAt: now }
    await tx.update(mailboxes).set(set).where(eq(mailboxes.id, mailboxId))
    const detail = { what: 'signed in', address: mailbox.address }
    await record(tx, { action: 'mailbox_changed', at: now, memberId: by.id, mailboxId, detail })
  })
}
