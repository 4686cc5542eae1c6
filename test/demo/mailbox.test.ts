import { once } from 'node:events'
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type DemoMailbox, openDemoMailbox, type SentMail } from '../../server/demo/mailbox.ts'

let mailbox: DemoMailbox
const clients: ImapFlow[] = []

beforeEach(async () => {
  mailbox = await openDemoMailbox()
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.logout().catch(() => client.close())
  await mailbox.close()
})

async function connect(folder = 'INBOX') {
  const { user, password: pass, imap } = mailbox
  const client = new ImapFlow({ ...imap, secure: false, auth: { user, pass }, logger: false, autoIdleDelay: 50 })
  client.on('error', () => {})
  await client.connect()
  await client.mailboxOpen(folder)
  clients.push(client)
  return client
}

const transport = () => {
  const { user, password: pass, smtp } = mailbox
  return createTransport({ ...smtp, secure: false, auth: { user, pass } })
}

const mail = (id: string, body = 'Good morning\r\n') =>
  Buffer.from(`From: a@b.example\r\nSubject: ${id}\r\nMessage-ID: <${id}@b.example>\r\n\r\n${body}`, 'latin1')

const all = (client: ImapFlow) => client.fetchAll('1:*', { uid: true, source: true, internalDate: true, flags: true })

test('a delivered mail is pushed to a client that idles', async () => {
  const client = await connect()
  const pushed = once(client, 'exists')
  client.idle().catch(() => {})
  await vi.waitUntil(() => client.idling)

  mailbox.deliver(mail('one'))

  expect(await pushed).toMatchObject([{ path: 'INBOX', count: 1, prevCount: 0 }])
})

test('UIDs rise, the date of arrival is kept to the second, and reading by PEEK leaves no mark', async () => {
  const at = Date.UTC(2026, 9, 5, 23, 59, 58)
  mailbox.deliver(mail('one'), { internalAt: at })
  mailbox.deliver(mail('two'), { internalAt: at - 86_400_000 })

  const found = await all(await connect())

  expect(found.map(({ uid, internalDate, flags }) => [uid, new Date(internalDate!).getTime(), [...flags!]])).toEqual([
    [1, at, []],
    [2, at - 86_400_000, []],
  ])
})

test('8-bit bytes, a lone line feed and a mail of 8 MB come back byte for byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0))
  const odd = Buffer.concat([mail('odd'), bytes, Buffer.from('a\nb\r\n{12}\r\n.\r\n\r\n')])
  const large = mail(
    'large',
    `${'QmFzZTY0IGxpbmUgb2YgYW4gYXR0YWNobWVudCwgYXMgbG9uZyBhcyB1c3VhbA==\r\n'.repeat(125_000)}`,
  )
  mailbox.deliver(odd)
  mailbox.deliver(large)

  const found = await all(await connect())

  expect(found.map(({ source }) => source!.equals(odd) || source!.equals(large))).toEqual([true, true])
})

test('two connections at once see the same mails, and an appended copy is found by its Message-ID in Sent', async () => {
  const [first, second] = [await connect('Sent'), await connect('Sent')]
  const folders = await first.list()
  const seen = once(second, 'exists')
  second.idle().catch(() => {})
  const raw = mail('sent', 'Gr\u00fc\u00dfe\r\n')

  const appended = await first.append('Sent', raw, ['\\Seen'], new Date(Date.UTC(2026, 9, 5)))

  expect(folders.find(({ specialUse }) => specialUse === '\\Sent')?.path).toBe('Sent')
  expect(appended).toMatchObject({ uid: 1, uidValidity: (first.mailbox || undefined)?.uidValidity })
  expect(await first.search({ header: { 'Message-ID': '<sent@b.example>' } }, { uid: true })).toEqual([1])
  expect(await first.search({ header: { 'Message-ID': '<other@b.example>' } }, { uid: true })).toEqual([])
  expect(await seen).toMatchObject([{ path: 'Sent', count: 1 }])
  const copy = await second.fetchOne('*', { source: true, flags: true })
  expect(copy && [copy.source!.toString('latin1'), [...copy.flags!]]).toEqual([raw.toString('latin1'), ['\\Seen']])
})

test('after the last mail, a fetch from the next UID on brings nothing newer', async () => {
  mailbox.deliver(mail('one'))
  const client = await connect()

  const found = await client.fetchAll('2:*', { uid: true }, { uid: true })

  expect(found.filter(({ uid }) => uid >= 2)).toEqual([])
})

test('some hundred mails are fetched whole in batches, in order', async () => {
  for (let n = 1; n <= 400; n++) mailbox.deliver(mail(`mail-${n}`, 'A line of work.\r\n'.repeat(200)))
  const client = await connect()

  const subjects: (string | undefined)[] = []
  for (let from = 1; from <= 400; from += 50) {
    const batch = await client.fetchAll(`${from}:${from + 49}`, { source: true, envelope: true }, { uid: true })
    subjects.push(...batch.map(({ envelope }) => envelope?.subject))
  }

  expect(subjects).toEqual(Array.from({ length: 400 }, (_, n) => `mail-${n + 1}`))
})

test('a mail handed to SMTP is told with its envelope, and one to ourselves arrives in the inbox', async () => {
  const sent: SentMail[] = []
  mailbox.onSent((mail) => sent.push(mail))
  const raw = mail('out', 'A line\r\n.\r\n..and dots, caf\u00e9\r\n')
  const envelope = { from: 'Proposals@Northwind.example', to: ['dana@tacoma.example', mailbox.address] }

  await transport().sendMail({ envelope, raw })

  const [only] = sent
  expect(sent).toEqual([
    { raw: only?.raw, from: 'proposals@northwind.example', to: ['dana@tacoma.example', mailbox.address] },
  ])
  expect(only?.raw.toString('latin1')).toBe(raw.toString('latin1'))
  expect((await all(await connect())).map(({ source }) => source!.equals(raw))).toEqual([true])
})

test('a wrong password is refused on both ways', async () => {
  const auth = { user: mailbox.user, pass: 'wrong' }
  const client = new ImapFlow({ ...mailbox.imap, secure: false, auth, logger: false })
  client.on('error', () => {})

  await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true })
  await expect(createTransport({ ...mailbox.smtp, auth }).verify()).rejects.toMatchObject({ code: 'EAUTH' })
})
