// `npm test [-- ARGUMENTS OF VITEST]`: says what the machine has, builds the pages, runs every test that can run here.
// With DOWNFIELD_TEST_REQUIRE=1, as in CI, a missing part is a failure and so is each skipped test.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildWeb } from '../server/build.ts'
import { explain } from '../server/cli/explain.ts'
import { findParts, type Part } from './parts.ts'
import { SKIPPED_FILE, type Skipped } from './skipped.ts'

const root = path.join(import.meta.dirname, '..')
const required = process.env.DOWNFIELD_TEST_REQUIRE === '1'
const say = (text: string) => process.stderr.write(`${text}\n`)

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(explain(error, process.env))
  process.exitCode = 1
}

async function run(args: string[]): Promise<number> {
  const parts = findParts()
  const all = Object.values(parts)
  for (const part of all) say(found(part))
  const missing = all.filter(({ place }) => !place)
  if (required && missing.length > 0) {
    say(`DOWNFIELD_TEST_REQUIRE=1 asks for all of them. Missing: ${missing.map(({ name }) => name).join(', ')}.`)
    return 1
  }
  await buildWeb((text) => process.stderr.write(text))
  // The browser talks to a whole server with a real mailbox.
  const browser = parts.chromium.place && parts.dovecot.place
  const projects = ['sqlite', ...(parts.postgres.place ? ['postgres'] : []), 'web', ...(browser ? ['e2e'] : [])]
  const { status, skipped } = await runVitest(args, args.some((arg) => arg.startsWith('--project')) ? [] : projects)
  for (const { name, without } of missing) say(`Not run, since ${name} is missing: ${without}.`)
  if (skipped.length > 0) {
    say(`\nSkipped: ${skipped.length}`)
    for (const { test, reason } of skipped) say(`  ${test}${reason ? `: ${reason}` : ''}`)
  }
  if (required && skipped.length > 0) {
    say('DOWNFIELD_TEST_REQUIRE=1 allows no skipped test.')
    return 1
  }
  return status
}

function found({ name, place, origin, install, without }: Part): string {
  if (place) return `${name}: ${place}${origin ? ` (${origin})` : ''}`
  return `${name}: missing, so ${without} do not run. To install it: ${install}`
}

async function runVitest(args: string[], projects: string[]): Promise<{ status: number; skipped: Skipped[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-test-'))
  const file = path.join(folder, 'skipped.json')
  const named = args.some((arg) => /^(-t|--testNamePattern)/.test(arg)) ? { DOWNFIELD_TEST_NAMED: '1' } : {}
  try {
    const vitest = spawn(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...projects.map((project) => `--project=${project}`),
        '--reporter=default',
        `--reporter=${path.join(root, 'test/skipped.ts')}`,
        ...args,
      ],
      { cwd: root, stdio: 'inherit', env: { ...process.env, ...named, [SKIPPED_FILE]: file } },
    )
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => vitest.kill(signal))
    const [code] = await once(vitest, 'exit')
    return { status: Number(code ?? 1), skipped: read(file) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nothing where vitest ended before it ran anything. */
function read(file: string): Skipped[] {
  try {
    // The cast: written by our own reporter.
    return JSON.parse(readFileSync(file, 'utf8')) as Skipped[]
  } catch {
    return []
  }
}
