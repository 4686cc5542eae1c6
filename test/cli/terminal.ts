import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { runCommand } from '../../server/cli/run.ts'

/** A folder that is gone after the test. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export type Said = { status: number; out: string; err: string }

/** Runs commands as on a machine of its own: with its own data folder, without a terminal. */
export async function openMachine(env: Record<string, string> = {}) {
  const folder = await openFolder()
  const settings = { DOWNFIELD_DATA: path.join(folder, 'data'), ...env }

  async function run(argv: string[], stdin = ''): Promise<Said> {
    const said = { out: '', err: '' }
    const status = await runCommand(argv, {
      stdin: Readable.from(stdin === '' ? [] : [stdin]),
      out: (text) => {
        said.out += text
      },
      err: (text) => {
        said.err += text
      },
      isTTY: false,
      env: settings,
    })
    return { status, ...said }
  }
  return { folder, env: settings, run }
}
