import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
/** The settings of the example with their values. */
const example = [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(
  ([, name, value]) => [name!, value!] as const,
)

test('.env.example has every setting, and no other', () => {
  const known = [...read('server/config.ts').matchAll(/^ {2}([A-Z_]+): optional\(/gm)].map(([, name]) => name)

  expect(known.length).toBeGreaterThan(5)
  expect(example.map(([name]) => name).toSorted()).toEqual(known.toSorted())
})

test('what .env.example says can be used as it is, and gives the defaults where it names them', () => {
  const { DOWNFIELD_URL, DATABASE_URL, DOWNFIELD_BACKUPS, DOWNFIELD_PWSH, DOWNFIELD_DNS, ...defaults } =
    Object.fromEntries(example)

  expect(readConfig(defaults)).toEqual(readConfig({}))
  expect(readConfig({ DOWNFIELD_URL, DATABASE_URL, DOWNFIELD_BACKUPS, DOWNFIELD_PWSH, DOWNFIELD_DNS })).toMatchObject({
    publicUrl: DOWNFIELD_URL,
    databaseUrl: DATABASE_URL,
  })
})
