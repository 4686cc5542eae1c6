import { availableParallelism } from 'node:os'
import path from 'node:path'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The domain's tests run on both engines; what needs no database, or a browser, runs once. */
const FOLDERS = [
  'access',
  'api',
  'backup',
  'cli',
  'db',
  'demo',
  'deploy',
  'issues',
  'jobs',
  'mail',
  'net',
  'notifications',
  'operate',
  'people',
  'proposals',
  'provisioning',
  'rules',
  'time',
]
const domain = [...FOLDERS.map((folder) => `test/${folder}/**/*.test.ts`), 'test/*.test.ts']
/** On a busy machine a wait for a server or a browser may end too early once; what fails twice is broken. */
const retry = process.env.CI ? 1 : 0
const env = { DB_TWICE: '1', NODE_ENV: 'test' }

/** What takes minutes begins first, so that nothing is left to wait for in the end. */
const LONGEST = ['mail/faults', 'mail/kill', 'provisioning/flip-faults', 'provisioning/kill', 'mail/fetch'].map(
  (name) => `/test/${name}.test.ts`,
)
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((name) => moduleId.endsWith(name))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Tests wait for servers more than they compute: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    execArgv: ['--import', path.join(import.meta.dirname, 'server/resolve-drizzle.mjs')],
    projects: [
      {
        test: {
          name: 'sqlite',
          include: domain,
          environment: 'node',
          isolate: false,
          env,
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'postgres',
          include: [
            'test/{access,api,backup,db,issues,jobs,notifications,people,proposals,rules}/**/*.test.ts',
            'test/mail/{changed-id,fetch,ingest*,outbox,poll,write-back}.test.ts',
          ],
          environment: 'node',
          isolate: false,
          env: { ...env, DATABASE_URL: 'postgres://chosen-per-world' },
          globalSetup: ['test/postgres.ts'],
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [solid({ hot: false })],
        test: { name: 'web', include: ['test/web/**/*.test.{ts,tsx}'], environment: 'happy-dom' },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          env: { NODE_ENV: 'test' },
          // As long as a step in the browser may take.
          expect: { poll: { timeout: 20_000 } },
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
