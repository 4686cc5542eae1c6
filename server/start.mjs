// The first file of every script. Plain JavaScript without dependencies, so that it runs on whatever Node a
// machine has: it installs what is missing, then goes on under the Node that the project pins.
//   node server/start.mjs COMMAND …          runs `downfield COMMAND …`
//   node server/start.mjs --tool FILE.ts …   runs another TypeScript file of the project (tests, benchmarks)
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const windows = process.platform === 'win32'
const pinned = path.join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node')
const OLDEST = [24, 7]
// On a machine with much memory V8 lets what is young grow to 128 MB before it clears up. It can be told only at the
// start. With this the server needs a hundred megabytes less, and no more time.
const FLAGS = ['--max-semi-space-size=8']
const ENVIRONMENT = {
  // Each thread would keep the memory that it freed for itself (mallopt(3), M_ARENA_MAX).
  MALLOC_ARENA_MAX: '2',
  // What was compiled once is kept: each thread starts in less time, and with less memory.
  NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'downfield', 'compiled'),
}

// Says that this process is the child of another start.mjs that made everything ready.
const HANDED_OVER = '--handed-over'

if (process.argv[2] === HANDED_OVER) {
  process.argv.splice(2, 1)
  endWithLauncher()
  await run()
} else {
  install()
  const command = node()
  const isRightNode = command === process.execPath && FLAGS.every((flag) => process.execArgv.includes(flag))
  if (isRightNode) await run()
  else handOver(command)
}

/** Installs the dependencies unless they are those of the lockfile. */
function install() {
  const modules = path.join(root, 'node_modules')
  // A link leads to what somebody else looks after: installing would empty it.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return
  const lock = path.join(root, 'package-lock.json')
  const mark = path.join(modules, '.cache', 'downfield', 'installed-lock.json')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === readFileSync(lock, 'utf8')) return
  const installed = path.join(modules, '.package-lock.json')
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
    console.error('Installing what Downfield needs. This happens once and takes about a minute.')
    // In a deployment that set NODE_ENV=production the parts that only tests and builds need are left out by npm.
    const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: windows,
    })
    if (status !== 0) {
      console.error(`The installation failed${error ? `: ${error.message}` : ''}. Run "npm ci" in ${root} to see why.`)
      process.exit(1)
    }
  }
  mkdirSync(path.dirname(mark), { recursive: true })
  writeFileSync(mark, readFileSync(lock, 'utf8'))
}

/** The Node to go on with: the pinned one where it exists, else this one if it is new enough. */
function node() {
  if (existsSync(pinned)) return realpathSync(pinned)
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath
  console.error(
    `Downfield needs Node.js ${OLDEST.join('.')} or newer; this is ${process.version}. Install Node.js 24 LTS and start again.`,
  )
  process.exit(1)
}

/** Goes on in this process. */
async function run() {
  const [first, tool = '', ...rest] = process.argv.slice(2)
  const [file, args] =
    first === '--tool' ? [path.join(root, tool), rest] : [path.join(root, 'server', 'cli.ts'), process.argv.slice(2)]
  // Tools such as vite and vitest that are started later run under the same Node.
  const bin = path.join(root, 'node_modules', '.bin')
  process.env.PATH = `${bin}${path.delimiter}${process.env.PATH ?? ''}`
  process.argv = [process.execPath, file, ...args]
  await import('./resolve-drizzle.mjs')
  await import(pathToFileURL(file).href)
}

/** Same arguments, same terminal, signals passed on, its exit status is ours. */
function handOver(command) {
  const child = spawn(command, [...FLAGS, fileURLToPath(import.meta.url), HANDED_OVER, ...process.argv.slice(2)], {
    // The channel says nothing; it closes with this process, however that ends. It does not go through a shell.
    stdio: ['inherit', 'inherit', 'inherit', ...(windows ? [] : ['ipc'])],
    shell: windows,
    env: { ...ENVIRONMENT, ...process.env },
  })
  // A terminal sends Ctrl+C to the child too; passing it on would make it two.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Could not start ${command}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A launcher that is killed can pass nothing on: its child takes that for SIGTERM, rather than run on unseen. */
function endWithLauncher() {
  if (!process.channel) return
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Waiting for that alone keeps nothing running.
  process.channel.unref()
}
