import { Hono } from 'hono'
import { z } from 'zod'
import { ORGANIZATION_KINDS } from '../../db/vocabulary.ts'
import {
  contactNamed,
  domainsOf,
  editOrganization,
  findOrganizations,
  organizationNamed,
} from '../proposals/organization.ts'
import type { Env } from './deps.ts'
import { email, idInPath, line } from './fields.ts'
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

/** Whom we deal with. */
export const organizations = new Hono<Env>()
  .get(
    '/',
    rule('read', 'Organizations whose name begins with a text'),
    valid('query', z.object({ q: z.string().max(200).default('') })),
    async (c) => c.json(await findOrganizations(c.var.db.read, c.req.valid('query').q)),
  )
  .post(
    '/',
    rule('triage', 'Make an organization; the one of that name, where there is one'),
    valid('json', z.object({ id: z.uuid(), name: line(200), ...more })),
    async (c) => {
      const { db, now } = c.var
      const { id, ...input } = c.req.valid('json')
      return c.json(await db.write((tx) => organizationNamed(tx, input, now, id)), 201)
    },
  )
  .patch(
    '/:id',
    rule('triage', 'Change an organization'),
    idInPath,
    valid('json', z.object({ name: line(200).optional(), ...more })),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await c.var.db.write((tx) => editOrganization(tx, id, c.req.valid('json'))))
    },
  )
  .get('/:id/domains', rule('read', 'The domains that mail of an organization comes from'), idInPath, async (c) =>
    c.json(await domainsOf(c.var.db.read, c.req.valid('param').id)),
  )
  .post(
    '/:id/contacts',
    rule('triage', 'Make a contact of an organization; the one with that address, where there is one'),
    idInPath,
    valid('json', z.object({ email, name: line(200), title: z.string().trim().max(200).default('') })),
    async (c) => {
      const { db, now } = c.var
      const organizationId = c.req.valid('param').id
      return c.json(await db.write((tx) => contactNamed(tx, { ...c.req.valid('json'), organizationId }, now)), 201)
    },
  )
