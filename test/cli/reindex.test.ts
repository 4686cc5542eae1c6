import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { searchDocs, searchQueue } from '../../db/schema.ts'
import { readConfig } from '../../server/config.ts'
import { openMachine } from './terminal.ts'

test('reindex makes all mail searchable, and doing it again changes nothing', async () => {
  const machine = await openMachine()
  const servers = ['--imap', 'imap.example.org', '--smtp', 'smtp.example.org', '--no-test', '--password-stdin']
  await machine.run(['mailbox', 'add', 'proposals@northwind.example', ...servers], 'secret')
  const file = path.join(machine.folder, 'one.eml')
  await writeFile(file, 'From: ada@example.org\r\nSubject: Walnut\r\nMessage-ID: <1@x>\r\n\r\nHow much is it?\r\n')
  await machine.run(['import', file, '--mailbox', 'proposals@northwind.example'])
  const said = await machine.run(['reindex'])
  const stored = async () => {
    const db = await openDb(readConfig(machine.env).databaseUrl)
    try {
      return { docs: await db.read.select().from(searchDocs), waiting: await db.read.$count(searchQueue) }
    } finally {
      await db.close()
    }
  }
  const first = await stored()
  expect(said).toMatchObject({ status: 0, out: '' })
  expect(said.err).toContain('Every message is searchable: 1 in all.')
  expect(first).toMatchObject({ docs: [{}], waiting: 0 })
  await machine.run(['reindex'])
  expect(await stored()).toEqual(first)
})
