import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { accessTokens, mailboxes, mailboxSignIns, members } from '../../db/schema.ts'
import { tokensOf } from '../../server/mail/sign-in/access-token.ts'
import { CLIENT_SECRET, DELEGATE, type Microsoft, startMicrosoft } from '../microsoft.ts'
import { openWorld } from '../world.ts'

const ADDRESS = 'orders@contoso.example'
const MINUTE = 60_000

let microsoft: Microsoft
beforeAll(async () => {
  microsoft = await startMicrosoft(ADDRESS)
})
afterAll(async () => {
  await microsoft?.stop()
})

/** The settings of a mailbox at Microsoft 365, as the form sends them. */
const settings = (some: object = {}) => ({
  address: ADDRESS,
  name: 'Orders',
  imapHost: 'outlook.office365.com',
  imapPort: 993,
  imapSecurity: 'tls',
  imapUser: ADDRESS,
  imapPassword: '',
  smtpHost: 'smtp.office365.com',
  smtpPort: 587,
  smtpSecurity: 'starttls',
  smtpUser: DELEGATE,
  smtpPassword: '',
  auth: 'oauth_member',
  oauth: microsoft.app,
  oauthSecret: CLIENT_SECRET,
  ...some,
})

async function openOffice(some: object = {}) {
  microsoft.refusal = null
  const world = await openWorld({ env: { DOWNFIELD_URL: 'https://downfield.example.org' } })
  const asAda = world.as(world.ada)
  const added = await asAda('/api/mailboxes', { method: 'POST', json: settings(some) })
  // The cast: what the route promises.
  const { id } = (await added.json()) as { id: string }
  const details = async () => (await (await asAda(`/api/mailboxes/${id}`)).json()) as Record<string, unknown>
  const change = async (json: object) => await asAda(`/api/mailboxes/${id}`, { method: 'PATCH', json })
  /** Begins a sign-in; gives where the browser is sent. */
  const begin = async () => {
    const begun = await asAda(`/api/mailboxes/${id}/sign-in`, { method: 'POST', json: {} })
    return ((await begun.json()) as { url: string }).url
  }
  const stored = async () => (await world.db.read.select().from(mailboxes).where(eq(mailboxes.id, id)))[0]!
  return { ...world, asAda, id, details, change, begin, stored }
}

const pathOf = (url: string) => url.replace(/^https:\/\/downfield\.example\.org/, '')
const refusalOf = async (response: Response) => ({
  status: response.status,
  // The cast: a problem document.
  fields: ((await response.json()) as { errors?: { field: string }[] }).errors?.map(({ field }) => field),
})

test('a member signs in with an account, comes back to the mailbox, and tokens follow', async () => {
  const { asAda, id, begin, details, mail, stored, secrets } = await openOffice()
  expect(await details()).toMatchObject({ isSignedIn: false, oauthAccount: '' })

  const back = microsoft.signIn(await begin())
  const response = await asAda(pathOf(back))

  expect([response.status, response.headers.get('location')]).toEqual([302, `/mailboxes/${id}/settings`])
  expect(await details()).toMatchObject({ isSignedIn: true, oauthAccount: DELEGATE, signInTrouble: null })
  const first = await tokensOf(mail, id, 'mail')()
  expect(first.expiresAt).toBeGreaterThan(Date.now())
  // The sign-in goes on without a person.
  expect((await tokensOf(mail, id, 'mail')(first.token)).token).not.toBe(first.token)
  expect(secrets.decrypt((await stored()).oauthRefreshToken)).toMatch(/^0\./)
})

test('what the page asks Microsoft for: a code for this app, with PKCE, for mail alone or for Graph too', async () => {
  const { begin, change } = await openOffice()
  const query = (url: string) => Object.fromEntries(new URL(url).searchParams)

  const forMail = query(await begin())
  await change({ sendBy: 'graph' })
  const forGraph = query(await begin())

  const exchange = 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send'
  expect(forMail).toEqual({
    client_id: microsoft.app.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: 'https://downfield.example.org/api/oauth/callback',
    scope: `${exchange} offline_access openid profile`,
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    prompt: 'select_account',
    login_hint: DELEGATE,
  })
  const graph = 'https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/Mail.Send.Shared'
  expect(forGraph.scope).toBe(`${exchange} offline_access openid profile ${graph}`)
})

test('a sign-in is good once, for who began it, and for a quarter of an hour', async () => {
  const { asAda, begin, pass, as, db, ada, details } = await openOffice()
  const eve = await db.write(async (tx) => {
    const [eve] = await tx
      .insert(members)
      .values({ ...ada, id: uuidv7(), email: 'eve@northwind.example' })
      .returning()
    return eve!
  })
  const statusOf = async (response: Promise<Response>) => (await response).status

  const late = pathOf(microsoft.signIn(await begin()))
  pass(16 * MINUTE)
  const mine = pathOf(microsoft.signIn(await begin()))
  const made = pathOf(microsoft.signIn(await begin()).replace(/state=[^&]*/, `state=${'x'.repeat(43)}`))

  expect(await statusOf(asAda(late))).toBe(422)
  expect(await statusOf(asAda(made))).toBe(422)
  // Another admin, whom somebody sent a link to, must not finish it.
  expect(await statusOf(as(eve)(mine))).toBe(422)
  expect(await details()).toMatchObject({ isSignedIn: false })
  expect(await statusOf(asAda(mine))).toBe(302)
  expect(await statusOf(asAda(mine))).toBe(422)
  expect(await details()).toMatchObject({ isSignedIn: true })
})

test('why a sign-in did not work stands with the mailbox, in words', async () => {
  const { asAda, begin, details } = await openOffice()

  const declined = new URL(microsoft.signIn(await begin()))
  declined.searchParams.delete('code')
  declined.searchParams.set('error', 'access_denied')
  declined.searchParams.set(
    'error_description',
    'AADSTS65004: User declined to consent to access the app.\r\nTrace ID: 1',
  )
  expect((await asAda(pathOf(declined.href))).status).toBe(302)
  expect(await details()).toMatchObject({
    isSignedIn: false,
    signInTrouble: {
      trouble: 'sign_in_again',
      detail: expect.stringContaining('AADSTS65004: User declined to consent to access the app.'),
      summary: `Somebody must sign in again for ${ADDRESS}.`,
    },
  })

  const back = microsoft.signIn(await begin())
  microsoft.refusal = { status: 401, error: 'invalid_client', code: 7000222, words: 'The keys are expired.' }
  await asAda(pathOf(back))
  expect(await details()).toMatchObject({
    signInTrouble: { trouble: 'app_refused', summary: 'The client secret of the app has expired.' },
  })

  microsoft.refusal = null
  await asAda(pathOf(microsoft.signIn(await begin())))
  expect(await details()).toMatchObject({ isSignedIn: true, signInTrouble: null })
})

test('no answer carries a secret, and nothing of the sign-in lies open', async () => {
  const { asAda, begin, details, db } = await openOffice()
  const url = await begin()
  const waiting = JSON.stringify(await db.read.select().from(mailboxSignIns))
  const { state, code_challenge: challenge } = Object.fromEntries(new URL(url).searchParams)
  await asAda(pathOf(microsoft.signIn(url)))

  const shown = JSON.stringify([await details(), await (await asAda('/api/mailboxes')).json()])

  expect(shown).not.toMatch(/v1\.|odd&characters|oauthSecret"|oauthRefreshToken|eyJ0/)
  expect(await details()).toMatchObject({ hasOauthSecret: true, auth: 'oauth_member', oauth: microsoft.app })
  expect(waiting).not.toContain(state)
  expect(waiting).not.toContain(challenge)
})

test('what was granted to one app, or for one server, is never used for another', async () => {
  const { asAda, begin, change, details, db, id } = await openOffice()
  const signIn = async () => await asAda(pathOf(microsoft.signIn(await begin())))
  await signIn()

  // A name is no reason.
  expect((await change({ name: 'Orders and returns', oauth: microsoft.app })).status).toBe(204)
  expect(await details()).toMatchObject({ isSignedIn: true, hasOauthSecret: true })

  expect((await change({ oauth: { ...microsoft.app, authority: 'https://login.example.org' } })).status).toBe(204)
  expect(await details()).toMatchObject({ isSignedIn: false, hasOauthSecret: false })
  expect(await db.read.$count(accessTokens, eq(accessTokens.mailboxId, id))).toBe(0)

  await change({ oauth: microsoft.app, oauthSecret: CLIENT_SECRET })
  await signIn()
  expect((await change({ imapHost: 'imap.example.org' })).status).toBe(204)
  expect(await details()).toMatchObject({ isSignedIn: false, hasOauthSecret: false })
})

test('an app needs its secret, anew where it is meant for somebody else', async () => {
  const { asAda, change, id, details } = await openOffice({ auth: 'oauth_app' })
  const again = settings({ address: 'other@contoso.example', auth: 'oauth_app', oauthSecret: '' })
  const add = async (some: object) =>
    await refusalOf(await asAda('/api/mailboxes', { method: 'POST', json: { ...again, ...some } }))

  expect(await add({})).toEqual({ status: 400, fields: ['oauthSecret'] })
  expect(await add({ oauth: null })).toEqual({ status: 400, fields: ['oauth'] })
  expect(await add({ auth: 'password', sendBy: 'graph' })).toEqual({ status: 400, fields: ['sendBy'] })
  expect(await add({ oauth: { ...microsoft.app, authority: 'http://login.example.org' } })).toEqual({
    status: 400,
    fields: ['oauth.authority'],
  })
  expect(await add({ oauth: { ...microsoft.app, tenant: 'a/../b' } })).toEqual({
    status: 400,
    fields: ['oauth.tenant'],
  })

  expect((await change({ name: 'Orders and returns' })).status).toBe(204)
  const moved = { oauth: { ...microsoft.app, authority: 'https://login.example.org' } }
  expect(await refusalOf(await change(moved))).toEqual({ status: 400, fields: ['oauthSecret'] })
  const tried = { ...settings({ auth: 'oauth_app', oauthSecret: '', ...moved }), id }
  const test = await asAda('/api/mailboxes/test', { method: 'POST', json: tried })
  expect(await refusalOf(test)).toEqual({ status: 400, fields: ['oauthSecret'] })
  expect(await details()).toMatchObject({ hasOauthSecret: true })
})

test('settings are tried before they are stored, with the secret that was entered', async () => {
  const { asAda } = await openOffice()
  const local = { imapHost: '127.0.0.1', imapPort: 1, smtpHost: '127.0.0.1', smtpPort: 1, auth: 'oauth_app' }
  const entered = settings({ ...local, oauthSecret: 'wrong', sendBy: 'graph' })
  const tryIt = async (json: object) => await (await asAda('/api/mailboxes/test', { method: 'POST', json })).json()

  const refused = {
    ok: false,
    trouble: 'app_refused',
    summary: 'Microsoft does not know the client secret of the app.',
  }
  expect(await tryIt(entered)).toMatchObject({ imap: refused, smtp: refused })
  expect(await tryIt({ ...entered, oauthSecret: CLIENT_SECRET })).toMatchObject({
    imap: { ok: false, trouble: 'refused' },
    smtp: { ok: true },
  })
})

test('a mailbox that sends by Graph leaves the copy to Graph', async () => {
  const { stored, change } = await openOffice({ sendBy: 'graph', sentCopy: 'append' })
  expect(await stored()).toMatchObject({ sendBy: 'graph', sentCopy: 'server' })

  await change({ sendBy: 'smtp', sentCopy: 'append' })
  expect(await stored()).toMatchObject({ sendBy: 'smtp', sentCopy: 'append' })
  await change({ sendBy: 'graph' })
  expect(await stored()).toMatchObject({ sendBy: 'graph', sentCopy: 'server' })
})

test('only a mailbox with an account has somebody to sign in', async () => {
  const { asAda, id } = await openOffice({ auth: 'oauth_app' })
  expect((await asAda(`/api/mailboxes/${id}/sign-in`, { method: 'POST', json: {} })).status).toBe(422)
})
