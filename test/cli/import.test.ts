import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { deliveries, folders, issues, messages } from '../../db/schema.ts'
import { readConfig } from '../../server/config.ts'
import { openMachine, type Said } from './terminal.ts'

const ADDRESS = 'proposals@northwind.example'

function mail(n: number, more = ''): string {
  return `From: Ada <ada@example.org>\r
To: ${ADDRESS}\r
Subject: Question ${n}\r
Date: Thu, 5 Nov 2026 09:41:07 +0000\r
Message-ID: <${n}@example.org>\r
${more}\r
How much is it?\r
`
}

/** A machine with a mailbox that no server stands behind. */
async function openDesk() {
  const machine = await openMachine()
  const servers = ['--imap', 'imap.example.org', '--smtp', 'smtp.example.org', '--no-test', '--password-stdin']
  await machine.run(['mailbox', 'add', ADDRESS, ...servers], 'secret')
  return {
    ...machine,
    bringIn: async (...places: string[]): Promise<Said> =>
      await machine.run(['import', ...places, '--mailbox', ADDRESS]),
    async stored() {
      const db = await openDb(readConfig(machine.env).databaseUrl)
      try {
        return {
          deliveries: await db.read.select().from(deliveries).orderBy(deliveries.id),
          folders: await db.read.select().from(folders),
          issues: await db.read.select().from(issues).orderBy(issues.number),
          messages: await db.read.select().from(messages).orderBy(messages.id),
        }
      } finally {
        await db.close()
      }
    },
  }
}

test('an mbox becomes issues, and importing it again changes nothing', async () => {
  const { folder, bringIn, stored } = await openDesk()
  const file = path.join(folder, 'old.mbox')
  const from = 'From ada@example.org Thu Nov  5 09:42:00 2026\r\n'
  const answer = mail(3, 'In-Reply-To: <1@example.org>\r\n')
  await writeFile(file, `${from}${mail(1)}\r\n${from}${mail(2)}\r\n${from}${answer}`)

  const first = await bringIn(file)
  const before = await stored()
  const second = await bringIn(file)
  const after = await stored()

  expect(first).toMatchObject({ status: 0, out: '' })
  expect(first.err).toContain('3 mails read, 3 of them new, 0 known before.')
  expect(second.err).toContain('3 mails read, 0 of them new, 3 known before.')
  expect(before.issues.map(({ subject, messageCount }) => ({ subject, messageCount }))).toEqual([
    { subject: 'Question 1', messageCount: 2 },
    { subject: 'Question 2', messageCount: 1 },
  ])
  expect(before.deliveries.map(({ state, internalAt }) => ({ state, internalAt }))).toEqual(
    Array(3).fill({ state: 'understood', internalAt: Date.UTC(2026, 10, 5, 9, 42) }),
  )
  expect(before.folders).toMatchObject([{ path: 'Import', role: 'import' }])
  const withoutLooks = ({ folders, ...rest }: typeof before) => ({ ...rest, folders: folders.length })
  expect(withoutLooks(after)).toEqual(withoutLooks(before))
})

test('a folder of .eml files comes in with the times of its files; what is no mail is named and passed over', async () => {
  const { folder, bringIn, stored } = await openDesk()
  const place = path.join(folder, 'mails')
  await mkdir(path.join(place, 'deeper'), { recursive: true })
  await writeFile(path.join(place, 'a.eml'), mail(1))
  await writeFile(path.join(place, 'deeper/b.eml'), mail(2))
  await writeFile(path.join(place, 'c.eml'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]))
  await writeFile(path.join(place, 'notes.txt'), 'Subject: not a mail')
  const filedAt = Date.UTC(2026, 10, 6)
  for (const name of ['a.eml', 'deeper/b.eml']) await utimes(path.join(place, name), filedAt / 1000, filedAt / 1000)

  const { status, err } = await bringIn(place)

  expect(status).toBe(0)
  expect(err).toContain('2 mails read, 2 of them new')
  expect(err).toContain(`Passed over, since they hold no mail: ${path.join(place, 'c.eml')}.`)
  const { deliveries, messages } = await stored()
  expect(deliveries.map(({ internalAt }) => internalAt)).toEqual([filedAt, filedAt])
  expect(messages.map(({ subject }) => subject).toSorted()).toEqual(['Question 1', 'Question 2'])
})

test('of a Maildir both cur and new come in, and nothing that is half written', async () => {
  const { folder, bringIn, stored } = await openDesk()
  const place = path.join(folder, 'Maildir')
  for (const name of ['cur', 'new', 'tmp']) await mkdir(path.join(place, name), { recursive: true })
  await writeFile(path.join(place, 'cur/1700000000.M1P1.host:2,S'), mail(1))
  await writeFile(path.join(place, 'new/1700000001.M1P1.host'), mail(2))
  await writeFile(path.join(place, 'tmp/1700000002.M1P1.host'), mail(3))
  await copyFile(path.join(place, 'cur/1700000000.M1P1.host:2,S'), path.join(place, 'new/1700000003.M1P1.host'))

  await bringIn(place)

  const { deliveries, messages } = await stored()
  expect(deliveries.length).toBe(2)
  expect(messages.map(({ subject }) => subject).toSorted()).toEqual(['Question 1', 'Question 2'])
})

test('an import needs a mailbox that exists, and files that exist', async () => {
  const { folder, run, bringIn, stored } = await openDesk()
  const file = path.join(folder, 'a.eml')
  await writeFile(file, mail(1))

  expect(await run(['import', file, '--mailbox', 'other@northwind.example'])).toMatchObject({
    status: 1,
    err: 'There is no mailbox other@northwind.example.\n',
  })
  expect(await bringIn(file, path.join(folder, 'b.eml'))).toMatchObject({
    status: 1,
    err: `There is no ${path.join(folder, 'b.eml')}. Check how it is written.\n`,
  })
  expect((await stored()).deliveries).toEqual([])
})
