import { z } from 'zod'
import { type Auth, SECURITIES, SENT_COPIES } from '../../db/vocabulary.ts'
import { listTeams } from '../access/team.ts'
import { NotFound } from '../errors.ts'
import { connectionOf, graphOf } from '../mail/connection.ts'
import { folderDetails, progressOf } from '../mail/fetch/folder-details.ts'
import { addMailbox, findMailbox, listMailboxes } from '../mail/mailbox.ts'
import { defaultSentCopy } from '../mail/send/sent-copy.ts'
import { passingTokens } from '../mail/sign-in/access-token.ts'
import { type TestedConnection, testConnection } from '../mail/test-connection.ts'
import { askSecrets } from './ask.ts'
import { BadUsage, command, type Terminal } from './command.ts'
import { authOptions, MICROSOFT, readAuth } from './mailbox-auth.ts'
import { withDb } from './open.ts'
import { address, check, columns } from './words.ts'

/** The port that a host without one means, by how the connection is encrypted. */
const PORTS = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } } as const
const HOST = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?<port>\d{1,5}))?$/i
const security = z.enum(SECURITIES)
const sentCopy = z.enum(SENT_COPIES)
const name = z.string().trim().min(1).max(200)
const user = z.string().max(320)
const since = z.iso.date('must be a day such as 2026-03-01.')

export const mailboxAdd = command({
  usage: 'ADDRESS --imap HOST[:PORT] --smtp HOST[:PORT]',
  about: `
Both servers are tried before anything is stored. The password is asked for and not shown; with --password-stdin it is
the first line of stdin. A second line is the password for SMTP, where that has another one. A mailbox at Microsoft 365
signs in with --auth instead: what is asked for then is the client secret of the app.`,
  takes: [1, 1],
  options: {
    imap: { type: 'string', value: 'HOST[:PORT]', help: 'The IMAP server.' },
    'imap-security': { type: 'string', value: 'HOW', help: `${SECURITIES.join(', ')}. Without it: tls.` },
    smtp: { type: 'string', value: 'HOST[:PORT]', help: 'The SMTP server.' },
    'smtp-security': {
      type: 'string',
      value: 'HOW',
      help: `${SECURITIES.join(', ')}. Without it: tls, or starttls on port 587.`,
    },
    user: { type: 'string', value: 'USER', help: 'Who signs in to both. Without it: the address.' },
    'smtp-user': {
      type: 'string',
      value: 'USER',
      help: 'Who signs in to SMTP, where that is somebody else; "" for nobody.',
    },
    name: { type: 'string', value: 'NAME', help: 'The name that recipients see. Without it: the address.' },
    alias: {
      type: 'string',
      value: 'ADDRESS',
      multiple: true,
      help: 'Another address that delivers here. May be repeated.',
    },
    team: { type: 'string', value: 'TEAM', multiple: true, help: 'Only this team sees it. May be repeated.' },
    since: {
      type: 'string',
      value: 'DAY',
      help: 'Leaves mail from before this day alone. Without it: everything comes in.',
    },
    'sent-folder': {
      type: 'string',
      value: 'PATH',
      help: 'The folder with sent mail. Without it: as the server marks it, else by its name.',
    },
    folder: {
      type: 'string',
      value: 'PATH',
      multiple: true,
      help: 'A further folder whose mail comes in. May be repeated.',
    },
    'sent-copy': {
      type: 'string',
      value: 'HOW',
      help: 'append: Downfield files what it sends; server: the server does.',
    },
    ...authOptions,
    'no-test': { type: 'boolean', help: 'Stores the settings without trying them.' },
    'password-stdin': { type: 'boolean', help: 'Reads the password from stdin instead of asking for it.' },
  },
  async run(terminal, [given], values) {
    const mailboxAddress = check(address, 'ADDRESS', given)
    const auth = readAuth(values)
    const usual = auth.oauth ? MICROSOFT : { imap: undefined, smtp: undefined }
    const { imap: imapHost = usual.imap, smtp: smtpHost = usual.smtp } = values
    if (!imapHost || !smtpHost) throw new BadUsage('Name both servers: --imap HOST --smtp HOST.')
    const imap = serverOf('imap', imapHost, values['imap-security'])
    const smtp = serverOf('smtp', smtpHost, values['smtp-security'])
    const imapUser = check(user, '--user', values.user ?? mailboxAddress)
    const smtpUser = check(user, '--smtp-user', values['smtp-user'] ?? imapUser)
    const settings = {
      address: mailboxAddress,
      name: check(name, '--name', values.name ?? mailboxAddress),
      aliases: (values.alias ?? []).map((alias) => check(address, '--alias', alias)),
      sinceAt: values.since === undefined ? null : Date.parse(check(since, '--since', values.since)),
      sentCopy: values['sent-copy'] ? check(sentCopy, '--sent-copy', values['sent-copy']) : defaultSentCopy(smtp.host),
      sentFolder: values['sent-folder'] ?? '',
      moreFolders: values.folder ?? [],
      paused: false,
    }
    const fromStdin = values['password-stdin'] ?? false
    const asked =
      auth.oauth === null
        ? await askPasswords(terminal, { imapUser, smtpUser }, fromStdin)
        : { imapPassword: '', smtpPassword: '', oauthSecret: await askClientSecret(terminal, auth.auth, fromStdin) }
    const { imapPassword, smtpPassword, oauthSecret } = asked

    // Who signs in with an account does so on the page; there is nothing to try before.
    if (!values['no-test'] && auth.auth !== 'oauth_member') {
      const client = auth.oauth && { app: auth.oauth, secret: oauthSecret }
      const accessToken = client ? passingTokens(client, 'mail') : undefined
      const tested = await testConnection({
        auth: auth.auth,
        imap: { ...imap, user: imapUser, password: imapPassword, accessToken },
        smtp: { ...smtp, user: smtpUser, password: smtpPassword, accessToken },
        graph:
          client && auth.sendBy === 'graph'
            ? graphOf(mailboxAddress, client.app, passingTokens(client, 'graph'))
            : undefined,
      })
      if (!tell(terminal, tested)) {
        terminal.err('Nothing was stored. Change the settings, or store them as they are with --no-test.\n')
        return 1
      }
    }
    await withDb(terminal, async ({ db, secrets }) => {
      const now = Date.now()
      await db.write(async (tx) => {
        const teamIds = await teamIdsOf(await listTeams(tx), values.team ?? [])
        const servers = {
          imapHost: imap.host,
          imapPort: imap.port,
          imapSecurity: imap.security,
          imapUser,
          imapPassword,
          smtpHost: smtp.host,
          smtpPort: smtp.port,
          smtpSecurity: smtp.security,
          smtpUser,
          smtpPassword,
        }
        await addMailbox(
          tx,
          secrets,
          { ...settings, ...servers, ...auth, oauthSecret, teamIds, openToAll: teamIds.length === 0 },
          null,
          now,
        )
      })
    })
    terminal.err(
      auth.auth === 'oauth_member'
        ? `${mailboxAddress} is stored. Open its settings in Downfield and sign in there: then its mail comes in.\n`
        : `${mailboxAddress} is connected. Its mail comes in as soon as Downfield runs.\n`,
    )
    return 0
  },
})

export const mailboxList = command({
  async run(terminal) {
    const all = await withDb(terminal, async ({ db }) => {
      const listed = await listMailboxes(db.read, 'all')
      return await Promise.all(
        listed.map(async (mailbox) => ({ ...mailbox, folders: await folderDetails(db.read, mailbox.id) })),
      )
    })
    if (all.length === 0) {
      terminal.err('There is no mailbox yet. Connect one with: downfield mailbox add\n')
      return
    }
    const rows = all.map(({ address, name, watch, folders }) => [
      address,
      name,
      watch.state,
      watch.syncedAt ? new Date(watch.syncedAt).toISOString() : 'never',
      folders.length > 0 ? progressWords(progressOf(folders)) : '',
      watch.summary ?? '',
    ])
    terminal.out(columns([['ADDRESS', 'NAME', 'STATE', 'LAST IN SYNC', 'OLD MAIL', 'TROUBLE'], ...rows]))
  },
})

/** "1,200 of 4,312, 900 a minute, 4 min left" */
function progressWords(progress: ReturnType<typeof progressOf>): string {
  if (!progress) return 'all here'
  const number = new Intl.NumberFormat('en')
  const { done, total, perMinute, msLeft } = progress
  const pace = perMinute ? `, ${number.format(perMinute)} a minute` : ''
  const left = msLeft === null ? '' : `, ${Math.max(1, Math.round(msLeft / 60_000))} min left`
  return `${number.format(done)} of ${number.format(total)}${pace}${left}`
}

export const mailboxTest = command({
  usage: 'ADDRESS',
  takes: [1, 1],
  async run(terminal, [given]) {
    // Inside, since a token that is renewed on the way is stored.
    const tested = await withDb(terminal, async ({ db, secrets }) => {
      const mailbox = await findMailbox(db.read, check(address, 'ADDRESS', given))
      return await testConnection(connectionOf(mailbox, { db, secrets }))
    })
    return tell(terminal, tested) ? 0 : 1
  },
})

async function askPasswords(
  terminal: Terminal,
  { imapUser, smtpUser }: { imapUser: string; smtpUser: string },
  fromStdin: boolean,
) {
  const questions = [`Password of ${imapUser} for IMAP`]
  const other = smtpUser !== imapUser && smtpUser !== '' ? [`Password of ${smtpUser} for SMTP`] : []
  // Who pipes may give a second one in any case.
  const asked = fromStdin ? [...questions, ''] : [...questions, ...other]
  const [imapPassword = '', second] = await askSecrets(terminal, asked, fromStdin)
  return { imapPassword, smtpPassword: smtpUser === '' ? '' : (second ?? imapPassword), oauthSecret: '' }
}

/** An app that signs in by itself has a secret; one that members sign in to may do without. */
async function askClientSecret(terminal: Terminal, auth: Auth, fromStdin: boolean): Promise<string> {
  if (auth === 'oauth_member' && !fromStdin) return ''
  const [secret = ''] = await askSecrets(terminal, ['Client secret of the app'], fromStdin)
  if (!secret) throw new BadUsage('The client secret must not be empty.')
  return secret
}

function serverOf(kind: 'imap' | 'smtp', text: string, how: string | undefined) {
  const { host, port } = HOST.exec(text)?.groups ?? {}
  const example = `${kind}.example.org or ${kind}.example.org:${PORTS[kind].tls}`
  if (!host) throw new BadUsage(`--${kind} must be a host such as ${example}, without a protocol or path.`)
  const usual = kind === 'smtp' && port === '587' ? 'starttls' : 'tls'
  const chosen = check(security, `--${kind}-security`, how ?? usual)
  const number = port === undefined ? PORTS[kind][chosen] : Number(port)
  if (number < 1 || number > 65_535) throw new BadUsage(`--${kind} has port ${port}; ports go from 1 to 65535.`)
  return { host: host.replace(/^\[|\]$/g, ''), port: number, security: chosen }
}

function teamIdsOf(teams: { id: string; name: string }[], names: string[]): string[] {
  return names.map((name) => {
    const team = teams.find((team) => team.name === name)
    if (!team)
      throw new NotFound(
        `There is no team "${name}". Those there are: ${teams.map((t) => t.name).join(', ') || 'none'}.`,
      )
    return team.id
  })
}

/** Says how each server answered. True where both did well. */
function tell({ err }: Terminal, tested: TestedConnection): boolean {
  for (const kind of ['imap', 'smtp'] as const) {
    const { ok, summary, whatToDo, detail } = tested[kind]
    err(`${kind.toUpperCase()}: ${ok ? 'works' : 'does not work'}. ${summary}\n`)
    if (whatToDo) err(`      ${whatToDo}\n`)
    if (!ok && detail) err(`      The server said: ${detail}\n`)
  }
  return tested.imap.ok && tested.smtp.ok
}
