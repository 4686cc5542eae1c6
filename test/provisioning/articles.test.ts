import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// docs/exchange.md ticks off both articles line by line, each line with the tests that show it. A test that is renamed or
// gone would leave a claim that nothing shows.

const root = path.join(import.meta.dirname, '../..')
const docs = readFileSync(path.join(root, 'docs/exchange.md'), 'utf8')

function section(title: string): string {
  const from = docs.indexOf(`\n## ${title}`)
  if (from < 0) throw new Error(`docs/exchange.md has no section ${title}`)
  const to = docs.indexOf('\n## ', from + 1)
  return docs.slice(from, to < 0 ? undefined : to)
}

/** The rows of the table in a section, without its head. */
function rowsOf(title: string): string[][] {
  const lines = section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}

const fileOf = (name: string) =>
  path.join(root, name.startsWith('test/') ? `${name}.test.ts` : `test/provisioning/${name}.test.ts`)

test.each([
  ['The first article, line by line', 55],
  ['The second article, line by line', 18],
])('%s: each line names tests that exist', (title, atLeast) => {
  const rows = rowsOf(title)
  expect(rows.length).toBeGreaterThanOrEqual(atLeast)
  const missing: string[] = []
  for (const [says, here, shown = '', ...more] of rows) {
    expect([says, here, more]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./), []])
    const named = [...shown.matchAll(/`([^`]+)`: "([^"]+)"(?=;|$)/g)]
    // Nothing but tests stands there.
    if (named.map(([whole]) => whole).join('; ') !== shown) missing.push(`${says}: ${shown}`)
    for (const [, name = '', of = ''] of named) {
      const file = fileOf(name)
      const source = existsSync(file) ? readFileSync(file, 'utf8').replaceAll("\\'", "'") : ''
      const isTitle = ["'", '"', '`', ': '].some((before) => source.includes(`${before}${of}`))
      if (!isTitle || !/\btest[.(]/.test(source)) missing.push(`${name}: ${of}`)
    }
  }
  expect(missing).toEqual([])
})

test('what is said to be tested names files that are there', () => {
  const rows = rowsOf('What was tested how')
  const names = rows.flatMap(([, against = '']) =>
    [...against.matchAll(/[(,] ?`([a-z/-]+)`/g)].map(([, name = '']) => name),
  )
  expect(new Set(names).size).toBeGreaterThan(15)
  expect(names.filter((name) => !existsSync(fileOf(name)))).toEqual([])
})

test('every file that tests provisioning is spoken of', () => {
  const files = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? [])
  expect(files.filter((name) => !docs.includes(`\`${name}\``))).toEqual([])
})
