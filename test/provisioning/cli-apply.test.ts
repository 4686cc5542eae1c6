import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { openDb } from '../../db/index.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { readConfig } from '../../server/config.ts'
import { openMachine } from '../cli/terminal.ts'
import { addConnection, FOO } from './applied.ts'
import { openSimulated } from './simulated.ts'

test('a plan is shown, and with --yes carried out; the second time there is nothing to do', async () => {
  const machine = await openMachine()
  const simulated = await openSimulated()
  const config = readConfig(machine.env)
  const file = path.join(machine.folder, 'wanted.yaml')
  await writeFile(
    file,
    `mailbox: {identity: ${FOO}}\ndelegates: [{user: user1, rights: [FullAccess]}]\ndelegatesFrom: users.txt`,
  )
  await writeFile(path.join(machine.folder, 'users.txt'), 'user2\r\n')
  const apply = (...more: string[]) => machine.run(['exchange', 'apply', file, ...more])
  expect((await apply()).err).toContain('There is no such connection to Exchange.')
  const db = await openDb(config.databaseUrl)
  await addConnection(db, openSecrets(config), uuidv7(), simulated)
  await db.close()

  const planned = await apply()
  expect([planned.status, simulated.written()]).toEqual([1, []])
  expect(planned.out).toContain('Nothing was changed. With --yes it is carried out.')
  const done = await apply('--yes')
  expect([done.status, done.err, done.out.trimEnd().split('\n').at(-1)]).toEqual([0, '', 'done'])
  expect(done.out).toContain(`1. done: Add-MailboxPermission -Identity '${FOO}' -User 'user1@contoso.com'`)
  expect(simulated.written()).toEqual(['Add-MailboxPermission', 'Add-MailboxPermission', 'Add-RecipientPermission'])
  const again = await apply()
  expect([again.status, again.out]).toEqual([0, expect.stringContaining('no changes')])
  simulated.simulator.grants.directoryRole = false
  expect(await apply()).toMatchObject({ status: 1, err: expect.stringContaining('two grants') })
})
