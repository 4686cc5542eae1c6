import { expect, onTestFinished, test } from 'vitest'
import { notificationMails } from '../../db/schema.ts'
import { digestDue, makeDigests } from '../../server/notifications/digest/make.ts'
import { sendMails } from '../../server/notifications/mail-sending.ts'
import { chooseSendingMailbox } from '../../server/notifications/settings.ts'
import { openField } from '../proposals/story.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox } from '../world.ts'

const at = (iso: string) => Date.parse(iso)
const choice = { weekday: 0, minute: 8 * 60 }

test('a digest is due on Monday at eight by the clocks of its zone, and for two days after', () => {
  const zone = 'America/New_York'
  expect(digestDue(choice, zone, at('2026-11-02T12:59:59Z'))).toBe(null)
  const due = digestDue(choice, zone, at('2026-11-02T13:00:00Z'))
  // Clocks went back on Sunday, 1 November: the week before began an hour earlier.
  expect(due).toEqual({ week: '2026-11-02', at: at('2026-11-02T13:00:00Z'), since: at('2026-10-26T12:00:00Z') })
  expect(digestDue(choice, zone, at('2026-11-04T12:59:59Z'))?.week).toBe('2026-11-02')
  expect(digestDue(choice, zone, at('2026-11-04T13:00:00Z'))).toBe(null)
  expect(digestDue({ weekday: 6, minute: 23 * 60 }, zone, at('2026-11-03T01:00:00Z'))?.week).toBe('2026-10-26')
})

test('each member gets one digest a week by SMTP, with the totals of the board, in their language, unless they opted out', async () => {
  const world = await openField()
  const { db, secrets, ada, mo, ben, vic } = world
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  await db.write(async (tx) => {
    const made = await addMailbox(tx, {
      address: 'news@northwind.example',
      imapUser: 'news',
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: 'none',
      imapPassword: secrets.encrypt('pass'),
    })
    await chooseSendingMailbox(tx, made.id, ada, world.now())
  })
  const api = world.client(mo)
  await api.put('pipelines/rates', { rates: [{ currency: 'EUR', day: '2026-01-01', rate: '1.10' }] })
  await api.create({ title: 'Bridge <b>now</b>', ownerId: mo.id, valueMinor: 123_456_00, currency: 'USD' })
  await api.create({ title: 'Tunnel', ownerId: ben.id, valueMinor: 60_000_00, currency: 'EUR' })
  await api.create({ title: 'Dam', valueMinor: null })
  await world.client(vic).put('notifications/digest', { active: false, ...choice, language: 'en' })
  await world.client(ben).put('notifications/digest', { active: true, ...choice, language: 'de' })
  const deps = { ...world.deps, url: 'https://inbox.example' }
  const monday = digestMonday(world.now())
  const made = await Promise.all([makeDigests(deps, monday), makeDigests(deps, monday)])
  expect(made[0]! + made[1]!).toBe(3)
  expect(await makeDigests(deps, monday + 3_600_000)).toBe(0)
  await sendMails(deps, () => monday)
  expect(smtp.taken.flatMap(({ to }) => to).toSorted()).toEqual([ada, ben, mo].map(({ email }) => email).toSorted())
  expect(smtp.taken.every(({ raw }) => /multipart\/alternative/.test(raw))).toBe(true)

  const { total } = await api.get<{ total: { count: number; totalMinor: number; weightedMinor: number } }>(
    'proposals/board',
  )
  const usd = (minor: number, language: string) =>
    new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }).format(minor / 100)
  const mails = new Map((await db.read.select().from(notificationMails)).map((mail) => [mail.memberId, mail]))
  expect(mails.get(mo.id)!.state).toBe('done')
  expect(mails.get(mo.id)!.text).toContain(
    `Open: ${total.count}, ${usd(total.totalMinor, 'en')}, weighted ${usd(total.weightedMinor, 'en')}`,
  )
  expect(mails.get(mo.id)!.text).toContain('1 without a value')
  expect(mails.get(ben.id)!.text).toContain(
    `Offen: ${total.count}, ${usd(total.totalMinor, 'de')}, gewichtet ${usd(total.weightedMinor, 'de')}`,
  )
  expect(mails.get(mo.id)!.html).toContain('&lt;b&gt;now&lt;/b&gt;')
  expect(await makeDigests(deps, monday + 7 * 86_400_000)).toBe(3)
})

/** The next Monday, nine in UTC. */
function digestMonday(now: number): number {
  const day = new Date(now)
  const ahead = (8 - day.getUTCDay()) % 7 || 7
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + ahead, 9)
}
