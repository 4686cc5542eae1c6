import net from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { TROUBLES } from '../../db/vocabulary.ts'
import { copyAfter, MAX_SEND_TRIES, reconnectAfter, resendAfter } from '../../server/mail/fetch/back-off.ts'
import { defaultSentCopy } from '../../server/mail/send/sent-copy.ts'
import { testConnection } from '../../server/mail/test-connection.ts'
import { diagnose, StorageFailed } from '../../server/mail/trouble.ts'
import { describeTrouble } from '../../server/mail/trouble-words.ts'
import { type Dovecot, freePort, needsDovecot, noDovecot, startDovecot } from '../dovecot.ts'
import { startSmtp, type TestSmtp } from '../smtp.ts'

const ACCOUNT = 'trouble@northwind.example'

describe('what servers really do', () => {
  let dovecot: Dovecot
  let smtp: TestSmtp
  let secure: TestSmtp
  beforeAll(async () => {
    if (!noDovecot) dovecot = await startDovecot()
    smtp = await startSmtp()
    secure = await startSmtp({ secure: true })
  })
  afterAll(async () => {
    await dovecot?.stop()
    await smtp.stop()
    await secure.stop()
  })

  const fine = () => dovecot.settings(ACCOUNT, smtp.port)
  /** What is told of both servers where both have these settings. */
  async function tryBoth(change: object, withinMs?: number) {
    const { imap, smtp } = fine()
    const tested = await testConnection({ imap: { ...imap, ...change }, smtp: { ...smtp, ...change } }, withinMs)
    return [tested.imap.trouble, tested.smtp.trouble]
  }

  test('with the right settings both are fine, and the inbox is counted', async (context) => {
    needsDovecot(context)
    await dovecot.deliver(ACCOUNT, 'Subject: a\r\n\r\na\r\n')
    const ok = { ok: true, trouble: null, whatToDo: '', detail: '' }
    expect(await testConnection(fine())).toEqual({
      imap: {
        ...ok,
        summary: 'Signed in. The inbox has one mail.',
        folders: ['INBOX', 'Sent Items'],
        sentFolder: 'Sent Items',
        inboxCount: 1,
      },
      smtp: { ...ok, summary: 'Signed in.' },
    })
  })

  test('a wrong password is told as one, with the words of the server', async (context) => {
    needsDovecot(context)
    const { imap, smtp } = fine()
    const tested = await testConnection({ imap: { ...imap, password: 'x' }, smtp: { ...smtp, password: 'x' } })
    expect(tested).toMatchObject({
      imap: {
        ok: false,
        trouble: 'wrong_password',
        summary: `The IMAP server 127.0.0.1 refused the sign-in of ${ACCOUNT}.`,
        detail: 'Authentication failed.',
      },
      smtp: { ok: false, trouble: 'wrong_password', detail: '535 5.7.8 Wrong user or password' },
    })
  })

  test.for([
    ['a name that no server has', { host: 'mail.nowhere.invalid' }, 'name_not_found'],
    ['TLS where the server speaks none', { security: 'tls' }, 'tls'],
    ['STARTTLS where the server has none', { security: 'starttls' }, 'tls'],
  ] as const)('%s', async ([, change, trouble], context) => {
    needsDovecot(context)
    expect(await tryBoth(change)).toEqual([trouble, trouble])
  })

  test('a port that nothing listens on', async (context) => {
    needsDovecot(context)
    expect(await tryBoth({ port: await freePort() })).toEqual(['refused', 'refused'])
  })

  test('a certificate that has expired', async (context) => {
    needsDovecot(context)
    expect(await tryBoth({ port: secure.port, security: 'tls' })).toEqual(['certificate', 'certificate'])
  })

  test('a server that says nothing, and one that hangs up', async (context) => {
    needsDovecot(context)
    expect(await tryBoth({ port: await listen(() => {}) }, 300)).toEqual(['timeout', 'timeout'])
    expect(await tryBoth({ port: await listen((socket) => socket.end()) })).toEqual(['closed', 'closed'])
  })

  test('a service that speaks another language', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const settings = { host: '127.0.0.1', port, security: 'none', user: ACCOUNT, password: 'pass' } as const
    expect((await testConnection({ imap: settings, smtp: settings })).smtp).toMatchObject({
      trouble: 'not_smtp',
      detail: 'HTTP/1.1 400 Bad Request',
    })
  })

  async function listen(on: (socket: net.Socket) => void): Promise<number> {
    const sockets = new Set<net.Socket>()
    const server = net.createServer((socket) => {
      sockets.add(socket.on('error', () => {}))
      on(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const address = server.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }
})

/** An error as imapflow gives it when a command was refused. */
const refusal = (responseText: string, more = {}) =>
  Object.assign(new Error('Command failed'), { responseStatus: 'NO', responseText, ...more })

describe('what errors mean', () => {
  test.each([
    [Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'certificate'],
    [
      Object.assign(new Error("Hostname/IP does not match certificate's altnames"), {
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      }),
      'certificate',
    ],
    [Object.assign(new Error('wrong'), { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }), 'certificate'],
    [Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' }), 'unreachable'],
    [refusal('[ALERT] Your account is not enabled for IMAP use.', { authenticationFailed: true }), 'disabled'],
    [refusal('User is authenticated but not connected.'), 'disabled'],
    [
      Object.assign(new Error('Invalid login'), {
        code: 'EAUTH',
        response: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
      }),
      'disabled',
    ],
    [refusal('[AUTHENTICATIONFAILED] Invalid credentials', { authenticationFailed: true }), 'wrong_password'],
    [
      refusal('[LIMIT] Maximum number of connections from user+IP exceeded', { authenticationFailed: true }),
      'too_many_connections',
    ],
    [refusal('[NONEXISTENT] Unknown Mailbox: INBOX'), 'folder_missing'],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'closed'],
    [new Error('The server closed the connection.'), 'closed'],
    [Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }), 'storage'],
    [Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }), 'storage'],
    [
      new StorageFailed('x', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }),
      'storage',
    ],
    [refusal('Something that nobody has heard of'), 'other'],
    ['not even an error', 'other'],
    [undefined, 'other'],
  ])('%s', (error, trouble) => {
    expect(diagnose(error, 'IMAP').trouble).toBe(trouble)
  })

  test('what a server says is shown without control characters, and not without end', () => {
    expect(diagnose(refusal(`bad\r\n\u001b[31mnews ${'x'.repeat(10_000)}`), 'IMAP').detail).toMatch(
      /^bad \[31mnews x{400,490}$/,
    )
  })
})

describe('words', () => {
  test.each(TROUBLES)('%s is told in whole sentences, with something to do', (trouble) => {
    for (const kind of ['IMAP', 'SMTP'] as const) {
      const words = describeTrouble(trouble, { host: 'mail.example.org', port: 993, kind, user: 'ada@example.org' })
      expect(words.summary).toMatch(/^[A-Z].*\.$/)
      expect(words.whatToDo).toMatch(/^[A-Z].*\.$/)
    }
  })

  test.each([
    ['certificate has expired', 'The certificate of mail.example.org has expired.'],
    [
      'self-signed certificate',
      'The certificate of mail.example.org is not from an authority that this machine trusts.',
    ],
    [
      "Hostname/IP does not match certificate's altnames",
      'The certificate of the server is for another name than mail.example.org.',
    ],
  ])('%s', (detail, summary) => {
    const where = { host: 'mail.example.org', port: 993, kind: 'IMAP', user: '', detail } as const
    expect(describeTrouble('certificate', where).summary).toBe(summary)
  })
})

describe('pauses', () => {
  test('connecting again comes quickly at first, then every five minutes, for ever', () => {
    const waits = [1, 2, 3, 8, 9, 10, 1_000].map((failures) => reconnectAfter(failures, 'refused', 1))
    expect(waits).toEqual([1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000])
    expect(reconnectAfter(10, 'refused', 0)).toBe(150_000)
  })

  test('a refused sign-in is tried hourly at most, and never given up', () => {
    const waits = [1, 2, 3, 4, 1_000].map((failures) => reconnectAfter(failures, 'wrong_password', 1) / 60_000)
    expect(waits).toEqual([1, 5, 15, 60, 60])
  })

  test('sending and filing are given up after some hours', () => {
    const waits = Array.from({ length: MAX_SEND_TRIES }, (_, i) => resendAfter(i + 1))
    expect(waits.slice(0, 4)).toEqual([30_000, 120_000, 600_000, 3_600_000])
    expect(waits.at(-2)).toBe(3_600_000)
    expect(waits.at(-1)).toBeNull()
    expect([copyAfter(1), copyAfter(10)]).toEqual([10_000, null])
  })
})

test.each([
  ['smtp.office365.com', 'server'],
  ['SMTP.Gmail.com.', 'server'],
  ['smtp-mail.outlook.com', 'server'],
  ['mail.northwind.example', 'append'],
  ['notgmail.com', 'append'],
])('the copy of what goes out through %s is filed by %s', (host, who) => {
  expect(defaultSentCopy(host)).toBe(who)
})
