import { isIP } from 'node:net'
import path from 'node:path'
import { z } from 'zod'
import { fieldErrors } from './wording.ts'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Everything that can be set from outside. Each has a default that works on one machine. */
export type Config = {
  host: string
  /** 0 takes any free port. */
  port: number
  /** The folder of everything that is kept: database, raw mails, key. */
  dataDir: string
  /** A postgres:// URL, or the path of the SQLite file. */
  databaseUrl: string
  /** Under which address people reach Downfield, without a slash at its end; none: as their browser says. */
  publicUrl: string | undefined
  /** Whether a proxy of ours stands in front, so that its X-Forwarded-For is believed. */
  trustProxy: boolean
  /** The key that encrypts what is secret at rest; none: it is in keyFile. */
  key: string | undefined
  keyFile: string
  logLevel: (typeof LOG_LEVELS)[number]
  /** Where a backup is made each night, and how many stay; none: nowhere. */
  backups: { folder: string; keep: number } | undefined
  /** What runs PowerShell for Exchange, with its arguments; none: pwsh, as it is found. */
  pwsh: string[] | undefined
  /** The DNS servers that are asked about domains of mail, such as 10.0.0.1 or 10.0.0.1:5300; none: the system's. */
  dnsServers: string[] | undefined
}

/** A setting that can't be used. The message names the variable and says what to write. */
export class BadConfig extends Error {
  override name = 'BadConfig'
}

/** Empty is the same as not set: that is how a compose file leaves one out. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema)

const environment = z.object({
  DOWNFIELD_HOST: optional(z.string().default('127.0.0.1')),
  DOWNFIELD_PORT: optional(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535, for example 3000.')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535, for example 3000.')
      .default(3000),
  ),
  DOWNFIELD_DATA: optional(z.string().default('./data')),
  DATABASE_URL: optional(
    z
      .string()
      .regex(
        /^postgres(ql)?:\/\//,
        'must be a URL such as postgres://user:password@host:5432/downfield. Leave it out to use SQLite.',
      )
      .optional(),
  ),
  DOWNFIELD_URL: optional(
    z
      .string()
      .refine(isOrigin, 'must be the address people open, such as https://downfield.example.org, without a path.')
      .transform((url) => new URL(url).origin)
      .optional(),
  ),
  DOWNFIELD_TRUST_PROXY: optional(z.enum(['true', 'false'], 'must be true or false.').default('false')),
  DOWNFIELD_KEY: optional(
    z
      .string()
      .refine(
        (key) => Buffer.from(key, 'base64').length === 32,
        'must be 32 bytes in base64. Make one with: openssl rand -base64 32',
      )
      .optional(),
  ),
  DOWNFIELD_KEY_FILE: optional(z.string().optional()),
  DOWNFIELD_BACKUPS: optional(z.string().optional()),
  DOWNFIELD_BACKUPS_KEEP: optional(
    z
      .string()
      .regex(/^[1-9]\d{0,3}$/, 'must be how many backups are kept, from 1 to 9999.')
      .transform(Number)
      .default(14),
  ),
  DOWNFIELD_PWSH: optional(z.string().optional()),
  DOWNFIELD_DNS: optional(
    z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter(Boolean))
      .refine(
        (servers) => servers.every((server) => isDnsServer(server)),
        'must be addresses of DNS servers, such as 10.0.0.1 or 10.0.0.1:5300, with commas between them.',
      )
      .optional(),
  ),
  DOWNFIELD_LOG: optional(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}.`).default('info')),
})

/**
 * The settings as the environment gives them.
 * @throws BadConfig with a sentence for each variable that can't be used
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const read = environment.safeParse(env)
  if (!read.success) {
    throw new BadConfig(
      fieldErrors(read.error.issues, 'The environment')
        .map(({ message }) => message)
        .join('\n'),
    )
  }
  const set = read.data
  const dataDir = path.resolve(set.DOWNFIELD_DATA)
  return {
    host: set.DOWNFIELD_HOST,
    port: set.DOWNFIELD_PORT,
    dataDir,
    databaseUrl: set.DATABASE_URL ?? path.join(dataDir, 'downfield.db'),
    publicUrl: set.DOWNFIELD_URL,
    trustProxy: set.DOWNFIELD_TRUST_PROXY === 'true',
    key: set.DOWNFIELD_KEY,
    keyFile: path.resolve(set.DOWNFIELD_KEY_FILE ?? path.join(dataDir, 'key')),
    logLevel: set.DOWNFIELD_LOG,
    backups: set.DOWNFIELD_BACKUPS
      ? { folder: path.resolve(set.DOWNFIELD_BACKUPS), keep: set.DOWNFIELD_BACKUPS_KEEP }
      : undefined,
    pwsh: set.DOWNFIELD_PWSH?.trim().split(/\s+/),
    dnsServers: set.DOWNFIELD_DNS,
  }
}

function isDnsServer(text: string): boolean {
  const [, address = ''] = /^\[?([0-9a-f.:]+?)\]?(?::\d{1,5})?$/i.exec(text) ?? []
  return isIP(address) !== 0 || isIP(text) !== 0
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return bare && (url.protocol === 'https:' || url.protocol === 'http:')
}
