// The `downfield` command. server/start.mjs begins here with the right Node.
import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'

if (process.argv[2] === 'demo') {
  // The demo stands alone: what it makes and throws away must never be somebody's real database.
  delete process.env.DATABASE_URL
} else if (existsSync('.env')) {
  // What is set already wins over the file.
  loadEnvFile('.env')
}

// A reader that has enough, such as `head`, closes the pipe: nobody needs the rest then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Only now, since the engine of the database is chosen by the environment when its modules load (db/columns.ts).
const { runCommand } = await import('./cli/run.ts')

process.exitCode = await runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTTY: process.stderr.isTTY === true,
  env: process.env,
})
