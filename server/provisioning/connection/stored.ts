import { isDeepStrictEqual } from 'node:util'
import { asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../../db/index.ts'
import {
  type ExchangeConnectionRow,
  type ExchangeSettings,
  exchangeConnections,
  type Member,
} from '../../../db/schema.ts'
import type { ExchangeKind, ExchangePlatform } from '../../../db/vocabulary.ts'
import type { Secrets } from '../../access/secrets.ts'
import { Invalid, NotFound } from '../../errors.ts'
import { record } from '../../issues/event.ts'
import { mailServersOf } from './mail-servers.ts'
import { type ConnectionSecrets, secretsOf } from './open.ts'

/** A connection as an admin enters it. Secrets are plain here and nowhere after; one that is left empty stays. */
export type ConnectionInput = {
  name: string
  kind: ExchangeKind
  platform: ExchangePlatform
  hybrid: boolean
  settings: ExchangeSettings
} & Required<ConnectionSecrets>

/** What is shown of a connection: which secrets there are, and none of them. */
export type ListedConnection = Omit<ExchangeConnectionRow, 'secrets'> & {
  has: Record<keyof ConnectionSecrets, boolean>
}

const FIELDS = ['clientSecret', 'privateKey', 'ldapPassword'] as const

/** Enters a connection; the same id again changes nothing. */
export async function addConnection(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt' | 'decrypt'>,
  id: string,
  input: ConnectionInput,
  by: Member | null,
  now: number,
): Promise<void> {
  const row = { id, ...plainOf(input), secrets: sealed(secrets, input, {}), createdAt: now, changedAt: now }
  requireWhole(input, input)
  const added = await tx
    .insert(exchangeConnections)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: exchangeConnections.id })
  if (added.length > 0) await tell(tx, id, 'connected', by, now)
}

/** Changes a connection. What was entered for one service or directory is never sent to another. */
export async function changeConnection(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt' | 'decrypt'>,
  before: ExchangeConnectionRow,
  input: ConnectionInput,
  by: Member | null,
  now: number,
): Promise<void> {
  const known = secretsOf(before, secrets)
  const is = (name: keyof ExchangeSettings) => before.settings[name] === input.settings[name]
  const isSameApp =
    (['tenant', 'clientId', 'authority', 'exchangeUrl', 'autodiscoverUrl'] as const).every(is) &&
    isDeepStrictEqual(mailServersOf(before.settings), mailServersOf(input.settings)) &&
    before.kind === input.kind
  const isSameDirectory = is('ldapUrl') && is('ldapBindDn')
  const kept: ConnectionSecrets = {
    ...(isSameApp && known.clientSecret ? { clientSecret: known.clientSecret } : {}),
    ...(isSameApp && known.privateKey ? { privateKey: known.privateKey } : {}),
    ...(isSameDirectory && known.ldapPassword ? { ldapPassword: known.ldapPassword } : {}),
  }
  requireWhole(input, { ...input, ...withoutEmpty(kept, input) })
  await tx
    .update(exchangeConnections)
    .set({ ...plainOf(input), secrets: sealed(secrets, input, kept), changedAt: now })
    .where(eq(exchangeConnections.id, before.id))
  await tell(tx, before.id, 'changed', by, now)
}

export async function removeConnection(
  tx: Tx,
  { id }: ExchangeConnectionRow,
  by: Member | null,
  now: number,
): Promise<void> {
  await tx.delete(exchangeConnections).where(eq(exchangeConnections.id, id))
  await tell(tx, id, 'removed', by, now)
}

/** @throws NotFound */
export async function findConnection(read: Reader, id: string): Promise<ExchangeConnectionRow> {
  const [row] = await read.select().from(exchangeConnections).where(eq(exchangeConnections.id, id))
  if (!row) throw new NotFound('There is no such connection to Exchange.')
  return row
}

export async function listConnections(read: Reader, secrets: Pick<Secrets, 'decrypt'>): Promise<ListedConnection[]> {
  const rows = await read.select().from(exchangeConnections).orderBy(asc(exchangeConnections.name))
  return rows.map((row) => {
    const { secrets: _sealed, ...rest } = row
    const known = secretsOf(row, secrets)
    const [clientSecret, privateKey, ldapPassword] = FIELDS.map((name) => Boolean(known[name]))
    return { ...rest, has: { clientSecret: clientSecret!, privateKey: privateKey!, ldapPassword: ldapPassword! } }
  })
}

function plainOf({ name, kind, platform, hybrid, settings }: ConnectionInput) {
  return { name, kind, platform, hybrid, settings }
}

function withoutEmpty(kept: ConnectionSecrets, input: ConnectionInput): ConnectionSecrets {
  return Object.fromEntries(FIELDS.map((name) => [name, input[name] || kept[name] || '']))
}

function sealed(secrets: Pick<Secrets, 'encrypt'>, input: ConnectionInput, kept: ConnectionSecrets): string {
  const all = Object.fromEntries(Object.entries(withoutEmpty(kept, input)).filter(([, secret]) => secret))
  return Object.keys(all).length > 0 ? secrets.encrypt(JSON.stringify(all)) : ''
}

/** @throws Invalid where Exchange could not be reached with what there is */
function requireWhole(
  { kind, settings }: ConnectionInput,
  { clientSecret, privateKey, ldapPassword }: ConnectionSecrets,
): void {
  const missing = (field: string, message: string) => new Invalid([{ field, message: `${field} ${message}` }])
  if (settings.ldapUrl && !ldapPassword) throw missing('ldapPassword', 'must be entered for this directory.')
  if (kind !== 'exo-rest' && kind !== 'simulator') return
  if (!settings.tenant || !settings.clientId) throw missing('settings', 'must name the tenant and the app.')
  if (!clientSecret && !privateKey)
    throw missing('clientSecret', 'or the private key of a certificate must be entered.')
  if (privateKey && !settings.certificateThumbprint)
    throw missing('settings', 'must have the SHA-256 thumbprint of the certificate.')
}

async function tell(tx: Tx, connectionId: string, change: string, by: Member | null, at: number): Promise<void> {
  await record(tx, { action: 'exchange_changed', at, memberId: by?.id ?? null, detail: { connectionId, change } })
}
