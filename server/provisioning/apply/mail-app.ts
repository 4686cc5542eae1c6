import type { ExchangeConnectionRow } from '../../../db/schema.ts'
import { Invalid } from '../../errors.ts'
import { type AppClaims, requestAppToken } from '../connection/app-token.ts'
import { ExchangeError } from '../connection/connection.ts'
import { scopeOf, secretsOf } from '../connection/open.ts'
import { isSame } from '../directory.ts'
import type { Program } from '../program.ts'
import type { ProvisioningDeps } from './deps.ts'

/** The app by which mail is read and sent, as an admin enters it; what is empty is found out. */
export type AskedApp = { appId: string; objectId: string; clientSecret: string; displayName: string }
export type MailApp = {
  program: Program
  /** What an admin consented to; null where nobody can tell. */
  permissions: string[] | null
  /** Empty where none was entered and the connection has none. */
  clientSecret: string
}

/** What an app needs beside being let in: an admin's consent to these. */
export const MAIL_PERMISSIONS = ['IMAP.AccessAsApp', 'SMTP.SendAsApp'] as const

/** The permissions that are missing; none where nobody can tell. */
export const missingPermissions = ({ permissions }: Pick<MailApp, 'permissions'>): string[] =>
  permissions === null ? [] : MAIL_PERMISSIONS.filter((name) => !permissions.includes(name))

const NOTHING: AppClaims = { appId: null, objectId: null, permissions: null }

/**
 * The app for mail: that of the connection, or another one. Its token says the id of its enterprise application, which is
 * what people mistake most often, and what an admin consented to.
 * @throws Invalid where the sign-in service refuses the app, or nobody knows the id
 */
export async function mailAppOf(
  deps: ProvisioningDeps,
  connection: ExchangeConnectionRow,
  asked: AskedApp,
): Promise<MailApp> {
  const { settings } = connection
  const appId = asked.appId || settings.clientId
  if (!appId) throw new Invalid([{ field: 'appId', message: 'appId must be the application (client) id of the app.' }])
  const isOwn = isSame(appId, settings.clientId)
  const clientSecret = asked.clientSecret || (isOwn ? (secretsOf(connection, deps.secrets).clientSecret ?? '') : '')
  const claims = await claimsOf(deps, connection, appId, clientSecret, isOwn && asked.clientSecret === '')
  const objectId = claims.objectId ?? asked.objectId
  if (!objectId)
    throw new Invalid([
      {
        field: 'objectId',
        message:
          'objectId must be that of the app under Enterprise applications; without a client secret nobody says it.',
      },
    ])
  return { program: { appId, objectId, displayName: asked.displayName }, permissions: claims.permissions, clientSecret }
}

async function claimsOf(
  deps: ProvisioningDeps,
  connection: ExchangeConnectionRow,
  appId: string,
  clientSecret: string,
  byConnection: boolean,
): Promise<AppClaims> {
  const { settings } = connection
  const { tokens } = deps.connections.of(connection)
  try {
    if (byConnection && tokens) {
      const { claims } = await tokens()
      // What was consented to since is in the next token alone.
      return missingPermissions(claims).length > 0 ? (await tokens(true)).claims : claims
    }
    if (!clientSecret || !settings.tenant) return NOTHING
    const { tenant, authority } = settings
    const credential = { by: 'secret', clientSecret } as const
    const app = { authority, tenant, clientId: appId, scope: scopeOf(settings), credential }
    return (await requestAppToken(app, deps.clock)).claims
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    const field = error.kind === 'AUTH_SECRET' ? 'clientSecret' : 'appId'
    throw new Invalid([{ field, message: error.message }])
  }
}
