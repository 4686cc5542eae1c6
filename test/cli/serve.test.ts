import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFolder } from './terminal.ts'

const root = path.join(import.meta.dirname, '../..')

/** Downfield as npm starts it, in a process of its own. */
async function start(argv: string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'server/start.mjs'), ...argv], {
    cwd: root,
    env: { PATH: process.env.PATH, DOWNFIELD_HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const ended = once(child, 'exit').then(([code]) => Number(code))
  // Whatever runs under it holds these streams too.
  const allEnded = once(child, 'close')
  // Told, not killed: it ends what it started in turn, and then itself.
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const heard = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      for (const hear of heard) hear()
    })
  }
  return {
    ended,
    allEnded,
    said: () => said,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** What it says that is like this, as soon as it does. */
    async says(words: RegExp): Promise<string> {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const hear = () => {
        const found = words.exec(said)?.[0]
        if (found) resolve(found)
      }
      heard.add(hear)
      void ended.then(() => reject(new Error(`it ended and said: ${said}`)))
      hear()
      return await promise
    },
  }
}

const fresh = async () => ({ DOWNFIELD_DATA: await openFolder(), DOWNFIELD_PORT: '0' })

test('the first start gives a link for the first admin, and SIGTERM ends it in an orderly way', async () => {
  const server = await start(['serve'], await fresh())
  const url = await server.says(/http:\/\/127\.0\.0\.1:\d+/)
  const link = await server.says(/http:\/\/\S+\/setup\/[\w-]{40,}/)

  expect(link.startsWith(url)).toBe(true)
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true })
  expect(await (await fetch(url)).text()).toContain('<title>Downfield</title>')

  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
})

test('the server ends in an orderly way too when what started it is killed', async () => {
  const env = await fresh()
  const server = await start(['serve'], env)
  const url = await server.says(/http:\/\/127\.0\.0\.1:\d+/)
  expect((await fetch(`${url}/healthz`)).ok).toBe(true)

  server.kill('SIGKILL')
  await server.allEnded
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  // Closing the database moves the log into the file.
  expect(await readdir(env.DOWNFIELD_DATA)).not.toContain('downfield.db-wal')
})

test('a port that is taken ends the start with words, without a trace', async () => {
  const first = await start(['serve'], await fresh())
  const port = (await first.says(/http:\/\/127\.0\.0\.1:\d+/)).split(':').at(-1)!

  const second = await start(['serve'], { ...(await fresh()), DOWNFIELD_PORT: port })

  expect(await second.ended).toBe(1)
  expect(second.said()).toBe(
    `Port ${port} is in use by another program. Stop it, or choose another port with DOWNFIELD_PORT.\n`,
  )
})
