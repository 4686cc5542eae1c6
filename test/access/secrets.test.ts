import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSecrets } from '../../server/access/secrets.ts'

async function keyFile() {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-key-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return path.join(folder, 'new', 'key')
}

test('the first start makes a key for its owner alone, and later starts use it', async () => {
  const file = await keyFile()
  const sealed = openSecrets({ key: undefined, keyFile: file }).encrypt('grünes Passwort')

  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(openSecrets({ key: undefined, keyFile: file }).decrypt(sealed)).toBe('grünes Passwort')
})

test('a key file that others can read is refused, with the command that helps', async () => {
  const file = await keyFile()
  openSecrets({ key: undefined, keyFile: file })
  await chmod(file, 0o640)
  expect(() => openSecrets({ key: undefined, keyFile: file })).toThrow(`chmod 600 ${file}`)
})

test('a key file without a key is refused and left as it is', async () => {
  const file = await keyFile()
  openSecrets({ key: undefined, keyFile: file })
  await writeFile(file, 'half a k')
  expect(() => openSecrets({ key: undefined, keyFile: file })).toThrow('holds no key')
  expect(await readFile(file, 'utf8')).toBe('half a k')
})

test('the same text is sealed differently each time, and neither another key nor a changed byte opens it', () => {
  const secrets = openSecrets({ key: Buffer.alloc(32, 1).toString('base64'), keyFile: '' })
  const other = openSecrets({ key: Buffer.alloc(32, 2).toString('base64'), keyFile: '' })
  const sealed = secrets.encrypt('secret')

  expect(secrets.encrypt('secret')).not.toBe(sealed)
  expect(secrets.decrypt(sealed)).toBe('secret')
  expect(secrets.decrypt(secrets.encrypt(''))).toBe('')
  expect(() => other.decrypt(sealed)).toThrow("can't be opened with this key")
  const changed = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'Q' : 'A')
  expect(() => secrets.decrypt(changed)).toThrow("can't be opened with this key")
  expect(() => secrets.decrypt('')).toThrow("can't be opened with this key")
})

test('a signature for one purpose says nothing about another', () => {
  const secrets = openSecrets({ key: Buffer.alloc(32, 1).toString('base64'), keyFile: '' })
  expect(secrets.sign('session', 'x')).toEqual(secrets.sign('session', 'x'))
  expect(secrets.sign('session', 'x')).not.toEqual(secrets.sign('image', 'x'))
})
