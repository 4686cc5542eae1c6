import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import PostalMime, { type Email } from 'postal-mime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answerMail, MOST_ANSWERS_PER_THREAD } from '../../server/demo/answer.ts'
import { ARRIVALS, arrivalMail } from '../../server/demo/arrival.ts'
import { startCustomers } from '../../server/demo/customer.ts'
import { type DemoMailbox, openDemoMailbox } from '../../server/demo/mailbox.ts'
import { sampleMails } from '../../server/demo/sample.ts'

const NOW = Date.UTC(2026, 10, 19, 18, 0)
const NEVER_MS = 2 ** 30

let mailbox: DemoMailbox
let client: ImapFlow
let end: AbortController

beforeEach(async () => {
  mailbox = await openDemoMailbox()
  const { user, password: pass } = mailbox
  client = new ImapFlow({ ...mailbox.imap, secure: false, auth: { user, pass }, logger: false })
  client.on('error', () => {})
  await client.connect()
  await client.mailboxOpen('INBOX')
  end = new AbortController()
})

afterEach(async () => {
  end.abort()
  client.close()
  await mailbox.close()
})

/** The mails of the inbox, once there are at least `count`. */
async function arrived(count: number): Promise<Email[]> {
  const found = await vi.waitUntil(
    async () => {
      await client.noop()
      const all = await client.fetchAll('1:*', { source: true })
      return all.length >= count && all
    },
    { timeout: 10_000, interval: 20 },
  )
  return await Promise.all(found.map(({ source }) => PostalMime.parse(source!)))
}

const send = (mail: { to: string; subject: string; text: string; inReplyTo?: string; references?: string[] }) => {
  const { user, password: pass, smtp } = mailbox
  const from = { name: 'Northwind Proposals', address: mailbox.address }
  return createTransport({ ...smtp, secure: false, auth: { user, pass } }).sendMail({ from, ...mail })
}

const outgoing = (headers: string, text: string) => {
  const head = 'From: Northwind Proposals <proposals@northwind.example>\r\nTo: dana.whitfield@portoftacoma.example'
  const raw = Buffer.from(`${head}\r\n${headers}\r\n\r\n${text}\r\n`)
  return { raw, from: 'proposals@northwind.example', to: ['dana.whitfield@portoftacoma.example'] }
}

test('mail goes on arriving until the signal', async () => {
  startCustomers(mailbox, { everyMs: 10, replyAfterMs: NEVER_MS, signal: end.signal, now: () => NOW })

  const mails = await arrived(5)
  end.abort()

  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length)
})

test('dozens of mails arrive before one comes again, and each that goes on answers a mail of the sample', async () => {
  const known = sampleMails(NOW).map(({ raw }) => /^Message-ID: (<.*>)/m.exec(raw.toString('latin1'))![1])
  const mails = await Promise.all(
    Array.from({ length: 2 * ARRIVALS }, (_, count) => PostalMime.parse(arrivalMail(count, NOW))),
  )

  const once = mails.slice(0, ARRIVALS)

  expect(ARRIVALS).toBeGreaterThan(60)
  expect(new Set(once.map(({ text }) => text)).size).toBe(ARRIVALS)
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2 * ARRIVALS)
  expect(once.filter(({ inReplyTo }) => inReplyTo).length).toBeGreaterThan(20)
  expect(mails.filter(({ inReplyTo }) => inReplyTo && !known.includes(inReplyTo))).toEqual([])
  expect(mails.filter(({ subject, text }) => !subject || !text || /\{[+-]|undefined/.test(text))).toEqual([])
})

test('the customer answers what the product sends, in its thread and with it quoted below', async () => {
  startCustomers(mailbox, { everyMs: NEVER_MS, replyAfterMs: 1, signal: end.signal })
  const sent = await send({
    to: 'Dana Whitfield <dana.whitfield@portoftacoma.example>',
    subject: 'RE: RFP 2026-114: Fleet telematics',
    text: 'Dear Dana,\n\nyes, every unit buffers 96 hours offline.\n',
    inReplyTo: '<second@portoftacoma.example>',
    references: ['<first@portoftacoma.example>', '<second@portoftacoma.example>'],
  })

  const [answer] = await arrived(1)

  expect({
    from: answer?.from,
    to: answer?.to?.map(({ address }) => address),
    subject: answer?.subject,
    inReplyTo: answer?.inReplyTo,
    references: answer?.references?.split(/\s+/),
    quoted: answer?.text?.includes('yes, every unit buffers 96 hours offline.'),
  }).toEqual({
    from: { name: 'Dana Whitfield', address: 'dana.whitfield@portoftacoma.example' },
    to: [mailbox.address],
    subject: 'RE: RFP 2026-114: Fleet telematics',
    inReplyTo: sent.messageId,
    references: ['<first@portoftacoma.example>', '<second@portoftacoma.example>', sent.messageId],
    quoted: true,
  })
})

test.each([
  ['u.graeber@bauhof-nord.example', 'The data sheet is attached.', /Vielen Dank|Danke|Besten Dank/],
  ['y.tanaka@minato-unyu.example', '55 pieces', /ありがとうございます|承知/],
  ['jemand@neu.example', 'Guten Tag, anbei unser Angebot. Bitte nicht mehr als drei. Viele Grüße', /Dank/],
  ['somebody@new.example', 'Hello, please find the price below. Thank you.', /finance|offers/i],
])('%s answers in the language of the thread', async (to, text, answered) => {
  startCustomers(mailbox, { everyMs: NEVER_MS, replyAfterMs: 1, signal: end.signal })
  await send({ to, subject: 'Offer', text })

  const [answer] = await arrived(1)

  expect(answer?.from?.address).toBe(to)
  expect(answer?.text?.split(/^>/m)[0]).toMatch(answered)
})

test('a thread ends: after three answers the customer is silent', async () => {
  const answered = new Map<string, number>()
  const answers: boolean[] = []
  for (let n = 0; n < MOST_ANSWERS_PER_THREAD + 2; n++) {
    const sent = outgoing(
      `Message-ID: <${n}@northwind.example>\r\nReferences: <root@a.example>\r\nSubject: Re: Units`,
      'Yes.',
    )
    answers.push((await answerMail(sent, answered, NOW)) !== undefined)
  }

  expect(answers).toEqual([true, true, true, false, false])
})

test('nobody answers automatic mail, or mail among ourselves', async () => {
  const automatic = outgoing(
    'Message-ID: <a@northwind.example>\r\nAuto-Submitted: auto-replied\r\nSubject: Received',
    'Ok.',
  )
  const inward = {
    ...outgoing('Message-ID: <b@northwind.example>\r\nSubject: Note', 'Hi.'),
    to: ['mia@northwind.example'],
  }

  expect(await answerMail(automatic, new Map(), NOW)).toBeUndefined()
  expect(await answerMail(inward, new Map(), NOW)).toBeUndefined()
})
