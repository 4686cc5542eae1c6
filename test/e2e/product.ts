import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')
const START_MS = 110_000
/** As server/start.mjs goes on. */
const FLAGS = ['--max-semi-space-size=8', '--import', path.join(root, 'server/resolve-drizzle.mjs')]
const KEPT = { PATH: process.env.PATH, NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/downfield/compiled') }

export type Product = Awaited<ReturnType<typeof startProduct>>

/** Downfield as an admin starts it: a process of its own, on a free port, with an empty data folder. */
export async function startProduct({ command = 'serve', env = {} as Record<string, string> } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-e2e-'))
  let output = ''
  let child: ChildProcess

  async function start(): Promise<string> {
    output = ''
    child = spawn(process.execPath, [...FLAGS, path.join(root, 'server/cli.ts'), command], {
      cwd: root,
      env: { ...KEPT, DOWNFIELD_DATA: folder, DOWNFIELD_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    const until = Date.now() + START_MS
    for (;;) {
      const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output)?.[0]
      if (url && (await answers(url))) return url
      if (child.exitCode !== null || Date.now() > until) throw new Error(`Downfield did not start.\n${output}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL') {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }

  const url = await start()
  return {
    url,
    folder,
    /** What it printed since it was started. */
    output: () => output,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  )
}
