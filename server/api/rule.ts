import type { Context, MiddlewareHandler } from 'hono'
import { uniqueSymbol } from 'hono-openapi'
import { ROLES } from '../../db/vocabulary.ts'
import { findApiToken } from '../access/api-token.ts'
import { may, RIGHTS, type Right } from '../access/may.ts'
import { findSession } from '../access/session.ts'
import { Forbidden, NotSignedIn } from '../errors.ts'
import { sessionToken, setSessionToken } from './cookie.ts'
import type { Env } from './deps.ts'

/** Where a rule keeps its right, so that the test that walks all routes finds it. */
export const RIGHT = Symbol('right')

const READING = ['GET', 'HEAD', 'OPTIONS']

/**
 * Says who may take this route: each one has exactly one rule, before it reads any input. Finds out who asks, and
 * gives the handler `c.var.member`.
 * @param summary what the route does, for the API document
 * @throws NotSignedIn where nobody is signed in, Forbidden where the role, or the token, does not have the right
 */
export function rule(right: Right, summary?: string): MiddlewareHandler<Env> {
  const check: MiddlewareHandler<Env> = async (c, next) => {
    if (right !== 'anyone') {
      await identify(c)
      const { member, token } = c.var
      if (!may(member, right)) throw new Forbidden(REFUSALS[right] ?? 'Your role does not include this.')
      if (token && right === 'account')
        throw new Forbidden('Sign in with your password for this: a token is not enough.')
      if (token?.readOnly && !READING.includes(c.req.method)) throw new Forbidden('This token only reads.')
    }
    await next()
  }
  return Object.assign(check, { [RIGHT]: right, [uniqueSymbol]: { spec: documented(right, summary) } })
}

const REFUSALS: Partial<Record<Right, string>> = {
  triage: 'Viewers read along. Ask an admin for the role of a member to take part.',
  note: 'Viewers read along. Ask an admin for the role of a member to take part.',
  reply: 'Viewers read along. Ask an admin for the role of a member to take part.',
  'manage pipeline': 'Only managers and admins change stages, reasons, fields, rates and goals.',
  'import proposals': 'Only managers and admins import proposals. Ask one of them to do it.',
  'manage desk': 'Only managers and admins arrange what everybody shares.',
  'manage members': 'Only admins manage members and teams.',
  'manage mailboxes': 'Only admins manage mailboxes.',
  operate: 'Only admins see how Downfield itself is doing.',
}

/** By the token of the Authorization header, or else by the cookie: never by both, since only the cookie needs csrf.ts. */
async function identify(c: Context<Env>): Promise<void> {
  const { db, secrets } = c.var.deps
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) {
    const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    const found = text && (await findApiToken(db, text, c.var.now))
    if (!found) {
      c.header('www-authenticate', 'Bearer')
      throw new NotSignedIn('The token is unknown or has expired. Make a new one under your account.')
    }
    c.set('member', found.member)
    c.set('token', found.token)
    c.set('session', null)
    return
  }
  const cookie = sessionToken(c)
  const found = cookie && (await findSession(db, secrets, cookie, c.var.now))
  if (!found) throw new NotSignedIn('Sign in first.')
  if (found.token) setSessionToken(c, found.token)
  c.set('member', found.member)
  c.set('session', found.session)
  c.set('token', null)
}

/** What the API document says about the route. */
function documented(right: Right, summary: string | undefined) {
  if (right === 'anyone') return { summary, security: [] }
  const all = RIGHTS[right].length === ROLES.length
  return {
    summary,
    description: all ? 'For every member.' : `For the roles ${RIGHTS[right].join(', ')}.`,
    responses: {
      401: { description: 'Nobody is signed in.' },
      403: { description: 'The role or the token does not include this.' },
    },
  }
}
