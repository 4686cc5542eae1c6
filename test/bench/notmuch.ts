import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { processorMsOfEnded } from './processor.ts'

/** notmuch over a folder of mails, or null where it is not installed. It searches threads, as we search issues. */
export function openNotmuch(folder: string, mails: string) {
  if (spawnSync('notmuch', ['--version']).status !== 0) return null
  const config = path.join(folder, 'notmuch-config')
  const settings = [
    `[database]\npath=${folder}\nmail_root=${mails}`,
    '[user]\nname=Bench\nprimary_email=bench@northwind.example',
    '[new]\ntags=new\nignore=/dovecot/;maildirfolder',
    '[search]\nexclude_tags=',
    '[maildir]\nsynchronize_flags=false\n',
  ]
  writeFileSync(config, settings.join('\n'))
  const env = { ...process.env, NOTMUCH_CONFIG: config }
  const run = (...args: string[]) =>
    execFileSync('notmuch', args, { env, maxBuffer: 100_000_000, stdio: ['ignore', 'pipe', 'ignore'] })
  return {
    /** Whether it has indexed them before. */
    isReady: () => existsSync(path.join(folder, '.notmuch/xapian')),
    /** Indexes all, and gives how long it took and how much of the processor. */
    index(): { seconds: number; processorMs: number } {
      const processorBefore = processorMsOfEnded()
      const began = performance.now()
      run('new', '--quiet')
      const seconds = (performance.now() - began) / 1000
      return { seconds, processorMs: processorMsOfEnded() - processorBefore }
    },
    /** The first 50 threads, newest first; @returns milliseconds, with the start of the program */
    search(query: string): number {
      const began = performance.now()
      run('search', '--format=json', '--sort=newest-first', '--limit=50', query)
      return performance.now() - began
    },
  }
}
