// `npm run corpus [-- -v]`: how well we read mail that others wrote, against what its makers' own tests expect. The corpus
// is no part of the project, for it has licences of its own: CORPUS says where it is.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseMail } from '../../server/mail/read/parse.ts'
import { corpus } from './folder.ts'
import { groupsOf } from './groups.ts'

const root = path.join(import.meta.dirname, '../..')
const adapter = path.join(import.meta.dirname, 'adapter.ts')
/** Archives of ordinary mail: people's mail must not be taken for automatic mail, and threads must come out. */
const BULK = ['linux-mips', 'spamassassin']
const EXTRACT_TIMEOUT_MS = 5 * 60_000

const say = (text: string) => process.stdout.write(`${text}\n`)

if (existsSync(path.join(corpus, 'score'))) process.exitCode = await run(process.argv.slice(2))
else say(`There is no corpus in ${corpus}, so nothing was judged. Set CORPUS to where it is.`)

async function run(args: string[]): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-corpus-'))
  try {
    const bulk = []
    for (const name of BULK) {
      const archive = path.join(corpus, 'bulk', `${name}.tar.gz`)
      if (existsSync(archive) && (await tool('tar', ['-xzf', archive, '-C', folder])) === 0)
        bulk.push(path.join(folder, name))
    }
    const ofScore: Record<string, string[]> = { 'automatic.mjs': bulk }
    const scores = readdirSync(path.join(corpus, 'score')).filter((file) => file.endsWith('.mjs'))
    let failed = 0
    // lib.mjs is what the scores share; threads.mjs judges groups instead of an adapter.
    for (const file of scores.filter((file) => file !== 'lib.mjs' && file !== 'threads.mjs'))
      failed += await score(file, [adapter, ...(ofScore[file] ?? []), ...args])
    for (const mails of bulk) failed += await judgeBulk(mails, folder, scores.includes('threads.mjs'))
    return failed === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function score(file: string, args: string[]): Promise<number> {
  return (await tool(process.execPath, [path.join(corpus, 'score', file), ...args])) === 0 ? 0 : 1
}

/** How fast a folder of mails is read, on one core, and which threads they make. */
async function judgeBulk(mails: string, folder: string, judgesThreads: boolean): Promise<number> {
  const name = path.basename(mails)
  const raws = readdirSync(mails).map((file) => readFileSync(path.join(mails, file)))
  const began = performance.now()
  for (const raw of raws) await parseMail(raw)
  const perSecond = Math.round(raws.length / ((performance.now() - began) / 1000))
  say(`${name.padEnd(20)} ${raws.length} mails, ${perSecond} a second on one core`)
  const expected = `${name.replaceAll('-', '_')}_threads`
  if (!judgesThreads || !existsSync(path.join(corpus, 'expect', `${expected}.jsonl`))) return 0
  const groups = path.join(folder, `${expected}.jsonl`)
  const threads = await groupsOf(raws, folder)
  writeFileSync(groups, threads.map((ids) => JSON.stringify({ ids })).join('\n'))
  return await score('threads.mjs', [groups, expected])
}

async function tool(command: string, args: string[]): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: EXTRACT_TIMEOUT_MS,
    env: { ...process.env, CORPUS: corpus },
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}
