// What `npm run dev` restarts with each change of the server: the server on a port of its own, and before it Vite,
// which gives the pages as they are being written and passes on everything else.
import { createServer } from 'vite'
import { explain } from './cli/explain.ts'
import { untilSignalled } from './cli/until-signalled.ts'
import { type Config, readConfig } from './config.ts'
import { startServer } from './main.ts'

/** What the server answers; all else is pages. */
const SERVED = ['/api', '/healthz', '/readyz']

/** Starts both and tells where they are. */
async function startDev({ host, port, ...config }: Config) {
  const server = await startServer({ ...config, host: '127.0.0.1', port: 0, publicUrl: `http://localhost:${port}` })
  const target = `http://127.0.0.1:${server.port}`
  const vite = await createServer({
    configFile: 'vite.config.ts',
    server: { host, port, strictPort: true, proxy: Object.fromEntries(SERVED.map((path) => [path, { target }])) },
    clearScreen: false,
    logLevel: 'warn',
  })
  await vite.listen()
  process.stderr.write(`The pages are at http://localhost:${port}, and change as you write.\n`)
  return async () => {
    await vite.close()
    await server.stop()
  }
}

try {
  await untilSignalled(() => startDev(readConfig()))
} catch (error) {
  process.stderr.write(explain(error, process.env))
  process.exitCode = 1
}
