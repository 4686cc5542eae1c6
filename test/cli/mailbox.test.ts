import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { mailboxes } from '../../db/schema.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { readConfig } from '../../server/config.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { startSmtp } from '../smtp.ts'
import { openMachine } from './terminal.ts'

const ADDRESS = 'proposals@northwind.example'

let dovecot: Dovecot
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

async function openDesk() {
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const machine = await openMachine()
  const { imap } = dovecot.settings(ADDRESS)
  const servers = ['--imap', `${imap.host}:${imap.port}`, '--imap-security', 'none']
  const out = ['--smtp', `127.0.0.1:${smtp.port}`, '--smtp-security', 'none']
  return {
    ...machine,
    add: async (stdin: string, ...more: string[]) =>
      await machine.run(['mailbox', 'add', ADDRESS, ...servers, ...out, '--password-stdin', ...more], stdin),
    async stored() {
      const config = readConfig(machine.env)
      const db = await openDb(config.databaseUrl)
      try {
        const rows = await db.read.select().from(mailboxes)
        const { decrypt } = openSecrets(config)
        return rows.map((row) => ({
          ...row,
          imapPassword: decrypt(row.imapPassword),
          smtpPassword: row.smtpPassword && decrypt(row.smtpPassword),
        }))
      } finally {
        await db.close()
      }
    },
  }
}

test('a mailbox is stored once both servers were tried, its password sealed', async () => {
  const { add, stored, run } = await openDesk()

  const said = await add(
    `${PASSWORD}\n`,
    '--name',
    'Northwind',
    '--alias',
    'Bids@northwind.example',
    '--since',
    '2026-03-01',
  )

  expect(said).toEqual({
    status: 0,
    out: '',
    err: `IMAP: works. Signed in. The inbox has 0 mails.
SMTP: works. Signed in.
${ADDRESS} is connected. Its mail comes in as soon as Downfield runs.
`,
  })
  expect(await stored()).toMatchObject([
    {
      address: ADDRESS,
      name: 'Northwind',
      aliases: ['bids@northwind.example'],
      sinceAt: Date.UTC(2026, 2, 1),
      imapUser: ADDRESS,
      imapPassword: PASSWORD,
      smtpPassword: PASSWORD,
      openToAll: true,
    },
  ])
  const { out } = await run(['mailbox', 'list'])
  expect(out.replace(/ +/g, ' ')).toBe(
    `ADDRESS NAME STATE LAST IN SYNC OLD MAIL TROUBLE\n${ADDRESS} Northwind connecting never\n`,
  )
  expect(await run(['mailbox', 'test', ADDRESS])).toEqual({
    status: 0,
    out: '',
    err: 'IMAP: works. Signed in. The inbox has 0 mails.\nSMTP: works. Signed in.\n',
  })
})

test('a check says what each folder has there and here, and fetches what is missing', async () => {
  const { add, run } = await openDesk()
  await add(`${PASSWORD}\n`, '--since', '2024-01-01')
  // They came in 2023, and then in this moment.
  dovecot.fill(ADDRESS, ['Subject: old\n\nOld\n'])
  expect(await run(['mailbox', 'check', ADDRESS])).toEqual({
    status: 0,
    out: 'INBOX: server 1, here 0, 1 older ones left alone.\nSent Items: server 0, here 0.\n',
    err: '',
  })
  await dovecot.deliver(ADDRESS, 'Subject: one\r\n\r\nOne\r\n', 'Subject: two\r\n\r\nTwo\r\n')
  const { out } = await run(['mailbox', 'check', ADDRESS])
  expect(out.split('\n')[0]).toBe('INBOX: server 3, here 2, 1 older ones left alone.')
  dovecot.doveadm('expunge', '-u', ADDRESS, 'mailbox', 'INBOX', 'uid', '2')
  const after = await run(['mailbox', 'check', ADDRESS])
  expect(after).toMatchObject({ status: 0 })
  expect(after.out).toContain('Gone from the server, marked now: 1 mail (UID 2).')
})

test('with a wrong password nothing is stored, and words say which server refused it', async () => {
  const { add, stored } = await openDesk()

  const { status, err } = await add('wrong\n')

  expect(status).toBe(1)
  expect(err).toContain(`IMAP: does not work. The IMAP server 127.0.0.1 refused the sign-in of ${ADDRESS}.`)
  expect(err).toContain('Nothing was stored.')
  expect(await stored()).toEqual([])
})

test('a second line on stdin is the password for SMTP', async () => {
  const { add, stored } = await openDesk()

  await add(`one\n${PASSWORD}\n`, '--no-test')

  expect(await stored()).toMatchObject([{ imapPassword: 'one', smtpPassword: PASSWORD }])
})

test.each([
  [['--team', 'Nobody'], 'There is no team "Nobody". Those there are: none.\n'],
  [
    ['--imap', 'imaps://mail.example.org/'],
    '--imap must be a host such as imap.example.org or imap.example.org:993, without a protocol or path.\n',
  ],
  [['--imap', 'mail.example.org:70000'], '--imap has port 70000; ports go from 1 to 65535.\n'],
  [['--smtp-security', 'ssl'], '--smtp-security must be "tls", "starttls" or "none".\n'],
  [['--since', 'yesterday'], '--since must be a day such as 2026-03-01.\n'],
])('%j stores nothing and says what to write', async (more, err) => {
  const { add, stored } = await openDesk()

  expect(await add(PASSWORD, '--no-test', ...more)).toEqual({ status: 1, out: '', err })
  expect(await stored()).toEqual([])
})
