import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asc } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader } from '../../db/index.ts'
import { type ExchangeConnectionRow, exchangeConnections } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { carryOut } from '../provisioning/apply/carry-out.ts'
import { openConnections } from '../provisioning/apply/deps.ts'
import { planNow } from '../provisioning/apply/look.ts'
import { adopt, beginRun, findRun } from '../provisioning/apply/run.ts'
import { realClock } from '../provisioning/clock.ts'
import { ExchangeError } from '../provisioning/connection/connection.ts'
import { oneLine } from '../provisioning/one-line.ts'
import { readWantedFile } from '../provisioning/plan/plan-file.ts'
import { planText } from '../provisioning/plan/plan-text.ts'
import { BadUsage, command } from './command.ts'
import { withDb } from './open.ts'

const LOOK_EVERY_MS = 500

export const exchangeApply = command({
  usage: 'FILE [--connection NAME] [--yes]',
  about: `
Plans as "downfield exchange plan" does, from what Exchange says now, by a connection that was entered in Downfield. With
--yes it carries the plan out: step by step, written down before and after, until a second plan is empty. Without it
nothing is changed. The exit status is 1 where something is left to do.`,
  takes: [1, 1],
  options: {
    connection: { type: 'string', value: 'NAME', help: 'Which connection, where there are several.' },
    yes: { type: 'boolean', help: 'Carry the plan out. Without it the plan is shown alone.' },
  },
  async run(terminal, [file], { connection: name, yes }) {
    const { out, err } = terminal
    const wanted = await readFile(file!, 'utf8')
    const lists: Record<string, string> = {}
    const { identity } = await readWantedFile(wanted, path.basename(file!), async (list) => {
      lists[list] = await readFile(path.resolve(path.dirname(file!), list), 'utf8')
      return lists[list]
    })
    return await withDb(terminal, async ({ db, secrets, log, config }) => {
      const row = await choose(db.read, name)
      const clock = realClock
      const connections = openConnections({ secrets, clock, pwsh: config.pwsh })
      const deps = { db, secrets, log, clock, connections }
      try {
        const mailbox = { connectionId: row.id, identity: identity.toLowerCase() }
        const looked = await planNow(deps, mailbox, { wanted, lists })
        const { plan, snapshot } = looked
        out(planText(plan, identity, snapshot.platform))
        if (plan.blockers.length > 0) return 1
        if (!yes) {
          if (plan.steps.length > 0) out('\nNothing was changed. With --yes it is carried out.\n')
          return plan.steps.length > 0 ? 1 : 0
        }
        const [mailboxId, id] = [uuidv7(), uuidv7()]
        await db.write(async (tx) => {
          const adopted = await adopt(tx, { ...mailbox, id: mailboxId }, { wanted, lists }, clock.now())
          await beginRun(tx, adopted, looked, looked, { id, wanted, lists, memberId: null }, clock.now())
        })
        // The server may be faster; then it is waited for.
        while (!(await carryOut(deps, id))?.endedAt) {
          if ((await findRun(db.read, id)).endedAt !== null) break
          await sleep(LOOK_EVERY_MS)
        }
        const run = await findRun(db.read, id)
        out('\n')
        for (const { number, state, command, message } of run.steps)
          out(`${number}. ${state}: ${oneLine(command)}${message ? `\n   ${oneLine(message)}` : ''}\n`)
        if (run.message) err(`${run.message}\n`)
        out(`${run.state}\n`)
        return run.state === 'done' ? 0 : 1
      } catch (error) {
        if (error instanceof ExchangeError) throw new Refused(`${error.message} (${error.kind})`, { cause: error })
        throw error
      } finally {
        await connections.close()
      }
    })
  },
})

async function choose(read: Reader, name: string | undefined): Promise<ExchangeConnectionRow> {
  const rows = await read.select().from(exchangeConnections).orderBy(asc(exchangeConnections.name))
  const found = name === undefined ? rows : rows.filter((row) => row.name.toLowerCase() === name.toLowerCase())
  if (found.length > 1) throw new BadUsage(`Say with --connection which: ${rows.map((row) => row.name).join(', ')}.`)
  if (!found[0])
    throw new NotFound('There is no such connection to Exchange. An admin enters one in the settings of Downfield.')
  return found[0]
}
