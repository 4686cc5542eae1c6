import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** notmuch over a folder of mails, or null where it is not installed. It searches threads, as we search issues. */
export function openNotmuch(folder: string, mails: string) {
  if (spawnSync('notmuch', ['--version']).status !== 0) return null
  const config = path.join(folder, 'notmuch-config')
  writeFileSync(
    config,
    `[database]\npath=${mails}\n[user]\nname=Bench\nprimary_email=bench@northwind.example\n[new]\ntags=new\nignore=\n[search]\nexclude_tags=\n`,
  )
  const env = { ...process.env, NOTMUCH_CONFIG: config }
  const run = (...args: string[]) =>
    execFileSync('notmuch', args, { env, maxBuffer: 100_000_000, stdio: ['ignore', 'pipe', 'ignore'] })
  return {
    /** Indexes all; @returns seconds */
    index(): number {
      const began = performance.now()
      run('new', '--quiet')
      return (performance.now() - began) / 1000
    },
    /** The first 50 threads, newest first; @returns milliseconds, with the start of the program */
    search(query: string): number {
      const began = performance.now()
      run('search', '--format=json', '--sort=newest-first', '--limit=50', query)
      return performance.now() - began
    },
  }
}
