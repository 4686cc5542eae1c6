import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

const SLAPD = '/usr/sbin/slapd'
export const hasSlapd = existsSync(SLAPD)
export const BIND = { bindDn: 'cn=reader,dc=contoso,dc=local', password: 'a password with ümlaut' }

/** Attributes of Active Directory that matter here, under numbers of the range for experiments. */
const SCHEMA = `attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'msExchDelegateListLink' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 EQUALITY distinguishedNameMatch )
objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'exchangeUser' SUP top AUXILIARY MAY ( msExchDelegateListLink ) )
`

/** OpenLDAP with one mailbox and those whom its link names. */
export async function startSlapd(mailboxDn: string, links: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-slapd-'))
  const at = (name: string) => path.join(folder, name)
  await mkdir(at('db'))
  await writeFile(at('exchange.schema'), SCHEMA)
  await writeFile(
    at('slapd.conf'),
    `include /etc/ldap/schema/core.schema
include ${at('exchange.schema')}
pidfile ${at('pid')}
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=contoso,dc=local"
rootdn "${BIND.bindDn}"
rootpw "${BIND.password}"
directory ${at('db')}
`,
  )
  const entry = (dn: string, ...more: string[]) => {
    const cn = /^CN=([^,]+)/i.exec(dn)?.[1] ?? ''
    return [
      `dn:: ${Buffer.from(dn).toString('base64')}`,
      'objectClass: person',
      `cn:: ${Buffer.from(cn).toString('base64')}`,
      'sn: x',
      ...more,
    ].join('\n')
  }
  const ldif = [
    'dn: dc=contoso,dc=local\nobjectClass: dcObject\nobjectClass: organization\ndc: contoso\no: Contoso',
    'dn: ou=People,dc=contoso,dc=local\nobjectClass: organizationalUnit\nou: People',
    entry(
      mailboxDn,
      'objectClass: exchangeUser',
      ...links.map((dn) => `msExchDelegateListLink:: ${Buffer.from(dn).toString('base64')}`),
    ),
  ]
  await writeFile(at('data.ldif'), `${ldif.join('\n\n')}\n`)
  const loaded = spawnSync('/usr/sbin/slapadd', ['-f', at('slapd.conf'), '-l', at('data.ldif')], { encoding: 'utf8' })
  if (loaded.status !== 0) throw new Error(loaded.stderr)
  const port = await freePort()
  const url = `ldap://127.0.0.1:${port}`
  const child = spawn(SLAPD, ['-f', at('slapd.conf'), '-h', url, '-d', '0'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  })
  while (!(await answers(port)) && child.exitCode === null) await sleep(20)
  return url
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return (await new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  }).finally(() => socket.destroy())) as boolean
}
