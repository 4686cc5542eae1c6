import { z } from 'zod'
import type { OAuthApp } from '../../db/schema.ts'
import { AUTHS, type Auth, SEND_BYS, type SendBy } from '../../db/vocabulary.ts'
import { CLIENT_ID, completeApp, isSafeUrl, TENANT } from '../mail/sign-in/oauth.ts'
import { BadUsage } from './command.ts'
import { check } from './words.ts'

// How a mailbox signs in, as options of `mailbox add`.

export const authOptions = {
  auth: {
    type: 'string',
    value: 'HOW',
    help: 'password; oauth_app: Microsoft 365 as an app; oauth_member: with an account. Without it: password.',
  },
  tenant: { type: 'string', value: 'TENANT', help: 'The directory of the app: its id or domain.' },
  'client-id': { type: 'string', value: 'ID', help: 'The application (client) id of the app.' },
  authority: { type: 'string', value: 'URL', help: 'The sign-in service. Without it: the one of Microsoft.' },
  'graph-url': { type: 'string', value: 'URL', help: 'Microsoft Graph. Without it: the one of the sign-in service.' },
  'send-by': { type: 'string', value: 'WAY', help: 'smtp or graph. Without it: smtp.' },
} as const

/** The servers that belong to a sign-in with Microsoft 365. */
export const MICROSOFT = { imap: 'outlook.office365.com', smtp: 'smtp.office365.com:587' }

const tenant = z.string().regex(TENANT, 'must be the id of the directory or its domain.')
const clientId = z.string().regex(CLIENT_ID, 'must be the application (client) id.')
const service = z.string().refine(isSafeUrl, 'must be an address such as https://login.microsoftonline.com.')

export type AuthSettings = { auth: Auth; oauth: OAuthApp | null; sendBy: SendBy }

/** @throws BadUsage where the options do not go together */
export function readAuth(values: { [name in keyof typeof authOptions]?: string | undefined }): AuthSettings {
  const auth = check(z.enum(AUTHS), '--auth', values.auth ?? 'password')
  const sendBy = check(z.enum(SEND_BYS), '--send-by', values['send-by'] ?? 'smtp')
  if (auth === 'password') {
    const [stray] = (['tenant', 'client-id', 'authority', 'graph-url'] as const).filter((name) => values[name])
    if (stray) throw new BadUsage(`--${stray} belongs to --auth oauth_app or --auth oauth_member.`)
    if (sendBy === 'graph') throw new BadUsage('--send-by graph needs --auth oauth_app or --auth oauth_member.')
    return { auth, sendBy, oauth: null }
  }
  if (!values.tenant || !values['client-id']) throw new BadUsage(`--auth ${auth} needs --tenant and --client-id.`)
  const url = (name: 'authority' | 'graph-url') => (values[name] ? check(service, `--${name}`, values[name]) : '')
  const app = {
    tenant: check(tenant, '--tenant', values.tenant),
    clientId: check(clientId, '--client-id', values['client-id']),
    authority: url('authority'),
    graphUrl: url('graph-url'),
  }
  return { auth, sendBy, oauth: completeApp(app) }
}
