import type { ExchangeConnectionRow, ExchangeSettings } from '../../../db/schema.ts'
import type { Secrets } from '../../access/secrets.ts'
import type { Clock } from '../clock.ts'
import { type AppToken, appTokens } from './app-token.ts'
import { askAutodiscover } from './autodiscover-client.ts'
import { type ExchangeConnection, ExchangeError } from './connection.ts'
import type { Witnesses } from './evidence.ts'
import { openExoRest } from './exo-rest.ts'
import { directoryTrouble, readLinks } from './ldap.ts'
import { openPwsh } from './pwsh.ts'

/** What is kept sealed of a connection. */
export type ConnectionSecrets = { clientSecret?: string; privateKey?: string; ldapPassword?: string }
/** A connection with all that tells of auto-mapping beside it; `tokens` where it signs in as an app. */
export type Opened = {
  connection: ExchangeConnection
  witnesses: Witnesses
  /** What is wrong with the directory on premises; null where it can be read. Left out: none is entered. */
  directoryTrouble?: () => Promise<string | null>
  tokens?: (fresh?: boolean) => Promise<AppToken>
}

export const EXCHANGE_SCOPE = 'https://outlook.office365.com/.default'

/** What other clouds call Exchange (section 2.1, sovereign hosts). */
const SCOPES: Record<string, string> = {
  'https://outlook.office365.us': 'https://outlook.office365.us/.default',
  'https://outlook-dod.office365.us': 'https://outlook-dod.office365.us/.default',
  'https://partner.outlook.cn': 'https://partner.outlook.cn/.default',
}

export type OpenDeps = { secrets: Pick<Secrets, 'decrypt'>; clock: Clock; pwsh?: string[] | undefined }

/**
 * Opens a stored connection. One that only plans has nobody to ask.
 * @throws ExchangeError where what it needs is not entered
 */
export function openConnection(row: ExchangeConnectionRow, { secrets, clock, pwsh }: OpenDeps): Opened {
  const { settings, platform, kind } = row
  const sealed = secretsOf(row, secrets)
  const witnesses: Witnesses = {}
  const { ldapUrl, ldapBaseDn: baseDn, ldapBindDn: bindDn } = settings
  const directory = { url: ldapUrl, baseDn, bindDn, password: sealed.ldapPassword ?? '' }
  if (settings.ldapUrl) {
    witnesses.links = (mailboxDn) => readLinks(directory, mailboxDn)
  }
  const asked = settings.ldapUrl ? { directoryTrouble: () => directoryTrouble(directory) } : {}
  if (kind === 'plan-only') return { connection: planOnly(platform), witnesses, ...asked }
  if (kind === 'pwsh')
    return { connection: openPwsh({ command: pwsh ?? ['pwsh'], platform, clock }), witnesses, ...asked }
  const credential = sealed.privateKey
    ? ({ by: 'certificate', privateKey: sealed.privateKey, thumbprint: settings.certificateThumbprint } as const)
    : ({ by: 'secret', clientSecret: sealed.clientSecret ?? '' } as const)
  const scope = scopeOf(settings)
  const tokens = appTokens(
    { authority: settings.authority, tenant: settings.tenant, clientId: settings.clientId, scope, credential },
    clock,
  )
  const { autodiscoverUrl: url } = settings
  if (url) {
    witnesses.ask = async (address) => {
      const { token } = await tokens()
      const soap = await askAutodiscover({ url, protocol: 'soap', token }, address)
      if (soap.is === 'settings') return { answer: soap, source: 'autodiscover-soap' }
      const pox = await askAutodiscover({ url, protocol: 'pox', token }, address)
      return { answer: pox.is === 'settings' ? pox : soap, source: 'autodiscover-pox' }
    }
  }
  const connection = openExoRest({ exchangeUrl: settings.exchangeUrl, tokens, clock, platform, kind })
  return { connection, witnesses, tokens, ...asked }
}

/** What a token for Exchange is asked for, in the cloud where it is. */
export function scopeOf({ exchangeUrl }: Pick<ExchangeSettings, 'exchangeUrl'>): string {
  return SCOPES[exchangeUrl] ?? EXCHANGE_SCOPE
}

/** What was sealed; nothing where nothing was. */
export function secretsOf(
  { secrets: text }: ExchangeConnectionRow,
  secrets: Pick<Secrets, 'decrypt'>,
): ConnectionSecrets {
  // The cast: nobody but us wrote it.
  return text === '' ? {} : (JSON.parse(secrets.decrypt(text)) as ConnectionSecrets)
}

/** Nobody is asked and nothing is sent: an admin carries files. */
function planOnly(platform: 'exo' | 'onprem'): ExchangeConnection {
  return {
    kind: 'plan-only',
    platform,
    capabilities: async () => ({
      cmdlets: [],
      canWrite: false,
      documented: true,
      clearAutoMapping: platform === 'exo',
    }),
    async invoke() {
      throw new ExchangeError(
        'READ_ONLY',
        'This connection only plans: run collect.ps1 and bring its file, then run the script.',
      )
    },
    close: async () => {},
  }
}
