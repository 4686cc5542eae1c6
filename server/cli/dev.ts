import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { BadConfig } from '../config.ts'
import { command } from './command.ts'

const root = path.join(import.meta.dirname, '../..')
const WATCHED = ['server', 'db', 'migrations']

export const dev = command({
  async run({ env }) {
    if (!existsSync(path.join(root, 'node_modules/vite'))) {
      throw new BadConfig('The tools for development are not installed. Run: npm ci --include=dev')
    }
    const watch = ['--watch', '--watch-preserve-output', ...WATCHED.map((folder) => `--watch-path=${folder}`)]
    const child = spawn(process.execPath, [...watch, 'server/dev.ts'], { cwd: root, stdio: 'inherit', env })
    let told = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        told = true
        child.kill(signal)
      })
    }
    const [code] = await once(child, 'exit')
    // Node's watcher gives the signal for its status.
    return told ? 0 : Number(code ?? 1)
  },
})
