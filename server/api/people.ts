import { Hono } from 'hono'
import { z } from 'zod'
import type { Contact } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { historyOfPerson } from '../people/history.ts'
import { issuesOf } from '../people/issues-of.ts'
import { MAX_PAGE_SIZE } from '../people/list.ts'
import { mergePeople, unmergePeople } from '../people/merge-people.ts'
import { checkVersion } from '../people/organization.ts'
import { editPerson, findPerson, moveAddress, personAt, personNamed } from '../people/person.ts'
import { listPeople, readPeople } from '../people/read-people.ts'
import { booksOf, organizationFor, personFor } from '../people/visible.ts'
import { proposalIdsOf, proposalsOf } from '../proposals/of-party.ts'
import { scopeOf } from '../proposals/visible.ts'
import type { Env } from './deps.ts'
import { email, idInPath, personName } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_TYPED = 200
const title = z.string().trim().max(200)
const version = z.number().int().optional()
const inAddress = valid('param', z.object({ id: z.uuid(), address: email }))

/** What lists of people and organizations are asked by. */
export const inParties = valid(
  'query',
  z.object({
    q: z.string().max(MAX_TYPED).default(''),
    cursor: z.string().max(1_000).optional(),
    limit: z.coerce.number<string>().int().min(1).max(MAX_PAGE_SIZE).optional(),
  }),
)
const inIssues = valid('query', z.object({ cursor: z.string().max(100).optional() }))

/** The people whom we deal with, as the mail tells that the member may see. */
export const people = new Hono<Env>()
  .get(
    '/',
    rule('read', 'People, the last contact first; or those whose name, address or domain begins with a text'),
    inParties,
    async (c) => {
      const { read } = c.var.db
      return c.json(await listPeople(read, await booksOf(read, c.var.member), c.req.valid('query')))
    },
  )
  .get(
    '/at',
    rule('read', 'The person who has an address'),
    valid('query', z.object({ address: email })),
    async (c) => {
      const { read } = c.var.db
      const { address } = c.req.valid('query')
      const books = await booksOf(read, c.var.member)
      const found = await personAt(read, address)
      const [seen] = found ? await readPeople(read, books, [found.id]) : []
      if (!seen?.addresses.some((one) => one.address === address))
        throw new NotFound(`Nobody is known by the address ${address}.`)
      return c.json({ id: seen.id, name: seen.name })
    },
  )
  .post(
    '/',
    rule('triage', 'Write a person down, for everybody; the one with that address, where there is one'),
    valid(
      'json',
      z.object({
        id: z.uuid(),
        email,
        name: personName,
        title: title.default(''),
        organizationId: z.uuid().nullish(),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id, organizationId, ...input } = c.req.valid('json')
      const made = await db.write(async (tx) => {
        const books = await booksOf(tx, member)
        const organization = organizationId ? await organizationFor(tx, books, organizationId) : null
        return await personNamed(tx, { ...input, organizationId: organization?.id ?? null }, now, id)
      })
      return c.json({ id: made.id }, 201)
    },
  )
  .get(
    '/:id',
    rule('read', 'A person: addresses, organization, when there was mail, and what was corrected'),
    idInPath,
    async (c) => {
      const { member, db } = c.var
      const { read } = db
      const books = await booksOf(read, member)
      const person = await personFor(read, books, c.req.valid('param').id)
      return c.json(await shown(c.var, books, person))
    },
  )
  .get(
    '/:id/issues',
    rule('read', 'The issues with mail of a person, the newest first'),
    idInPath,
    inIssues,
    async (c) => {
      const { member, db } = c.var
      const { read } = db
      const person = await personFor(read, await booksOf(read, member), c.req.valid('param').id)
      return c.json(await theirIssues(c.var, person, c.req.valid('query').cursor))
    },
  )
  .get(
    '/:id/proposals',
    rule('read', 'The proposals that a person has a part in, or that mail of theirs belongs to'),
    idInPath,
    async (c) => {
      const { member, db, now } = c.var
      const { read } = db
      const person = await personFor(read, await booksOf(read, member), c.req.valid('param').id)
      const { issues } = await theirIssues(c.var, person, undefined)
      const ids = await proposalIdsOf(
        read,
        person.id,
        issues.map(({ id }) => id),
      )
      return c.json(await proposalsOf(read, await scopeOf(read, member), { ids }, now))
    },
  )
  .patch(
    '/:id',
    rule('triage', 'Correct what is known of a person; later mail does not change it'),
    idInPath,
    valid(
      'json',
      z
        .object({
          /** Empty: as their mail calls them. */
          name: z.union([z.literal(''), personName]),
          title,
          /** Null: none. */
          organizationId: z.uuid().nullable(),
          /** The organization is that of their domain again. */
          byMail: z.literal(true),
          version: z.number().int(),
        })
        .partial(),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { version, organizationId, ...edit } = c.req.valid('json')
      const changed = await db.write(async (tx) => {
        const books = await booksOf(tx, member)
        const person = await personFor(tx, books, c.req.valid('param').id)
        checkVersion(person, version, 'this person')
        const organization = organizationId ? (await organizationFor(tx, books, organizationId)).id : organizationId
        return await editPerson(tx, person, { ...edit, organizationId: organization }, member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), changed))
    },
  )
  .put(
    '/:id/addresses/:address',
    rule('triage', 'Say that an address is that of a person; it leaves who had it'),
    inAddress,
    async (c) => {
      const { db, member, now } = c.var
      const { id, address } = c.req.valid('param')
      const person = await db.write(async (tx) => {
        const books = await booksOf(tx, member)
        const owner = await personAt(tx, address)
        if (owner) await personFor(tx, books, owner.id)
        return await moveAddress(tx, address, await personFor(tx, books, id), member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), person))
    },
  )
  .post(
    '/:id/addresses/:address/apart',
    rule('triage', 'Say that an address is that of somebody else, who begins with it'),
    inAddress,
    valid('json', z.object({ id: z.uuid(), version })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, address } = c.req.valid('param')
      const { id: newId, version } = c.req.valid('json')
      const made = await db.write(async (tx) => {
        const person = await personFor(tx, await booksOf(tx, member), id)
        checkVersion(person, version, 'this person')
        if ((await personAt(tx, address))?.id !== person.id) throw new NotFound('This person has no such address.')
        return await moveAddress(tx, address, { newId }, member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), made), 201)
    },
  )
  .put(
    '/:id/merged',
    rule('triage', 'Bring a person into another: they are one from now on'),
    idInPath,
    valid('json', z.object({ intoId: z.uuid(), version })),
    async (c) => {
      const { db, member, now } = c.var
      const { intoId, version } = c.req.valid('json')
      const merged = await db.write(async (tx) => {
        const books = await booksOf(tx, member)
        const from = await personFor(tx, books, c.req.valid('param').id)
        checkVersion(from, version, 'this person')
        return await mergePeople(tx, from, await personFor(tx, books, intoId), member, now)
      })
      return c.json(await shown(c.var, await booksOf(db.read, member), merged))
    },
  )
  .delete(
    '/:id/merged',
    rule('triage', 'Take a person out of the one that they were brought into'),
    idInPath,
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      await db.write(async (tx) => {
        await personFor(tx, await booksOf(tx, member), (await findPerson(tx, id)).id)
        await unmergePeople(tx, id, member, now)
      })
      return c.body(null, 204)
    },
  )

type Asking = Pick<Env['Variables'], 'db' | 'member' | 'now'>

async function theirIssues({ db, member }: Asking, person: Contact, cursor: string | undefined) {
  const visible = await visibleMailboxIds(db.read, member)
  const [seen] = await readPeople(db.read, await booksOf(db.read, member), [person.id])
  const addresses = (seen?.addresses ?? []).map(({ address }) => address)
  return await issuesOf(db.read, { memberId: member.id, visible }, { addresses, domains: [] }, cursor)
}

async function shown({ db }: Asking, books: string[], person: Contact) {
  const [seen] = await readPeople(db.read, books, [person.id])
  if (!seen) throw new NotFound('There is no such person.')
  return { ...seen, history: await historyOfPerson(db.read, books, person.id) }
}
