import type { Tx } from '../../db/index.ts'
import type { Proposal } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { writeOrganization } from '../people/book.ts'
import { organizationById } from '../people/organization.ts'

/** The organization that a proposal is for: where it was brought into another, that one. @throws Invalid where there is none */
export async function customerOf(tx: Tx, organizationId: string | null): Promise<string | null> {
  if (organizationId === null) return null
  const found = await organizationById(tx, organizationId)
  if (found) return found.id
  throw new Invalid([
    { field: 'organizationId', message: 'organizationId must name an organization. There is none like it.' },
  ])
}

/** Who sees a proposal knows whom it is for, before and after. */
export async function tellCustomers(tx: Tx, ...states: Pick<Proposal, 'organizationId'>[]): Promise<void> {
  for (const id of new Set(states.map(({ organizationId }) => organizationId)))
    if (id !== null) await writeOrganization(tx, id)
}
