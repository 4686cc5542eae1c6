import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// What may know what. Where you mean to change it, change it here, and say why in ARCHITECTURE.md.

const root = path.join(import.meta.dirname, '..')

/** Which parts a part may import from; `server` are the files at its top that put everything together. */
const MAY_IMPORT: Record<string, string[]> = {
  /** Clocks and calendars: they compute, and everybody may know them, the page too. */
  time: ['time'],
  db: ['db'],
  'server/words': ['server/words', 'db'],
  /** The way to what other people's addresses name. */
  'server/net': ['server/net', 'server/words'],
  /** What is tried until it is told, whatever it is. */
  'server/dispatch': ['server/dispatch', 'server/words', 'db'],
  'server/access': ['server/access', 'server/words', 'server/issues', 'db'],
  'server/issues': ['server/issues', 'server/words', 'db'],
  /** Whom we deal with: people and organizations, as the mail and members tell. */
  'server/people': ['server/people', 'server/issues', 'server/access', 'server/words', 'db'],
  'server/proposals': ['server/proposals', 'server/people', 'server/issues', 'server/access', 'server/words', 'db'],
  'server/mail': ['server/mail', 'server/issues', 'server/access', 'server/words', 'db'],
  /** Who is told of what happens, in the app and by mail. */
  'server/notifications': [
    'server/notifications',
    'server/proposals',
    'server/dispatch',
    'server/net',
    'server/mail',
    'server/issues',
    'server/access',
    'server/words',
    'db',
  ],
  /** What happens by itself; it looks at mail, and tells addresses of the web. */
  'server/rules': [
    'server/rules',
    'server/dispatch',
    'server/mail',
    'server/issues',
    'server/access',
    'server/net',
    'server/words',
    'db',
  ],
  'server/provisioning': [
    'server/provisioning',
    'server/mail',
    'server/issues',
    'server/access',
    'server/net',
    'server/words',
    'db',
  ],
  'server/jobs': ['server/jobs', 'server/issues', 'server/access', 'server/words', 'db'],
  /** It copies rows and files, and knows nothing of what they mean. */
  'server/backup': ['server/backup', 'server/words', 'db'],
  /** It looks at everything that runs, and says how it is. */
  'server/operate': ['server/operate', 'server/backup', 'server/words', 'db'],
  'server/api': [
    'server/api',
    'server/operate',
    'server/notifications',
    'server/rules',
    'server/net',
    'server/provisioning',
    'server/jobs',
    'server/mail',
    'server/proposals',
    'server/people',
    'server/issues',
    'server/access',
    'server/words',
    'db',
  ],
  'server/demo': [
    'server/demo',
    'server/rules',
    'server',
    'server/provisioning',
    'server/mail',
    'server/proposals',
    'server/people',
    'server/issues',
    'server/access',
    'server/words',
    'db',
  ],
  'server/cli': [
    'server/cli',
    'server/demo',
    'server',
    'server/mail',
    'server/provisioning',
    'server/net',
    'server/backup',
    'server/access',
    'server/words',
    'db',
  ],
  server: [
    'server',
    'server/net',
    'server/notifications',
    'server/rules',
    'server/provisioning',
    'server/cli',
    'server/api',
    'server/backup',
    'server/jobs',
    'server/mail',
    'server/proposals',
    'server/people',
    'server/issues',
    'server/access',
    'server/words',
    'db',
  ],
  web: ['web', 'db/vocabulary'],
}

/** Files at the top of server/ that everybody may know: errors, settings, the words for them, the version. */
const WORDS = ['server/errors.ts', 'server/wording.ts', 'server/config.ts', 'server/version.ts']

/** A package that reaches outside has one home. */
const HOMES: [packages: RegExp, homes: RegExp][] = [
  [/^(hono|@hono\/.*|hono-openapi)$/, /^(server\/api\/|server\/main\.ts$|web\/api\.ts$)/],
  [/^imapflow$/, /^server\/mail\/fetch\/imap\.ts$/],
  [/^nodemailer(\/.*)?$/, /^server\/(mail\/send\/(smtp|compose)\.ts|demo\/)/],
  [/^hoodiecrow-imap$/, /^server\/provisioning\/simulator\/mail\/imap-server\.ts$/],
  [/^smtp-server$/, /^server\/(demo\/mailbox|provisioning\/simulator\/mail\/submission)\.ts$/],
  [/^(better-sqlite3|pg)$/, /^db\//],
  [/^csv-parse(\/.*)?$/, /^server\/proposals\/import\/read-table\.ts$/],
  [/^ldapts$/, /^server\/provisioning\/connection\/ldap\.ts$/],
  [/^unpdf$/, /^server\/mail\/files\/pdf\.ts$/],
  [/^yauzl$/, /^server\/mail\/files\/office\.ts$/],
  [/^vite$/, /^server\/(build|dev)\.ts$/],
]

type Import = { file: string; from: string; type: boolean }

const imports = ['time', 'db', 'server', 'web'].flatMap(sources).flatMap(importsOf)

test('the sources are found', () => {
  expect(imports.length).toBeGreaterThan(300)
  expect(new Set(imports.map(({ file }) => part(file)))).toEqual(new Set(Object.keys(MAY_IMPORT)))
})

test('imports point inward', () => {
  const wrong = imports
    .filter(({ from }) => from.startsWith('.'))
    .map(({ file, from, type }) => ({ file, to: path.join(path.dirname(file), from), type }))
    .filter(({ file, to, type }) => !allowed(file, to, type))
  expect(wrong.map(({ file, to }) => `${file} → ${to}`)).toEqual([])
})

test('what reaches outside has one home', () => {
  const wrong = imports
    .filter(({ from, type }) => !from.startsWith('.') && !type)
    .filter(({ file, from }) => HOMES.some(([packages, homes]) => packages.test(from) && !homes.test(file)))
  expect(wrong.map(({ file, from }) => `${file} → ${from}`)).toEqual([])
})

test('a path is written with its ending, as Node needs it', () => {
  const wrong = imports.filter(
    ({ file, from }) => /^(db|server)\//.test(file) && /^\./.test(from) && !/\.\w+$/.test(from),
  )
  expect(wrong).toEqual([])
})

function allowed(file: string, to: string, type: boolean): boolean {
  const at = part(file)
  const target = part(to)
  if (target === 'time') return true
  if (at === 'web') {
    // The page knows the server by its types alone: nothing of it is in the page.
    if (type)
      return (
        target === 'web' ||
        /^(server\/(api|issues|jobs|people|proposals|access|mail|notifications|rules)|db)\b/.test(target)
      )
    return target === 'web' || to === 'db/vocabulary.ts'
  }
  return MAY_IMPORT[at]?.includes(target) ?? false
}

function part(file: string): string {
  if (WORDS.includes(file)) return 'server/words'
  const [top = '', next = ''] = file.split('/')
  if (top !== 'server') return top
  return /\.\w+$/.test(next) ? 'server' : `server/${next}`
}

function sources(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  const found: Import[] = []
  for (const [, type, from] of text.matchAll(/^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'/gm))
    found.push({ file, from: from!, type: type !== undefined })
  for (const [, from] of text.matchAll(/^import\s+'([^']+)'/gm)) found.push({ file, from: from!, type: false })
  for (const [, from] of text.matchAll(/\bimport\('([^']+)'\)/g)) found.push({ file, from: from!, type: false })
  return found
}
