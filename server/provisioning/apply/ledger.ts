import { and, asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../../db/index.ts'
import { exchangeLedger } from '../../../db/schema.ts'
import type { Step } from '../plan/step.ts'
import type { Snapshot } from '../snapshot.ts'

type Mailbox = { connectionId: string; identity: string }

/** What was done before about the access to a mailbox, as the doctor and the plan go by it. */
export async function readLedger(read: Reader, { connectionId, identity }: Mailbox): Promise<Snapshot['ledger']> {
  const rows = await read
    .select()
    .from(exchangeLedger)
    .where(and(eq(exchangeLedger.connectionId, connectionId), eq(exchangeLedger.identity, identity)))
    .orderBy(asc(exchangeLedger.doneAt), asc(exchangeLedger.id))
  return rows.map(({ user, did, autoMapping, doneAt }) => ({
    user,
    did,
    autoMapping,
    at: new Date(doneAt).toISOString(),
  }))
}

/** Remembers a step that was carried out, where it concerns access. `unchanged`: it was so before. */
export async function remember(
  tx: Tx,
  mailbox: Mailbox,
  { cmdlet, params }: Pick<Step, 'cmdlet' | 'params'>,
  unchanged: boolean,
  runId: string | null,
  doneAt: number,
): Promise<void> {
  if (params.Deny === true) return
  const entry = entryOf(cmdlet, params)
  // A grant that was there already says nothing new, but that it was marked.
  if (!entry || (unchanged && entry.autoMapping !== true)) return
  await tx.insert(exchangeLedger).values({ ...mailbox, ...entry, runId, doneAt })
}

function entryOf(cmdlet: Step['cmdlet'], params: Step['params']) {
  const user = typeof params.User === 'string' ? params.User.toLowerCase() : null
  if (cmdlet === 'Add-MailboxPermission')
    return { user, did: 'granted', autoMapping: params.AutoMapping !== false } as const
  if (cmdlet !== 'Remove-MailboxPermission') return undefined
  if (params.ClearAutoMapping === true) return { user: null, did: 'cleared automapping', autoMapping: null } as const
  return { user, did: 'removed', autoMapping: null } as const
}
