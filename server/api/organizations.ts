import { Hono } from 'hono'
import { z } from 'zod'
import type { Organization } from '../../db/schema.ts'
import { ORGANIZATION_KINDS } from '../../db/vocabulary.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { historyOfOrganization } from '../people/history.ts'
import { issuesOf } from '../people/issues-of.ts'
import { mergeOrganizations, unmergeOrganizations } from '../people/merge-organizations.ts'
import {
  checkVersion,
  domainsOf,
  editOrganization,
  findOrganization,
  organizationNamed,
} from '../people/organization.ts'
import { addressesElsewhere, peopleOf } from '../people/people-of.ts'
import { personNamed } from '../people/person.ts'
import { listOrganizations, readOrganizations, readPeople } from '../people/read-people.ts'
import { listShared, markShared, unmarkShared } from '../people/shared-domain.ts'
import { booksOf, organizationFor } from '../people/visible.ts'
import { proposalsOf } from '../proposals/of-party.ts'
import { scopeOf } from '../proposals/visible.ts'
import type { Env } from './deps.ts'
import { email, idInPath, organizationName, personName } from './fields.ts'
import { inParties } from './people.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const domain = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u, 'must be a domain such as tacoma.example.')
const more = {
  kind: z.enum(ORGANIZATION_KINDS).optional(),
  zone: z.string().max(100).nullish(),
  usFederal: z.boolean().optional(),
  domains: z.array(domain).max(50).optional(),
}
const inDomain = valid('param', z.object({ domain }))

/** The organizations whom we deal with, as the mail tells that the member may see, and as members wrote them down. */
export const organizations = new Hono<Env>()
  .get(
    '/',
    rule('read', 'Organizations, the last contact first; or those whose name or domain begins with a text'),
    inParties,
    async (c) => {
      const { read } = c.var.db
      return c.json(await listOrganizations(read, await booksOf(read, c.var.member), c.req.valid('query')))
    },
  )
  .get(
    '/shared-domains',
    rule('read', 'Domains that a member said belong to no organization: your own, or all for admins'),
    async (c) => {
      const { member, db } = c.var
      return c.json(await listShared(db.read, member.role === 'admin' ? null : member))
    },
  )
  .put(
    '/shared-domains/:domain',
    rule('triage', 'Say that anybody may have an address at a domain: it is no organization'),
    inDomain,
    async (c) => {
      const { db, member, now } = c.var
      await db.write((tx) => markShared(tx, c.req.valid('param').domain, member, now))
      return c.body(null, 204)
    },
  )
  .delete(
    '/shared-domains/:domain',
    rule('triage', 'Say that a domain is an organization after all'),
    inDomain,
    valid('query', z.object({ organizationId: z.uuid().optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const { organizationId } = c.req.valid('query')
      await db.write(async (tx) => {
        const organization = organizationId ? await findOrganization(tx, organizationId) : null
        await unmarkShared(tx, c.req.valid('param').domain, organization?.id ?? null, member, now)
      })
      return c.body(null, 204)
    },
  )
  .post(
    '/',
    rule('triage', 'Make an organization; the one of that name, where there is one'),
    valid('json', z.object({ id: z.uuid(), name: organizationName, ...more })),
    async (c) => {
      const { db, now } = c.var
      const { id, ...input } = c.req.valid('json')
      return c.json(await db.write((tx) => organizationNamed(tx, input, now, id)), 201)
    },
  )
  .get(
    '/:id',
    rule('read', 'An organization: its domains, its people, and what was corrected'),
    idInPath,
    async (c) => {
      const { member, db } = c.var
      const books = await booksOf(db.read, member)
      return c.json(await shown(c.var, books, await organizationFor(db.read, books, c.req.valid('param').id)))
    },
  )
  .get(
    '/:id/issues',
    rule('read', 'The issues with mail of an organization, the newest first'),
    idInPath,
    valid('query', z.object({ cursor: z.string().max(100).optional() })),
    async (c) => {
      const { member, db } = c.var
      const { read } = db
      const organization = await organizationFor(read, await booksOf(read, member), c.req.valid('param').id)
      const domains = await domainsOf(read, organization.id)
      const addresses = await addressesElsewhere(read, organization.id, domains)
      const searcher = { memberId: member.id, visible: await visibleMailboxIds(read, member) }
      return c.json(await issuesOf(read, searcher, { addresses, domains }, c.req.valid('query').cursor))
    },
  )
  .get(
    '/:id/proposals',
    rule('read', 'The proposals for an organization, with what was won, lost and is open in each currency'),
    idInPath,
    async (c) => {
      const { member, db, now } = c.var
      const { read } = db
      const { id } = await organizationFor(read, await booksOf(read, member), c.req.valid('param').id)
      return c.json(await proposalsOf(read, await scopeOf(read, member), { organizationId: id }, now))
    },
  )
  .patch(
    '/:id',
    rule('triage', 'Correct what is known of an organization; later mail does not change it'),
    idInPath,
    valid('json', z.object({ name: organizationName.optional(), ...more, version: z.number().int().optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const { version, ...input } = c.req.valid('json')
      const changed = await db.write(async (tx) => {
        const organization = await organizationFor(tx, await booksOf(tx, member), c.req.valid('param').id)
        checkVersion(organization, version, 'this organization')
        return await editOrganization(tx, organization, input, member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), changed))
    },
  )
  .put(
    '/:id/merged',
    rule('triage', 'Bring an organization into another: they are one from now on'),
    idInPath,
    valid('json', z.object({ intoId: z.uuid(), version: z.number().int().optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const { intoId, version } = c.req.valid('json')
      const merged = await db.write(async (tx) => {
        const books = await booksOf(tx, member)
        const from = await organizationFor(tx, books, c.req.valid('param').id)
        checkVersion(from, version, 'this organization')
        return await mergeOrganizations(tx, from, await organizationFor(tx, books, intoId), member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), merged))
    },
  )
  .delete(
    '/:id/merged',
    rule('triage', 'Take an organization out of the one that it was brought into'),
    idInPath,
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      await db.write(async (tx) => {
        await organizationFor(tx, await booksOf(tx, member), (await findOrganization(tx, id)).id)
        await unmergeOrganizations(tx, id, member, now)
      })
      return c.body(null, 204)
    },
  )
  .get('/:id/domains', rule('read', 'The domains that mail of an organization comes from'), idInPath, async (c) => {
    const { member, db } = c.var
    const { id } = await organizationFor(db.read, await booksOf(db.read, member), c.req.valid('param').id)
    return c.json(await domainsOf(db.read, id))
  })
  .post(
    '/:id/contacts',
    rule('triage', 'Make a contact of an organization; the one with that address, where there is one'),
    idInPath,
    valid('json', z.object({ email, name: personName, title: z.string().trim().max(200).default('') })),
    async (c) => {
      const { db, member, now } = c.var
      const made = await db.write(async (tx) => {
        const { id } = await organizationFor(tx, await booksOf(tx, member), c.req.valid('param').id)
        return await personNamed(tx, { ...c.req.valid('json'), organizationId: id }, now)
      })
      return c.json(made, 201)
    },
  )

type Asking = Pick<Env['Variables'], 'db'>

async function shown({ db }: Asking, books: string[], { id }: Organization) {
  const [organization] = await readOrganizations(db.read, books, [id])
  const { ids, count } = await peopleOf(db.read, books, id)
  return {
    ...organization!,
    people: await readPeople(db.read, books, ids),
    peopleCount: count,
    history: await historyOfOrganization(db.read, id),
  }
}
