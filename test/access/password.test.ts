import { expect, test } from 'vitest'
import { checkPassword, hashPassword, weakness } from '../../server/access/password.ts'

const ada = { email: 'ada.lovelace@northwind.example', name: 'Ada Lovelace' }

test('a password is stored as Argon2id with the cost in front, and only it opens the account', async () => {
  const stored = await hashPassword('nine lives of a cat')

  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await checkPassword('nine lives of a cat', stored)).toBe(true)
  expect(await checkPassword('nine lives of a dog', stored)).toBe(false)
  expect(await checkPassword('', stored)).toBe(false)
})

test('the hash of another Argon2id implementation is understood', async () => {
  // RFC 9106's reference implementation: echo -n "password" | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await checkPassword('password', stored)).toBe(true)
})

test('where nothing is stored, no password is right', async () => {
  expect(await checkPassword('anything at all', null)).toBe(false)
  expect(await checkPassword('anything at all', undefined)).toBe(false)
  expect(await checkPassword('anything at all', 'rubbish')).toBe(false)
})

test('a password typed with composed or decomposed letters is the same one', async () => {
  const stored = await hashPassword('Grüße aus Köln'.normalize('NFC'))
  expect(await checkPassword('Grüße aus Köln'.normalize('NFD'), stored)).toBe(true)
})

test.each([
  ['short', 'must have at least 10 characters'],
  ['aaaaaaaaaaaaaaa', 'repeats the same few characters'],
  ['1212121212', 'repeats the same few characters'],
  ['Password123!', 'is among the first that attackers try'],
  ['1234567890', 'is among the first that attackers try'],
  ['qwertyuiop', 'is among the first that attackers try'],
  ['poiuytrewq', 'is among the first that attackers try'],
  ['administrator', 'is among the first that attackers try'],
  ['ada.lovelace@northwind.example', 'is made of your own name or address'],
  ['AdaLovelace', 'is made of your own name or address'],
  ['Ada Lovelace 1815', 'is made of your own name or address'],
  ['northwind.example', 'is made of your own name or address'],
])('%s is refused: it %s', (password, why) => {
  expect(weakness(password, ada)).toContain(why)
})

test.each(['nine lives of a cat', 'Xk7#qPz9!m', '密码很长但是没有人能猜到它', 'tr0ub4dor and three'])(
  '%s is fine',
  (password) => {
    expect(weakness(password, ada)).toBeUndefined()
  },
)
