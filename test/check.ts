// `npm run check`: types, format and lint, code that nothing uses, and whether the migrations are those of the schema.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const TIMEOUT_MS = 5 * 60_000

type Result = { ok: boolean; output: string }
const CHECKS: Record<string, () => Promise<Result>> = {
  'types (tsc -b)': () => tool('typescript', 'bin/tsc', ['-b']),
  'format and lint (biome check)': () => tool('@biomejs/biome', 'bin/biome', ['check', '--error-on-warnings']),
  'unused code (knip)': () => tool('knip', 'bin/knip.js', ['--no-progress']),
  'migrations for SQLite (drizzle-kit)': () => migrations('sqlite'),
  'migrations for PostgreSQL (drizzle-kit)': () => migrations('postgres'),
}

const results = await Promise.all(
  Object.entries(CHECKS).map(async ([name, check]) => {
    const began = performance.now()
    const result = await check()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stderr.write(`${result.ok ? 'ok    ' : 'FAILED'} ${name}, ${seconds} s\n`)
    return { name, ...result }
  }),
)
const failed = results.filter(({ ok }) => !ok)
for (const { name, output } of failed) process.stderr.write(`\n---- ${name} ----\n${output.trim()}\n`)
process.exitCode = failed.length > 0 ? 1 : 0

async function tool(name: string, bin: string, args: string[], env: Record<string, string> = {}): Promise<Result> {
  const file = path.join(root, 'node_modules', name, bin)
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: TIMEOUT_MS,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  const [code, signal] = await once(child, 'close')
  return { ok: code === 0, output: signal ? `${output}\nIt did not end within ${TIMEOUT_MS / 1000} seconds.` : output }
}

/** Lets drizzle-kit write the next migration beside a copy: there must be none to write. */
async function migrations(engine: 'sqlite' | 'postgres'): Promise<Result> {
  const source = path.join(root, 'migrations', engine)
  const copy = path.join('node_modules/.cache/downfield/check', engine)
  await rm(path.join(root, copy), { recursive: true, force: true })
  await mkdir(path.dirname(path.join(root, copy)), { recursive: true })
  await cp(source, path.join(root, copy), { recursive: true })
  const dialect = engine === 'postgres' ? 'postgresql' : 'sqlite'
  const args = [`--dialect=${dialect}`, '--schema=./db/schema.ts', '--casing=snake_case', `--out=./${copy}`]
  // The schema is built for the engine that DATABASE_URL names; nothing is connected to.
  const env = { DATABASE_URL: engine === 'postgres' ? 'postgres://generate' : '' }
  const { ok, output } = await tool('drizzle-kit', 'bin.cjs', ['generate', ...args], env)
  const changed = await differences(source, path.join(root, copy))
  if (ok && changed.length === 0) return { ok, output }
  return { ok: false, output: `${output}\nThe schema changed without a migration: run "npm run db:generate".` }
}

async function differences(before: string, after: string): Promise<string[]> {
  const files = await readdir(after, { recursive: true, withFileTypes: true })
  const changed: string[] = []
  for (const { parentPath, name } of files.filter((entry) => entry.isFile())) {
    const file = path.join(parentPath, name)
    const old = await readFile(path.join(before, path.relative(after, file)), 'utf8').catch(() => undefined)
    if (old !== (await readFile(file, 'utf8'))) changed.push(name)
  }
  return changed
}
