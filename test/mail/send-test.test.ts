import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { deliveries, issues, messages } from '../../db/schema.ts'
import { runWatches } from '../../server/mail/fetch/watches.ts'
import { authenticationResults } from '../../server/mail/read/authentication-results.ts'
import { readFields } from '../../server/mail/read/mime-fields.ts'
import { beginSendTest, lastSendTest } from '../../server/mail/send/send-test.ts'
import { sendTestLines } from '../../server/mail/send/send-test-words.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 30_000, interval: 50 }

let dovecot: Dovecot
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})

/** A mailbox on real servers; what its SMTP server takes comes into `folder`, with the checks of who took it in. */
async function openMailbox(address: string) {
  const world = await openWorld()
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const password = world.secrets.encrypt(PASSWORD)
  const mailbox = await world.db.write((tx) =>
    addMailbox(tx, {
      address,
      ...{ imapHost: '127.0.0.1', imapPort: dovecot.imapPort, imapSecurity: 'none', imapPassword: password },
      ...{ smtpHost: '127.0.0.1', smtpPort: smtp.port, smtpSecurity: 'none', sentCopy: 'server' },
    }),
  )
  const stop = new AbortController()
  const begin = (withinMs: number) => beginSendTest(world.mail, mailbox, crypto.randomUUID(), stop.signal, withinMs)
  const titles = async () => {
    const test = await lastSendTest(world.db.read, mailbox.id, Date.now())
    return sendTestLines(test!, mailbox).map(({ ok, title }) => [ok, title])
  }
  return { ...world, smtp, mailbox, begin, titles }
}

const CHECKED = `Authentication-Results: mx.northwind.example;
\tspf=pass (sender SPF authorized; all well) smtp.mailfrom=a@northwind.example;
\tdkim=fail reason="signature; bad"
Authentication-Results: forged.example; dmarc=fail; dkim=pass
Received-SPF: fail (nobody)
`

test('a mailbox sends itself a mail, and says how it came back and what the checks say; it becomes no issue', async (context) => {
  needsDovecot(context)
  const address = 'loop@northwind.example'
  const { db, mail, smtp, mailbox, begin, titles } = await openMailbox(address)
  const watches = runWatches(mail)
  onTestFinished(() => watches.stop())
  const { done } = await begin(20_000)
  await vi.waitFor(() => expect(smtp.taken).toHaveLength(1), WAIT)
  dovecot.save(address, 'INBOX', `${CHECKED.replaceAll('\n', '\r\n')}${smtp.taken[0]!.raw}`)
  await done
  expect(await titles()).toEqual([
    [true, 'Sent'],
    [true, 'It came back'],
    [true, 'SPF passes'],
    [false, 'DKIM: fail'],
    [false, 'DMARC: fail'],
  ])
  await vi.waitFor(async () => {
    const [delivery] = await db.read.select().from(deliveries).where(eq(deliveries.mailboxId, mailbox.id))
    expect(delivery).toMatchObject({ state: 'understood', messageId: null })
  }, WAIT)
  expect([await db.read.select().from(issues), await db.read.select().from(messages)]).toEqual([[], []])
})

test('a test mail that a server refuses, or that never comes back, says so and what to do', async (context) => {
  needsDovecot(context)
  const { smtp, begin, titles } = await openMailbox('away@northwind.example')
  smtp.behave({ refuseSender: '550 5.7.60 Not allowed to send as this sender' })
  await (await begin(1_000)).done
  expect(await titles()).toEqual([[false, 'Sending does not work']])
  smtp.behave({})
  await (await begin(500)).done
  expect(await titles()).toEqual([
    [true, 'Sent'],
    [false, 'It did not come back'],
  ])
})

test.each([
  ['Authentication-Results: a; none', []],
  ['Authentication-Results: a; dkim=fail; dkim=pass; spf=softfail', ['spf softfail', 'dkim pass']],
  ['Received-SPF: Pass (x: domain of y)\r\nAuthentication-Results: a; DMARC = pass', ['spf pass', 'dmarc pass']],
  ['X-Authentication-Results: a; spf=pass', []],
])('%j says %j', (head, results) => {
  const { fields } = readFields(Buffer.from(`${head}\r\n\r\n`), 0)
  expect(authenticationResults(fields).map(({ method, result }) => `${method} ${result}`)).toEqual(results)
})
