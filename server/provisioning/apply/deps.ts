import type { Logger } from 'pino'
import type { Db } from '../../../db/index.ts'
import type { ExchangeConnectionRow } from '../../../db/schema.ts'
import type { Secrets } from '../../access/secrets.ts'
import type { Clock } from '../clock.ts'
import { type Opened, openConnection } from '../connection/open.ts'

/** What acting on Exchange needs. */
export type ProvisioningDeps = {
  db: Db
  secrets: Pick<Secrets, 'encrypt' | 'decrypt'>
  log: Logger
  clock: Clock
  /** The connections that are open, so that their tokens last. */
  connections: Connections
}

export type Connections = {
  of(row: ExchangeConnectionRow): Opened
  close(): Promise<void>
}

/** Keeps each connection open until its settings change. */
export function openConnections(
  deps: Omit<ProvisioningDeps, 'connections' | 'db' | 'log'> & { pwsh?: string[] | undefined },
): Connections {
  const open = new Map<string, { changedAt: number; opened: Opened }>()
  return {
    of(row) {
      const known = open.get(row.id)
      if (known?.changedAt === row.changedAt) return known.opened
      void known?.opened.connection.close()
      const opened = openConnection(row, deps)
      open.set(row.id, { changedAt: row.changedAt, opened })
      return opened
    },
    async close() {
      await Promise.all([...open.values()].map(({ opened }) => opened.connection.close()))
    },
  }
}
