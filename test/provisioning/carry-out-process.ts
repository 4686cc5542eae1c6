import { pino } from 'pino'
import { openDb } from '../../db/index.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { carryOut } from '../../server/provisioning/apply/carry-out.ts'
import { openConnections } from '../../server/provisioning/apply/deps.ts'
import { virtualClock } from '../../server/provisioning/clock.ts'

// A process that carries out one run and is killed while it does: kill.test.ts starts it.

const [, , file = '', key = '', runId = '', now = '0'] = process.argv
const db = await openDb(file)
const secrets = openSecrets({ key, keyFile: '' })
const clock = virtualClock(Number(now))
const log = pino({ level: 'silent' })
await carryOut({ db, secrets, log, clock, connections: openConnections({ secrets, clock }) }, runId)
await db.close()
