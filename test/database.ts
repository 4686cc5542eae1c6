import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { postgres } from '../db/columns.ts'
import { openDb } from '../db/index.ts'
import { databaseUrl, KEPT, TEMPLATE } from './postgres.ts'

/** The declarations of pg do not know of `unref`, by which an idle connection keeps nothing running. */
type Client = pg.Client & { unref(): void }

const root = path.join(import.meta.dirname, '..')
/** Whoever is still connected when a test is over has so long to go, in ms. */
const TO_GO_MS = 5_000

/**
 * A migrated database as it is at first, on the chosen engine.
 * @param folder where its file is, if it is one
 */
export async function openDatabase(folder: string): Promise<{ url: string; leave: () => Promise<void> }> {
  if (postgres) return await openPostgres()
  const url = path.join(folder, 'downfield.db')
  await copyFile(await sqliteTemplate(), url)
  return { url, leave: async () => {} }
}

/** A database, and a connection of our own to it. */
type Used = { url: string; janitor: Client }
/** Databases that nobody is in: making one takes PostgreSQL a hundred times as long as to empty it. */
const free: Used[] = []

/**
 * Has the next database be a new one. What was deleted from one that was used still counts where PostgreSQL guesses how
 * large its tables are, and so for its plans.
 */
export function wantNewDatabase(): void {
  free.length = 0
}

async function openPostgres() {
  const used = free.pop() ?? (await makePostgres())
  return {
    url: used.url,
    async leave() {
      await empty(used.janitor)
      free.push(used)
    },
  }
}

async function makePostgres(): Promise<Used> {
  const server = inject('postgresUrl')
  const name = `world_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name} template ${TEMPLATE}`)
  await client.end()
  const url = databaseUrl(server, name)
  // The cast: as said at the type.
  const janitor = new pg.Client({ connectionString: url }) as Client
  // The server ends before we do, and that is no fault.
  janitor.on('error', () => {})
  await janitor.connect()
  janitor.unref()
  return { url, janitor }
}

/** Leaves the rows that migrations wrote, and sequences at their start. Foreign keys and triggers are not asked. */
async function empty(janitor: Client): Promise<void> {
  await janitor.query(`
    select pg_terminate_backend(pid, ${TO_GO_MS}) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await janitor.query(`
    do $$
    declare
      it record;
    begin
      set local session_replication_role = replica;
      for it in
        select oid::regclass as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
      loop
        execute format('delete from %s', it.name);
      end loop;
      perform setval(seqrelid::regclass, seqstart, false) from pg_sequence;
      for it in
        select oid::regclass as kept, relname as name from pg_class where relnamespace = '${KEPT}'::regnamespace
      loop
        execute format('insert into public.%I table %s', it.name, it.kept);
      end loop;
    end
    $$`)
}

/** A migrated file, made once for each state of the migrations. */
async function sqliteTemplate(): Promise<string> {
  const journal = await readFile(path.join(root, 'migrations/sqlite/meta/_journal.json'), 'utf8')
  // The cast: drizzle-kit's own file.
  const { entries } = JSON.parse(journal) as { entries: { tag: string }[] }
  const hash = createHash('sha256').update(journal)
  for (const { tag } of entries) hash.update(await readFile(path.join(root, `migrations/sqlite/${tag}.sql`)))
  const folder = path.join(root, 'node_modules/.cache/downfield')
  const file = path.join(folder, `template-${hash.digest('hex').slice(0, 16)}.db`)
  const exists = await stat(file).catch(() => undefined)
  if (exists) return file
  await mkdir(folder, { recursive: true })
  const beside = `${file}.${process.pid}.${randomUUID()}`
  // Closing the last connection moves the log into the file.
  await (await openDb(beside)).close()
  await rename(beside, file)
  return file
}
