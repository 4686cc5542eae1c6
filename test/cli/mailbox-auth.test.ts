import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { mailboxes } from '../../db/schema.ts'
import { readConfig } from '../../server/config.ts'
import { type Dovecot, needsDovecot, noDovecot, startDovecot } from '../dovecot.ts'
import { CLIENT_SECRET, DELEGATE, type Microsoft, startMicrosoft } from '../microsoft.ts'
import { startSmtp } from '../smtp.ts'
import { openMachine } from './terminal.ts'

const ADDRESS = 'proposals@contoso.example'

let microsoft: Microsoft
let dovecot: Dovecot
beforeAll(async () => {
  microsoft = await startMicrosoft(ADDRESS)
  if (!noDovecot) dovecot = await startDovecot({ tokeninfo: microsoft.tokeninfoUrl })
})
afterAll(async () => {
  await dovecot?.stop()
  await microsoft?.stop()
})
beforeEach(needsDovecot)

async function openDesk() {
  const machine = await openMachine()
  const smtp = await startSmtp({ takesToken: microsoft.takesAtSmtp })
  onTestFinished(() => smtp.stop())
  const { tenant, clientId, authority, graphUrl } = microsoft.app
  const app = ['--tenant', tenant, '--client-id', clientId, '--authority', authority, '--graph-url', graphUrl]
  const imap = ['--imap', `127.0.0.1:${dovecot.imapPort}`, '--imap-security', 'none']
  const servers = [...imap, '--smtp', `127.0.0.1:${smtp.port}`, '--smtp-security', 'none']
  return {
    ...machine,
    add: async (stdin: string, ...more: string[]) =>
      await machine.run(['mailbox', 'add', ADDRESS, ...servers, ...app, '--password-stdin', ...more], stdin),
    async stored() {
      const db = await openDb(readConfig(machine.env).databaseUrl)
      try {
        return await db.read.select().from(mailboxes)
      } finally {
        await db.close()
      }
    },
  }
}

test('a mailbox that signs in as an app is tried with the secret, stored sealed, and tried again as stored', async () => {
  const { add, stored, run } = await openDesk()

  expect(await add(`${CLIENT_SECRET}\n`, '--auth', 'oauth_app', '--send-by', 'graph')).toEqual({
    status: 0,
    out: '',
    err: `IMAP: works. Signed in. The inbox has 0 mails.
SMTP: works. Signed in to Microsoft Graph. The first mail shows whether it may send from this mailbox.
${ADDRESS} is connected. Its mail comes in as soon as Downfield runs.
`,
  })
  const [mailbox] = await stored()
  expect(mailbox).toMatchObject({ auth: 'oauth_app', oauth: microsoft.app, sendBy: 'graph', sentCopy: 'server' })
  expect(mailbox?.oauthSecret).toMatch(/^v1\./)
  expect(await run(['mailbox', 'test', ADDRESS])).toMatchObject({ status: 0 })
})

test('a wrong client secret stores nothing and says what to do', async () => {
  const { add, stored } = await openDesk()

  const said = await add('wrong\n', '--auth', 'oauth_app')

  expect(said.status).toBe(1)
  expect(said.err).toContain('IMAP: does not work. Microsoft does not know the client secret of the app.')
  expect(said.err).toContain('Enter the value of the secret, not its id.')
  expect(await stored()).toEqual([])
})

test('a mailbox with an account is stored and waits for somebody to sign in', async () => {
  const { add, stored } = await openDesk()

  const said = await add(`${CLIENT_SECRET}\n`, '--auth', 'oauth_member', '--smtp-user', DELEGATE)

  expect(said).toEqual({
    status: 0,
    out: '',
    err: `${ADDRESS} is stored. Open its settings in Downfield and sign in there: then its mail comes in.\n`,
  })
  const [mailbox] = await stored()
  expect(mailbox).toMatchObject({ auth: 'oauth_member', imapUser: ADDRESS, smtpUser: DELEGATE, oauthRefreshToken: '' })
})

test.each([
  [['--auth', 'oauth_app'], '--auth oauth_app needs --tenant and --client-id.'],
  [['--tenant', 'contoso.com'], '--tenant belongs to --auth oauth_app or --auth oauth_member.'],
  [['--send-by', 'graph'], '--send-by graph needs --auth oauth_app or --auth oauth_member.'],
  [
    ['--auth', 'oauth_app', '--tenant', 'c', '--client-id', 'i', '--authority', 'http://login.example.org'],
    '--authority must be an address such as https://login.microsoftonline.com.',
  ],
])('%s', async (options, words) => {
  const { run } = await openMachine()

  const said = await run([
    'mailbox',
    'add',
    ADDRESS,
    '--imap',
    'imap.example.org',
    '--smtp',
    'smtp.example.org',
    ...options,
  ])

  expect(said.status).not.toBe(0)
  expect(said.err).toContain(words)
})
