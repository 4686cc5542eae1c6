import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import { accessTokens, type Mailbox, mailboxes } from '../../../db/schema.ts'
import type { TokenUse } from '../../../db/vocabulary.ts'
import type { MailDeps } from '../deps.ts'
import { SignInFailed } from '../trouble.ts'
import { type Client, type Grant, type Granted, requestToken, scopesFor } from './oauth.ts'

/** A token is renewed so long before it expires, or when a fifth of its life is left, whatever is later. */
const MARGIN_MS = 5 * 60_000
const MARGIN_SHARE = 0.2
/** Where renewing fails while the token is still good, it is tried again after this. */
const AGAIN_MS = 30_000
/** Another node renews at this moment: it is done soon, or dead and its lease over. */
const LOOK_EVERY_MS = 200
const WAIT_MS = 45_000

/** A token that is good now. From `renewAt` on another should take its place; with `expiresAt` it ends. */
export type AccessToken = { token: string; renewAt: number; expiresAt: number }
/**
 * Gives a token that is good now.
 * @param refused the token that a server did not take, although it should: it is not given again
 * @throws SignInFailed
 */
export type TokenSource = (refused?: string) => Promise<AccessToken>

type TokenDeps = Pick<MailDeps, 'db' | 'secrets'>

/**
 * The tokens of a stored mailbox. They are kept in the database, so that IMAP, SMTP and all nodes share them, and are
 * renewed by one at a time: what a renewal brings may end the refresh token that it used.
 */
export function tokensOf(deps: TokenDeps, mailboxId: string, use: TokenUse): TokenSource {
  return async (refused) => {
    const known = await stored(deps, mailboxId, use)
    if (known && isGood(known, refused)) return known
    try {
      return await inTurn(mailboxId, () => renew(deps, mailboxId, use, refused))
    } catch (error) {
      const now = Date.now()
      // The service may be away for a moment; that is what the margin is for.
      if (!known || known.token === refused || now >= known.expiresAt) throw error
      return { ...known, renewAt: Math.min(now + AGAIN_MS, known.expiresAt) }
    }
  }
}

/** The tokens of an app whose mailbox is not stored yet: asked for, and forgotten. */
export function passingTokens(client: Client, use: TokenUse): TokenSource {
  return async () => {
    const scope = scopesFor(client.app, 'oauth_app', use)
    return tokenOf(await requestToken(client, { by: 'client_credentials' }, scope), Date.now())
  }
}

/** Keeps what was granted, with the refresh token that goes on from here. */
export async function storeGranted(
  tx: Tx,
  mailboxId: string,
  use: TokenUse,
  token: AccessToken & { sealed: string },
  refreshToken: string | null,
): Promise<void> {
  const { sealed, renewAt, expiresAt } = token
  const row = { token: sealed, renewAt, expiresAt }
  await tx
    .insert(accessTokens)
    .values({ mailboxId, use, ...row })
    .onConflictDoUpdate({ target: [accessTokens.mailboxId, accessTokens.use], set: row })
  if (refreshToken !== null)
    await tx.update(mailboxes).set({ oauthRefreshToken: refreshToken }).where(eq(mailboxes.id, mailboxId))
}

/** Forgets the tokens of a mailbox whose sign-in changed. */
export async function forgetTokens(tx: Tx, mailboxId: string): Promise<void> {
  await tx.delete(accessTokens).where(eq(accessTokens.mailboxId, mailboxId))
}

/** What was granted, with the times to act. */
export function tokenOf({ accessToken, lifetimeMs }: Granted, now: number): AccessToken {
  const expiresAt = now + lifetimeMs
  return { token: accessToken, expiresAt, renewAt: expiresAt - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE) }
}

function isGood(token: AccessToken, refused: string | undefined): boolean {
  return token.token !== refused && Date.now() < token.renewAt
}

async function stored({ db, secrets }: TokenDeps, mailboxId: string, use: TokenUse): Promise<AccessToken | undefined> {
  const [row] = await db.read
    .select()
    .from(accessTokens)
    .where(and(eq(accessTokens.mailboxId, mailboxId), eq(accessTokens.use, use)))
  return row && { token: secrets.decrypt(row.token), renewAt: row.renewAt, expiresAt: row.expiresAt }
}

const me = nodeName()
/** The last of those in this process that renew for a mailbox. */
const turns = new Map<string, Promise<unknown>>()

async function inTurn<T>(mailboxId: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(mailboxId) ?? Promise.resolve()
  const mine = before.then(work, work)
  turns.set(mailboxId, mine)
  try {
    return await mine
  } finally {
    if (turns.get(mailboxId) === mine) turns.delete(mailboxId)
  }
}

async function renew(deps: TokenDeps, mailboxId: string, use: TokenUse, refused?: string): Promise<AccessToken> {
  const { db } = deps
  const lease = `token:${mailboxId}`
  for (const until = Date.now() + WAIT_MS; !(await takeLease(db, lease, me, Date.now())); await sleep(LOOK_EVERY_MS))
    if (Date.now() > until)
      throw new SignInFailed('sign_in_unreachable', 'Another node has been renewing for too long.')
  try {
    // Who had their turn before may have renewed it.
    const known = await stored(deps, mailboxId, use)
    if (known && isGood(known, refused)) return known
    const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
    if (!mailbox) throw new SignInFailed('sign_in_again', 'The mailbox is not connected any more.')
    return await renewFor(deps, mailbox, use)
  } finally {
    await releaseLease(db, lease, me)
  }
}

async function renewFor({ db, secrets }: TokenDeps, mailbox: Mailbox, use: TokenUse): Promise<AccessToken> {
  const { auth, oauth, oauthSecret, oauthRefreshToken } = mailbox
  if (!oauth) throw new SignInFailed('app_refused', 'No app is entered for this mailbox.')
  if (auth === 'oauth_member' && !oauthRefreshToken)
    throw new SignInFailed('sign_in_again', 'Nobody has signed in for this mailbox yet.')
  const client = { app: oauth, secret: oauthSecret && secrets.decrypt(oauthSecret) }
  const grant: Grant =
    auth === 'oauth_member'
      ? { by: 'refresh_token', refreshToken: secrets.decrypt(oauthRefreshToken) }
      : { by: 'client_credentials' }
  const granted = await requestToken(client, grant, scopesFor(oauth, auth, use))
  const token = { ...tokenOf(granted, Date.now()), sealed: secrets.encrypt(granted.accessToken) }
  const next = auth === 'oauth_member' && granted.refreshToken ? secrets.encrypt(granted.refreshToken) : null
  await db.write(async (tx) => {
    const [row] = await tx.select().from(mailboxes).where(eq(mailboxes.id, mailbox.id))
    // Somebody may have changed the settings or signed in anew: what was granted to the old ones is of the past.
    if (row?.changedAt !== mailbox.changedAt || row.oauthRefreshToken !== oauthRefreshToken) return
    await storeGranted(tx, mailbox.id, use, token, next)
  })
  return token
}
