import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { connectImap, MAX_MAIL_BYTES, MAX_WHOLE_MAIL_BYTES } from '../../server/mail/fetch/imap.ts'
import { diagnose } from '../../server/mail/trouble.ts'
import { type Dovecot, needsDovecot, noDovecot, startDovecot } from '../dovecot.ts'
import { startScriptedImap } from './imap-script.ts'

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot({ sent: false })
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

const mail = (name: string, text = 'Hello') =>
  `Subject: ${name}\r\nMessage-ID: <${name}@tacoma.example>\r\nFrom: dana@tacoma.example\r\n\r\n${text}\r\n`

const newAccount = () => `imap${++accounts}@northwind.example`

async function signIn(account: string) {
  const imap = await connectImap(dovecot.settings(account).imap)
  onTestFinished(() => imap.close())
  return imap
}

const subjectsOf = (found: { raw: Buffer }[]) =>
  found.map(({ raw }) => /^Subject: (.*?)\r?$/m.exec(raw.toString())?.[1])

test('nothing is new above the last mail, though the server names it', async () => {
  const account = newAccount()
  await dovecot.deliver(account, mail('a'), mail('b'))
  const imap = await signIn(account)
  expect(await imap.open('INBOX')).toEqual({ uidValidity: expect.stringMatching(/^\d+$/), uidNext: 3, exists: 2 })
  expect(await imap.uidsAfter(0)).toEqual([1, 2])
  expect(await imap.uidsAfter(1)).toEqual([2])
  expect(await imap.uidsAfter(2)).toEqual([])
})

test('raw mails come byte for byte, in order', async () => {
  const account = newAccount()
  await dovecot.deliver(account, mail('a', 'Grüße aus Köln'), mail('b'))
  const imap = await signIn(account)
  await imap.open('INBOX')
  const found = await imap.fetch(await imap.list([1, 2]))
  expect(found.map(({ uid }) => uid)).toEqual([1, 2])
  // LMTP puts Return-Path, Delivered-To and Received in front (RFC 5321, section 4.4).
  expect(found[0]!.raw.toString()).toMatch(/^Return-Path: <sender@example\.com>\r\n/)
  expect(found[0]!.raw.toString().endsWith(mail('a', 'Grüße aus Köln'))).toBe(true)
})

test('mails that are deleted in between are left out', async () => {
  const account = newAccount()
  await dovecot.deliver(account, mail('a'), mail('b'), mail('c'))
  const imap = await signIn(account)
  await imap.open('INBOX')
  const listed = await imap.list(await imap.uidsAfter(0))
  dovecot.doveadm('expunge', '-u', account, 'mailbox', 'INBOX', 'uid', '2')
  expect(subjectsOf(await imap.fetch(listed))).toEqual(['a', 'c'])
})

test('a mail that the server refuses to give comes with what there is of it, and the others come whole', async () => {
  const server = await startScriptedImap([
    { raw: mail('a') },
    { raw: mail('b'), refused: 'content' },
    { raw: mail('c') },
    { raw: mail('d'), refused: 'everything' },
    { raw: mail('e') },
  ])
  onTestFinished(() => server.stop())
  const settings = { host: '127.0.0.1', port: server.port, security: 'none', user: 'us', password: 'pass' } as const
  const imap = await connectImap(settings)
  onTestFinished(() => imap.close())
  expect(await imap.open('INBOX')).toEqual({ uidValidity: '7', uidNext: 6, exists: 5 })
  const found = await imap.fetch(await imap.list(await imap.uidsAfter(0)))
  expect(found.map(({ raw }) => raw.toString())).toEqual([
    mail('a'),
    mail('b').split('Hello')[0],
    mail('c'),
    'Date: Fri, 20 Nov 2026 09:41:00 GMT\r\nX-Downfield-Stands-For: INBOX%207%204\r\n\r\n',
    mail('e'),
  ])
  expect(found.map(({ cut }) => cut)).toEqual([null, 'not_given', null, 'not_given', null])
  expect(found.map(({ internalAt }) => internalAt)).toEqual(found.map(() => Date.UTC(2026, 10, 20, 9, 41)))
})

test('a mail that is too large comes with what it has first, and says so', async () => {
  const account = newAccount()
  dovecot.fill(account, [mail('small'), mail('large', 'A line of a large mail.\n'.repeat(MAX_MAIL_BYTES / 23))])
  const imap = await signIn(account)
  await imap.open('INBOX')
  const found = await imap.fetch(await imap.list([1, 2]))
  expect(subjectsOf(found)).toEqual(['small', 'large'])
  expect(found.map(({ cut }) => cut)).toEqual([null, 'too_large'])
  expect(found[1]!.raw.length).toBeLessThan(2 * 1024 * 1024)
  expect(found[1]!.wholeSize).toBeGreaterThan(MAX_MAIL_BYTES)
  expect((await imap.fetchWhole(2).catch(() => null))?.length).toBeUndefined()

  const patient = await connectImap(dovecot.settings(account).imap, undefined, MAX_WHOLE_MAIL_BYTES)
  onTestFinished(() => patient.close())
  await patient.open('INBOX')
  expect((await patient.fetchWhole(2))?.length).toBe(found[1]!.wholeSize)
})

test.each(['Sent', 'Gesendet', 'Envoyés', 'Enviados', 'Отправленные', '已发送'])(
  '%s is the folder of sent mail',
  async (name) => {
    const account = newAccount()
    const imap = await signIn(account)
    expect(await imap.findSent()).toBeNull()
    dovecot.doveadm('mailbox', 'create', '-u', account, name)
    expect(await imap.findSent()).toBe(name)
  },
)

test('what the server marks as sent counts more than names', async () => {
  const marked = await startDovecot()
  onTestFinished(() => marked.stop())
  const account = newAccount()
  marked.doveadm('mailbox', 'create', '-u', account, 'Gesendet')
  const imap = await connectImap(marked.settings(account).imap)
  onTestFinished(() => imap.close())
  expect(await imap.findSent()).toBe('Sent Items')
})

test('a filed mail is found by its Message-ID', async () => {
  const account = newAccount()
  dovecot.doveadm('mailbox', 'create', '-u', account, 'Sent')
  const imap = await signIn(account)
  expect(await imap.has('Sent', 'a@tacoma.example')).toBe(false)
  await imap.append('Sent', Buffer.from(mail('a')), Date.UTC(2026, 0, 1))
  expect(await imap.has('Sent', 'a@tacoma.example')).toBe(true)
  expect(await imap.has('Sent', 'b@tacoma.example')).toBe(false)
})

test('who waits for news hears of the end of the connection', async () => {
  const account = newAccount()
  const imap = await signIn(account)
  await imap.open('INBOX')
  const waiting = imap.waitForNews(60_000, new AbortController().signal)
  dovecot.doveadm('kick', account)
  await expect(waiting).rejects.toThrow()
})

test.each([
  ['is closed', ''],
  ['was said goodbye to', '* BYE Session invalidated - AccessTokenExpired\r\n'],
])('a connection that %s never answers that there is no mail', async (_, goodbye) => {
  const server = await startScriptedImap([{ raw: mail('a') }, { raw: mail('b') }])
  onTestFinished(() => server.stop())
  const settings = { host: '127.0.0.1', port: server.port, security: 'none', user: 'us', password: 'pass' } as const
  const imap = await connectImap(settings)
  onTestFinished(() => imap.close())
  await imap.open('INBOX')
  const listed = await imap.list(await imap.uidsAfter(0))
  expect(listed).toHaveLength(2)
  server.end(goodbye)
  await vi.waitFor(() => expect(imap.hasEnded()).toBe(true))

  for (const ask of [
    () => imap.uidsAfter(0),
    () => imap.allUids(),
    () => imap.list([1, 2]),
    () => imap.fetch(listed),
    () => imap.fetchWhole(1),
    () => imap.folders(),
    () => imap.findSent(),
    () => imap.status('INBOX'),
    () => imap.open('INBOX'),
    () => imap.has('INBOX', 'a@tacoma.example'),
    () => imap.findHead('INBOX', 'a@tacoma.example'),
  ])
    await expect(ask(), String(ask)).rejects.toSatisfy((error) => diagnose(error, 'IMAP').trouble === 'closed')
})
