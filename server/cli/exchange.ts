import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { readConfig } from '../config.ts'
import { openDns } from '../net/dns.ts'
import { BadInput, type Blocker } from '../provisioning/bad-input.ts'
import type { Check } from '../provisioning/checks.ts'
import { readAutodiscover } from '../provisioning/doctor/autodiscover.ts'
import { diagnose, domainsInQuestion } from '../provisioning/doctor/doctor.ts'
import { diagnosisText } from '../provisioning/doctor/doctor-text.ts'
import { CLIENTS, SYMPTOMS } from '../provisioning/doctor/finding.ts'
import { askAutodiscover } from '../provisioning/domain/ask.ts'
import { oneLine } from '../provisioning/one-line.ts'
import { optionsOf, optionsText } from '../provisioning/options.ts'
import {
  OUTLOOK_VERSIONS,
  type OutlookVersion,
  outlookRegistry,
  REGISTRY_FORMATS,
} from '../provisioning/outlook-registry.ts'
import type { Plan } from '../provisioning/plan/plan.ts'
import { readWantedFile } from '../provisioning/plan/plan-file.ts'
import { planText } from '../provisioning/plan/plan-text.ts'
import { planScript } from '../provisioning/plan/script.ts'
import { readSnapshot, type Snapshot } from '../provisioning/snapshot.ts'
import { viewsOf, viewsText } from '../provisioning/views.ts'
import { BadUsage, command } from './command.ts'
import { check } from './words.ts'

const NO_SNAPSHOT = 'Say with --snapshot what is there. "downfield exchange collect" prints the script that finds out.'
const WISHES = ['sent', 'deleted', 'both'] as const
const FORMATS = ['text', 'ps1', 'json']
const COLLECT = path.join(import.meta.dirname, '../provisioning/collect.ps1')

export const exchangePlan = command({
  usage: 'FILE --snapshot FILE.json',
  about: `
FILE says in YAML what is wanted of a shared mailbox or a group. The snapshot says what is there: "downfield exchange collect"
prints the script that writes it. Nothing is changed. The exit status is 1 where something stops the plan.`,
  takes: [1, 1],
  options: {
    snapshot: { type: 'string', value: 'FILE.json', help: 'What collect.ps1 wrote about the mailbox.' },
    format: { type: 'string', value: 'HOW', help: `${FORMATS.join(', ')}. Without it: text.` },
  },
  async run({ out, err }, [file], { snapshot: snapshotFile, format = 'text' }) {
    if (!FORMATS.includes(format)) throw new BadUsage(`--format must be ${FORMATS.join(', ')}.`)
    if (!snapshotFile) {
      throw new BadUsage(
        'Say with --snapshot what is there. "downfield exchange collect" prints the script that finds out.',
      )
    }
    const { plan, snapshot, identity, checks } = await makePlan(file!, snapshotFile)
    const isBlocked = plan.blockers.length > 0
    if (format === 'json') out(`${JSON.stringify(plan, null, 2)}\n`)
    if (format === 'text' && snapshot) out(planText(plan, identity, snapshot.platform))
    else if (isBlocked) for (const { message } of plan.blockers) err(`${oneLine(message)}\n`)
    if (format === 'ps1' && snapshot && !isBlocked)
      out(planScript(plan, identity, snapshot.platform, checks, Date.now()))
    return isBlocked ? 1 : 0
  },
})

const READ_FORMATS = ['text', 'json'] as const

export const exchangeDoctor = command({
  usage: 'USER --snapshot FILE.json',
  about: `
Goes through everything that keeps a shared mailbox from appearing in somebody's Outlook, or makes it appear unwanted,
and says what mends it. The snapshot is what collect.ps1 wrote. The XML of Autodiscover is what Outlook shows under
"Test E-mail AutoConfiguration"; it is read as it was copied.`,
  takes: [1, 1],
  options: {
    snapshot: { type: 'string', value: 'FILE.json', help: 'What collect.ps1 wrote about the mailbox.' },
    client: { type: 'string', value: 'PROGRAM', help: `${CLIENTS.join(', ')}. Without it: outlook-classic.` },
    symptom: { type: 'string', value: 'WHAT', help: `${SYMPTOMS.join(' or ')}. Without it: missing.` },
    autodiscover: { type: 'string', value: 'FILE.xml', help: "What Autodiscover told the user's Outlook." },
    granted: { type: 'string', value: 'TIME', help: 'When access was granted, such as 2026-11-21T09:00:00Z.' },
    'computer-domain': { type: 'string', value: 'DOMAIN', help: "The domain of the user's computer." },
    dns: { type: 'boolean', help: 'Ask DNS how Outlook finds its settings. Without it no network is needed.' },
    archive: { type: 'boolean', help: 'The user needs the online archive of the mailbox.' },
    'copies-by-registry': { type: 'boolean', help: 'The computer has DelegateSentItemsStyle set to 1.' },
    format: { type: 'string', value: 'HOW', help: `${READ_FORMATS.join(' or ')}. Without it: text.` },
  },
  async run({ out, env }, [user], values) {
    const format = check(z.enum(READ_FORMATS), '--format', values.format ?? 'text')
    if (!values.snapshot) {
      throw new BadUsage(
        'Say with --snapshot what is there. "downfield exchange collect" prints the script that finds out.',
      )
    }
    const read = readSnapshot(await readFile(values.snapshot, 'utf8'), path.basename(values.snapshot))
    const at = values.granted && check(z.iso.datetime({ offset: true }), '--granted', values.granted)
    const granted = at ? [{ user: user!, did: 'granted' as const, at }] : []
    const snapshot = { ...read, ledger: [...read.ledger, ...granted] }
    const question = {
      user: user!,
      client: check(z.enum(CLIENTS), '--client', values.client ?? 'outlook-classic'),
      symptom: check(z.enum(SYMPTOMS), '--symptom', values.symptom ?? 'missing'),
      now: Date.now(),
      answer: values.autodiscover ? readAutodiscover(await readFile(values.autodiscover, 'utf8')) : undefined,
      computerDomain: values['computer-domain'],
      needsArchive: values.archive,
      copiesByRegistry: values['copies-by-registry'],
    }
    const domains = values.dns
      ? await askAutodiscover(openDns(readConfig(env).dnsServers), domainsInQuestion(snapshot, question), snapshot)
      : undefined
    const found = diagnose(snapshot, { ...question, domains })
    out(format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : diagnosisText(found))
    return 0
  },
})

export const exchangeCheck = command({
  usage: '--snapshot FILE.json',
  about: `
Shows who has which rights, as the commands would that an admin types to look, and what each line means.`,
  options: {
    snapshot: { type: 'string', value: 'FILE.json', help: 'What collect.ps1 wrote about the mailbox.' },
    format: { type: 'string', value: 'HOW', help: `${READ_FORMATS.join(' or ')}. Without it: text.` },
  },
  async run({ out }, _, values) {
    const format = check(z.enum(READ_FORMATS), '--format', values.format ?? 'text')
    const views = viewsOf(await readSnapshotFile(values.snapshot))
    out(format === 'json' ? `${JSON.stringify(views, null, 2)}\n` : viewsText(views))
    return 0
  },
})

export const exchangeOptions = command({
  usage: '--snapshot FILE.json',
  about: `
The ways to share an address: a pseudonym, a group, a separate account, a shared mailbox, an outside system; what each
leads to, and which of them the address is on now.`,
  options: {
    snapshot: { type: 'string', value: 'FILE.json', help: 'What collect.ps1 wrote about the address.' },
    format: { type: 'string', value: 'HOW', help: `${READ_FORMATS.join(' or ')}. Without it: text.` },
  },
  async run({ out }, _, values) {
    const format = check(z.enum(READ_FORMATS), '--format', values.format ?? 'text')
    const options = optionsOf(await readSnapshotFile(values.snapshot))
    out(format === 'json' ? `${JSON.stringify(options, null, 2)}\n` : optionsText(options))
    return 0
  },
})

export const exchangeOutlook = command({
  about: `
Prints settings for classic Outlook on the computers of delegates: what they send is kept in the shared mailbox, what
they delete goes to its Deleted Items. For sent mail the server's own setting is better (copySentAs in "downfield
exchange plan"); with both, every mail is there twice.`,
  options: {
    outlook: {
      type: 'string',
      value: 'VERSION',
      help: `${Object.keys(OUTLOOK_VERSIONS).join(', ')}. Without it: 365.`,
    },
    what: { type: 'string', value: 'WHAT', help: `${WISHES.join(', ')}. Without it: deleted.` },
    format: { type: 'string', value: 'HOW', help: `${REGISTRY_FORMATS.join(', ')}. Without it: bat.` },
  },
  async run({ out, err }, _, values) {
    const what = check(z.enum(WISHES), '--what', values.what ?? 'deleted')
    const version = check(z.enum(Object.keys(OUTLOOK_VERSIONS)), '--outlook', values.outlook ?? '365')
    const format = check(z.enum(REGISTRY_FORMATS), '--format', values.format ?? 'bat')
    const wish = { sent: what !== 'deleted', deleted: what !== 'sent' }
    // The cast: the schema has let nothing else through.
    out(outlookRegistry({ version: Number(version) as OutlookVersion, ...wish }, format))
    if (wish.sent)
      err('Where the server keeps copies too (MessageCopyForSentAsEnabled), each mail is then there twice.\n')
    return 0
  },
})

export const exchangeCollect = command({
  about: `
Save what is printed as collect.ps1, and run it where Exchange can be reached: after Connect-ExchangeOnline, or in the
Exchange Management Shell. It reads only. "Get-Help .\\collect.ps1" says what it takes.`,
  async run({ out }) {
    out(await readFile(COLLECT, 'utf8'))
    return 0
  },
})

async function readSnapshotFile(file: string | undefined): Promise<Snapshot> {
  if (!file) throw new BadUsage(NO_SNAPSHOT)
  return readSnapshot(await readFile(file, 'utf8'), path.basename(file))
}

type Made = { plan: Plan; snapshot: Snapshot | null; identity: string; checks: Check[] }

/** The plan, or what is wrong with the files: a program that reads JSON learns that as it learns everything else. */
async function makePlan(file: string, snapshotFile: string): Promise<Made> {
  const texts = [await readFile(file, 'utf8'), await readFile(snapshotFile, 'utf8')] as const
  const folder = path.dirname(file)
  const blockers: Blocker[] = []
  const wanted = await readWantedFile(texts[0], path.basename(file), (list) =>
    readFile(path.resolve(folder, list), 'utf8'),
  ).catch((error: unknown) => void collect(blockers, error))
  let snapshot: Snapshot | null = null
  try {
    snapshot = readSnapshot(texts[1], path.basename(snapshotFile))
  } catch (error) {
    collect(blockers, error)
  }
  if (!wanted || !snapshot)
    return { plan: { steps: [], notes: [], blockers }, snapshot: null, identity: '', checks: [] }
  return { plan: wanted.plan(snapshot), snapshot, identity: wanted.identity, checks: wanted.checks(snapshot) }
}

function collect(blockers: Blocker[], error: unknown): void {
  if (!(error instanceof BadInput)) throw error
  blockers.push(...error.blockers)
}
