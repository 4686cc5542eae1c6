import { expect, onTestFinished, test } from 'vitest'
import { connectImap } from '../../server/mail/fetch/imap.ts'
import { sendBySmtp } from '../../server/mail/send/smtp.ts'
import { passingTokens } from '../../server/mail/sign-in/access-token.ts'
import { completeApp } from '../../server/mail/sign-in/oauth.ts'
import { testConnection } from '../../server/mail/test-connection.ts'
import { describeTrouble } from '../../server/mail/trouble-words.ts'
import { SIMULATED_CLIENT, SIMULATED_OBJECT, SIMULATED_TENANT } from '../../server/provisioning/simulator/http.ts'
import { startSimulatedMail } from '../../server/provisioning/simulator/mail/mail.ts'
import type { TenantOptions } from '../../server/provisioning/simulator/tenant.ts'
import { openSimulated, SECRET } from './simulated.ts'

// The mail of the simulated Exchange, seen with the very code that reads and sends mail elsewhere.

const FOO = 'foo.user@contoso.com'
const MAIL = 'From: a@customer.example\r\nTo: foo.user@contoso.com\r\nMessage-ID: <1@x>\r\nSubject: S\r\n\r\nText\r\n'

async function openMail(options: Partial<TenantOptions> = {}) {
  const simulated = await openSimulated(options)
  const { simulator, by } = simulated
  const mail = await startSimulatedMail(simulator)
  onTestFinished(() => mail.close())
  const app = completeApp({ tenant: SIMULATED_TENANT, clientId: SIMULATED_CLIENT, authority: simulator.url })
  const server = (of: { host: string; port: number }) => ({
    ...of,
    security: 'none' as const,
    user: FOO,
    password: '',
    accessToken: passingTokens({ app, secret: SECRET }, 'mail'),
  })
  const settings = { auth: 'oauth_app' as const, imap: server(mail.imap), smtp: server(mail.smtp) }
  return {
    ...simulated,
    mail,
    settings,
    letIn: () => {
      by('New-ServicePrincipal', { AppId: SIMULATED_CLIENT, ObjectId: SIMULATED_OBJECT, DisplayName: 'Downfield' })
      by('Add-MailboxPermission', { Identity: FOO, User: SIMULATED_OBJECT, AccessRights: ['FullAccess'] })
      by('Add-RecipientPermission', { Identity: FOO, Trustee: SIMULATED_OBJECT, AccessRights: ['SendAs'] })
    },
    tried: async () => {
      const { imap, smtp } = await testConnection(settings)
      return [imap, smtp].map(({ ok, trouble, detail }) => (ok ? 'ok' : `${trouble}: ${detail}`))
    },
    send: (from = FOO, to = ['jane@customer.example']) => sendBySmtp(settings.smtp, { from, to }, Buffer.from(MAIL)),
  }
}

const REFUSED_SMTP = 'token_refused: 535 5.7.3 Authentication unsuccessful [SIMULATED]'
const OUTSIDE = 'disabled: User is authenticated but not connected.'

test('an app gets in step by step: known to Exchange, let into the mailbox, let send', async () => {
  const { tried, by, send } = await openMail()
  expect(await tried()).toEqual(['token_refused: AUTHENTICATE failed.', REFUSED_SMTP])
  by('New-ServicePrincipal', { AppId: SIMULATED_CLIENT, ObjectId: SIMULATED_OBJECT })
  expect(await tried()).toEqual([OUTSIDE, REFUSED_SMTP])
  by('Add-MailboxPermission', { Identity: FOO, User: SIMULATED_OBJECT, AccessRights: ['FullAccess'] })
  expect(await tried()).toEqual(['ok', 'ok'])
  const denied = await send()
  expect(denied).toMatchObject({ outcome: 'rejected', response: expect.stringContaining('554 5.2.252 SendAsDenied') })
  if (denied.outcome === 'accepted') return
  const where = { host: 'smtp', port: 587, kind: 'SMTP' as const, user: FOO, detail: denied.response }
  expect(describeTrouble(denied.trouble, where)).toMatchObject({
    summary: expect.stringContaining(`does not let it send as ${FOO}`),
    whatToDo: expect.stringContaining('Add-RecipientPermission'),
  })
  by('Add-RecipientPermission', { Identity: FOO, Trustee: SIMULATED_OBJECT, AccessRights: ['SendAs'] })
  expect(await send()).toMatchObject({ outcome: 'accepted' })
})

test('the id of the app registration in place of the enterprise application lets nobody in', async () => {
  const { tried, by } = await openMail()
  const wrong = '00000000-1111-4222-8333-444455556666'
  by('New-ServicePrincipal', { AppId: SIMULATED_CLIENT, ObjectId: wrong })
  by('Add-MailboxPermission', { Identity: FOO, User: wrong, AccessRights: ['FullAccess'] })
  expect(await tried()).toEqual(['token_refused: AUTHENTICATE failed.', REFUSED_SMTP])
})

test('permissions, switches, denials and delays count as Exchange counts them', async () => {
  const { tried, by, letIn, simulator, tenant, clock, foo } = await openMail({ mailDelayMs: 30 * 60_000 })
  letIn()
  expect(await tried()).toEqual(['token_refused: AUTHENTICATE failed.', REFUSED_SMTP])
  clock.pass(30 * 60_000)
  expect(await tried()).toEqual(['ok', 'ok'])

  simulator.grants.imap = false
  expect((await tried())[0]).toBe('token_refused: AUTHENTICATE failed.')
  Object.assign(simulator.grants, { imap: true, smtp: false })
  expect(await tried()).toEqual(['ok', REFUSED_SMTP])
  simulator.grants.smtp = true

  by('Set-CASMailbox', { Identity: FOO, ImapEnabled: false, SmtpClientAuthenticationDisabled: true })
  expect(await tried()).toEqual(['ok', 'ok'])
  clock.pass(30 * 60_000)
  expect(await tried()).toEqual([
    OUTSIDE,
    'disabled: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [SIMULATED]',
  ])
  by('Set-CASMailbox', { Identity: FOO, ImapEnabled: true, SmtpClientAuthenticationDisabled: false })
  foo().box!.smtpAuthDisabled = null
  tenant.smtpAuthDisabled = true
  clock.pass(30 * 60_000)
  expect((await tried())[1]).toContain('is disabled for the Tenant.')
  tenant.smtpAuthDisabled = false
  // That nobody can sign in to the account itself changes nothing for an app.
  expect([foo().disabled, await tried()]).toEqual([true, ['ok', 'ok']])

  by('Add-MailboxPermission', { Identity: FOO, User: SIMULATED_OBJECT, AccessRights: ['FullAccess'], Deny: true })
  clock.pass(30 * 60_000)
  expect((await tried())[0]).toBe(OUTSIDE)
})

test('a token that expired is taken nowhere, and passwords never are', async () => {
  const { letIn, settings, simulator, clock } = await openMail()
  letIn()
  const held = await settings.imap.accessToken()
  clock.pass(3_600_000)
  expect(simulator.holderOf(held.token)).toBeNull()
  const { accessToken: _none, ...byPassword } = settings.imap
  await expect(connectImap({ ...byPassword, password: 'x' })).rejects.toMatchObject({ authenticationFailed: true })
  const { accessToken: _no, ...bySmtpPassword } = settings.smtp
  expect(
    await sendBySmtp({ ...bySmtpPassword, password: 'x' }, { from: FOO, to: [FOO] }, Buffer.from(MAIL)),
  ).toMatchObject({
    response: expect.stringContaining('basic authentication is disabled'),
  })
})

test('mail comes in, is told of at once, and what is sent lies in Sent Items without our doing', async () => {
  const { letIn, settings, mail, send, by } = await openMail()
  letIn()
  const imap = await connectImap(settings.imap)
  onTestFinished(() => imap.close())
  expect(await imap.folders()).toContainEqual({ path: 'Sent Items', sent: true })
  await imap.open('INBOX')
  const waiting = imap.waitForNews(10_000, new AbortController().signal)
  expect(await mail.deliver({ raw: Buffer.from(MAIL), from: 'a@customer.example', to: [FOO] })).toEqual([])
  await waiting
  const [uid] = await imap.uidsAfter(0)
  const [found] = await imap.fetch(await imap.list([uid!]))
  expect(String(found?.raw)).toContain('Subject: S')

  const left: string[][] = []
  mail.onSent(({ to }) => left.push(to))
  expect(await send(FOO, ['jane@customer.example', 'foo@contoso.onmicrosoft.com'])).toMatchObject({
    outcome: 'accepted',
  })
  expect(left).toEqual([['jane@customer.example']])
  expect(await imap.has('Sent Items', '1@x')).toBe(true)
  expect(await mail.mailsIn(FOO, 'INBOX')).toHaveLength(2)
  by('Set-Mailbox', { Identity: FOO, MessageCopyForSMTPClientSubmissionEnabled: false })
  await send()
  expect(await mail.mailsIn(FOO, 'Sent Items')).toHaveLength(1)
})

test('aliases, groups and forwarding lead where Exchange leads them', async () => {
  const { by, mail, tenant } = await openMail()
  const got = async () => {
    const all = ['foo.user', 'user1', 'user2'].map(
      async (who) => (await mail.mailsIn(`${who}@contoso.com`, 'INBOX')).length,
    )
    return await Promise.all(all)
  }
  const from = { raw: Buffer.from(MAIL), from: 'a@customer.example' }
  by('New-DistributionGroup', { Name: 'Team', Members: ['user1', 'user2'] })
  expect((await mail.deliver({ ...from, to: ['team@contoso.com'] }))[0]?.words).toContain(
    'SenderNotAuthenticatedForGroup',
  )
  by('Set-DistributionGroup', { Identity: 'Team', RequireSenderAuthenticationEnabled: false })
  expect(await mail.deliver({ ...from, to: ['team@contoso.com'] })).toEqual([])
  expect(await got()).toEqual([0, 1, 1])
  by('Set-Mailbox', { Identity: 'user1', EmailAddresses: { Add: ['smtp:bids@contoso.com'] } })
  await mail.deliver({ ...from, to: ['bids@contoso.com'] })
  expect(await got()).toEqual([0, 2, 1])
  by('Set-Mailbox', { Identity: FOO, ForwardingAddress: 'user2', DeliverToMailboxAndForward: false })
  await mail.deliver({ ...from, to: [FOO] })
  expect(await got()).toEqual([0, 2, 2])
  by('Set-Mailbox', { Identity: FOO, DeliverToMailboxAndForward: true })
  await mail.deliver({ ...from, to: [FOO] })
  expect(await got()).toEqual([1, 2, 3])
  expect((await mail.deliver({ ...from, to: ['nobody@contoso.com'] }))[0]?.words).toContain('5.1.10')
  expect(tenant.byAddress(FOO).box?.forwardingId).toBeTruthy()
})
