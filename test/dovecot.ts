import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { TestContext } from 'vitest'
import type { ConnectionSettings } from '../server/mail/connection.ts'

const BINARY = '/usr/sbin/dovecot'
const START_MS = 10_000
/** Dovecot waits long for idle connections. */
const END_MS = 300
const LOOK_EVERY_MS = 20

/** Why tests with Dovecot can't run here; undefined where they can. Where they must run, they do and fail. */
export const noDovecot: string | undefined =
  existsSync(BINARY) || process.env.DOWNFIELD_TEST_REQUIRE === '1' ? undefined : `${BINARY} is not installed`

/** Skips a test that needs Dovecot, with the reason, where there is none. */
export function needsDovecot({ skip }: Pick<TestContext, 'skip'>): void {
  skip(noDovecot !== undefined, noDovecot)
}

/** The password of every account. */
export const PASSWORD = 'pass'

export type Dovecot = Awaited<ReturnType<typeof startDovecot>>

/**
 * A Dovecot of our own in a folder of its own, as an unprivileged user: IMAP and LMTP on free ports, any account.
 * @param sent false for accounts without a Sent folder
 * @param tokeninfo where to ask about the tokens of XOAUTH2; the token is put at its end
 */
export async function startDovecot({ sent = true, tokeninfo = '' } = {}) {
  const root = process.getuid?.() === 0
  const uid = root ? 65_534 : (process.getuid?.() ?? 0)
  const gid = root ? 65_534 : (process.getgid?.() ?? 0)
  const user = root ? 'nobody' : execFileSync('id', ['-un']).toString().trim()
  const group = root ? 'nogroup' : execFileSync('id', ['-gn']).toString().trim()
  // Short: the path of a unix socket holds about a hundred characters.
  const folder = mkdtempSync('/tmp/dc-')
  for (const part of ['', 'run', 'state', 'mail']) {
    mkdirSync(path.join(folder, part), { recursive: true })
    chownSync(path.join(folder, part), uid, gid)
  }
  if (tokeninfo)
    writeFileSync(
      path.join(folder, 'oauth2.conf'),
      `tokeninfo_url = ${tokeninfo}\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n`,
    )
  const xoauth2 = `auth_mechanisms = plain login xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = ${folder}/oauth2.conf
}`
  const imapPort = await freePort()
  const lmtpPort = await freePort()
  writeFileSync(
    path.join(folder, 'dovecot.conf'),
    `
protocols = imap lmtp
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_max_userip_connections = 50
mail_location = maildir:${folder}/mail/%n
${tokeninfo ? xoauth2 : ''}
passdb {
  driver = static
  mechanisms = plain login
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%n allow_all_users=yes
}
namespace inbox {
  inbox = yes
${sent ? '  mailbox "Sent Items" {\n    auto = create\n    special_use = \\Sent\n  }' : ''}
}
service anvil {
  chroot =
  # Otherwise a wrong password makes the next sign-ins wait.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  process_min_avail = 1
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
service stats {
  chroot =
}
`,
  )
  const log = () => (existsSync(path.join(folder, 'log')) ? readFileSync(path.join(folder, 'log'), 'utf8') : '')
  const configuration = ['-c', path.join(folder, 'dovecot.conf')]
  const identity = root ? { uid, gid } : {}
  let process_: ChildProcess

  async function start() {
    // In a process group of its own, so that its children end with it.
    const options = { stdio: 'inherit', detached: true, ...identity, env: { PATH: process.env.PATH } } as const
    process_ = spawn(BINARY, ['-F', ...configuration], options)
    for (const until = Date.now() + START_MS; !(await listens(imapPort)); await sleep(LOOK_EVERY_MS))
      if (Date.now() > until || process_.exitCode !== null) throw new Error(`Dovecot did not start.\n${log()}`)
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL') {
    const { pid, exitCode, signalCode } = process_
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    const gone = new Promise((resolve) => process_.once('exit', resolve))
    const all = (name: NodeJS.Signals) => {
      try {
        process.kill(-pid, name)
      } catch {
        // All of them are gone.
      }
    }
    if (signal === 'SIGTERM') {
      process_.kill(signal)
      await Promise.race([gone, sleep(END_MS)])
    }
    all('SIGKILL')
    await gone
  }

  const maildir = (address: string) => path.join(folder, 'mail', address.split('@')[0]!)

  await start()
  return {
    imapPort,
    log,
    start,
    /** Where the mail of an account lies. */
    maildir,
    /** Runs doveadm with this configuration. */
    doveadm: (...args: string[]) => execFileSync('doveadm', [...configuration, ...args], identity).toString(),

    /** How to reach the IMAP server as an account; the SMTP part points to wherever it is told. */
    settings(address: string, smtpPort = 1, port = imapPort): ConnectionSettings {
      const server = { host: '127.0.0.1', security: 'none', user: address, password: PASSWORD } as const
      return { imap: { ...server, port }, smtp: { ...server, port: smtpPort } }
    },

    /** Delivers mails by LMTP, one after the other: they get UIDs in this order. */
    async deliver(address: string, ...mails: string[]) {
      const connection = new SMTPConnection({ host: '127.0.0.1', port: lmtpPort, lmtp: true, ignoreTLS: true })
      await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
      for (const mail of mails)
        await new Promise<void>((resolve, reject) => {
          connection.send({ from: 'sender@example.com', to: [address] }, mail, (error) =>
            error ? reject(error) : resolve(),
          )
        })
      connection.quit()
    },

    /** Puts many mails into an inbox at once, past LMTP; they came in November 2023. */
    fill(address: string, mails: Iterable<string>) {
      const home = maildir(address)
      for (const part of ['', 'new', 'cur', 'tmp']) {
        mkdirSync(path.join(home, part), { recursive: true })
        chownSync(path.join(home, part), uid, gid)
      }
      let i = -1
      for (const mail of mails) {
        i++
        const file = path.join(home, 'new', `${1_700_000_000 + i}.M${i}P1.filled`)
        writeFileSync(file, mail.replace(/\r?\n/g, '\n'))
        utimesSync(file, 1_700_000_000 + i, 1_700_000_000 + i)
        chownSync(file, uid, gid)
      }
    },

    /** Puts a mail into a folder. */
    save(address: string, folder: string, mail: string) {
      execFileSync('doveadm', [...configuration, 'save', '-u', address, '-m', folder], { ...identity, input: mail })
    },

    /** The flags of each mail in a folder, in order. */
    flagsIn(address: string, folder: string): string[] {
      const args = ['-f', 'tab', 'fetch', '-u', address, 'flags', 'mailbox', folder]
      const [, ...rows] = execFileSync('doveadm', [...configuration, ...args], identity)
        .toString()
        .trimEnd()
        .split('\n')
      return rows.map((flags) => flags.replace('\\Recent', '').trim())
    },

    /** The raw mails in a folder, with CRLF. */
    rawIn(address: string, folder: string): string[] {
      const place = path.join(maildir(address), `.${folder}`, 'cur')
      const files = readdirSync(place).map((name) => readFileSync(path.join(place, name), 'utf8'))
      return files.map((text) => text.replace(/\r?\n/g, '\r\n'))
    },

    /** Makes the n-th of the mails that `fill` put there one that the server can't read. */
    breakMail(address: string, n: number) {
      const place = path.join(maildir(address), 'new')
      const name = readdirSync(place).sort()[n]
      if (name === undefined) throw new Error(`there is no mail ${n}`)
      chmodSync(path.join(place, name), 0)
    },

    /** Loses what the server knew of UIDs: the folder gets another UIDVALIDITY. */
    async forgetUids(address: string) {
      await end('SIGTERM')
      for (const name of readdirSync(maildir(address)))
        if (/^dovecot(\.index|-uidlist)/.test(name)) rmSync(path.join(maildir(address), name))
      await start()
    },

    /** Ends the server in an orderly way; `start` brings it back. */
    pause: () => end('SIGTERM'),
    /** Ends the server in the middle of whatever it does. */
    kill: () => end('SIGKILL'),

    async stop() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Proxy = Awaited<ReturnType<typeof startProxy>>

/**
 * A way to a server of this machine that can be cut, as when a network fails.
 * @param bytesOf how much of what the server says gets through on the next connection before it ends
 */
export async function startProxy(target: number, bytesOf: () => number = () => Number.POSITIVE_INFINITY) {
  const sockets = new Set<net.Socket>()
  let open = true
  const server = net.createServer((client) => {
    if (!open) return void client.destroy()
    const behind = net.connect(target, '127.0.0.1')
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        behind.destroy()
      })
    }
    let left = bytesOf()
    const limited = new Transform({
      transform(chunk: Buffer, _, done) {
        const part = chunk.subarray(0, left)
        left -= part.length
        done(null, part)
        if (left === 0) limited.end()
      },
    })
    limited.on('error', () => {})
    client.pipe(behind)
    behind.pipe(limited).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    /** Ends every connection and refuses new ones. */
    cut() {
      open = false
      for (const socket of sockets) socket.destroy()
    },
    /** Ends the connections of the moment; new ones are let through. */
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    restore() {
      open = true
    },
    stop() {
      this.cut()
      server.close()
    },
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function portOf(server: net.Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

async function listens(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
