import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { members } from '../../db/schema.ts'
import { createApiToken, newApiTokenText } from '../access/api-token.ts'
import { NotFound } from '../errors.ts'
import { command } from './command.ts'
import { withDb } from './open.ts'
import { address, check } from './words.ts'

const DAY_MS = 24 * 60 * 60_000
const days = z.coerce.number().int().min(1).max(3_650)
const name = z.string().trim().min(1).max(100)

export const tokenCreate = command({
  usage: 'EMAIL',
  about: `
The token is printed on stdout, alone on its line, and shown this once: only its hash is kept.
Programs send it as "Authorization: Bearer TOKEN". It may do what its member may do.`,
  takes: [1, 1],
  options: {
    name: { type: 'string', value: 'NAME', help: 'What the token is for, as the list of tokens shows it.' },
    'read-only': { type: 'boolean', help: 'The token reads and changes nothing.' },
    days: { type: 'string', value: 'DAYS', help: 'After how many days it expires. Without it: never.' },
  },
  async run(terminal, [email], values) {
    const who = check(address, 'EMAIL', email)
    const now = Date.now()
    const wanted = {
      name: check(name, '--name', values.name ?? 'command line'),
      readOnly: values['read-only'] ?? false,
      expiresAt: values.days === undefined ? null : now + check(days, '--days', values.days) * DAY_MS,
    }
    const text = newApiTokenText()
    await withDb(terminal, async ({ db }) => {
      await db.write(async (tx) => {
        const [member] = await tx.select().from(members).where(eq(members.email, who))
        if (!member) throw new NotFound(`${who} has no account. Make one with: downfield member add ${who}`)
        await createApiToken(tx, member, wanted, text, now)
      })
    })
    terminal.err('This is the only time that the token is shown:\n')
    terminal.out(`${text}\n`)
  },
})
