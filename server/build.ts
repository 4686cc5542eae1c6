import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { BUILT } from './api/static.ts'
import { BadConfig } from './config.ts'

const root = path.join(import.meta.dirname, '..')
/** What the pages are made of: their own files, the words they share with the server, and how they are built. */
const SOURCES = ['web', 'db/vocabulary.ts', 'vite.config.ts', 'package-lock.json']

/**
 * Builds the pages where a source is newer than what was built last. A deployment without the build tools keeps what
 * came with it.
 * @throws BadConfig where there is nothing built and nothing to build with
 */
export async function buildWeb(tell: (text: string) => void): Promise<void> {
  const built = await stat(path.join(BUILT, 'index.html')).catch(() => undefined)
  const changed = await Promise.all(SOURCES.map((source) => newest(path.join(root, source))))
  if (built && Math.max(...changed) <= built.mtimeMs) return
  if (!existsSync(path.join(root, 'node_modules/vite'))) {
    if (built) return
    throw new BadConfig('The pages are not built, and what builds them is not installed. Run: npm ci && npm run build')
  }
  tell('Building the pages.\n')
  // The environment decides which parts the page is made of: built once, it is always the one for use.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    const { build } = await import('vite')
    await build({ configFile: path.join(root, 'vite.config.ts'), root: path.join(root, 'web'), logLevel: 'warn' })
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

/** When the file, or the newest below the folder, was changed last; 0 where there is none. */
async function newest(place: string): Promise<number> {
  const found = await stat(place).catch(() => undefined)
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const times = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).mtimeMs),
  )
  // A folder's own time tells that a file is gone.
  return Math.max(found.mtimeMs, ...times)
}
