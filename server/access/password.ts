import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hashWith = promisify(argon2)

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
export const MIN_PASSWORD = 10
/** A limit, so that nobody makes us hash a novel. */
export const MAX_PASSWORD = 200

/** What is stored of a password: Argon2id (RFC 9106) in PHC form, which says itself how to check it. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, COST)
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain64(salt)}$${plain64(hash)}`
}

/**
 * Whether this is the password. Where nothing is stored, the answer is no after the same work, so that its time does
 * not tell which accounts there are.
 */
export async function checkPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const parts = stored ? PHC.exec(stored)?.groups : undefined
  if (!parts) {
    await derive(password, Buffer.alloc(SALT_BYTES), COST)
    return false
  }
  const cost = { memory: Number(parts.m), passes: Number(parts.t), parallelism: Number(parts.p) }
  const expected = Buffer.from(parts.hash!, 'base64')
  const hash = await derive(password, Buffer.from(parts.salt!, 'base64'), cost)
  return hash.length === expected.length && timingSafeEqual(hash, expected)
}

const PHC =
  /^\$argon2id\$v=19\$m=(?<m>\d{1,8}),t=(?<t>\d{1,3}),p=(?<p>\d{1,3})\$(?<salt>[A-Za-z0-9+/]{11,})\$(?<hash>[A-Za-z0-9+/]{22,})$/

/** The same characters can be written in two ways; NFKC makes them one (RFC 8265, section 4.2). */
async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC'), 'utf8')
  return await hashWith('argon2id', { message, nonce: salt, tagLength: HASH_BYTES, ...cost })
}

/** PHC strings have base64 without padding. */
const plain64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/**
 * Why this password must not be used by this person, as words that go on after "password"; none where it may be.
 * NIST SP 800-63B, section 3.1.1.2: length counts, and what attackers try first is refused; no other rules.
 */
export function weakness(password: string, person: { email: string; name: string }): string | undefined {
  const letters = fold(password)
  if ([...password].length < MIN_PASSWORD) {
    return `must have at least ${MIN_PASSWORD} characters. A few words in a row are easy to remember.`
  }
  if (new Set(letters).size < 5) return 'repeats the same few characters. Choose something less regular.'
  const stem = letters.replace(/[^a-z]+$/, '').replace(/^[^a-z]+/, '')
  if (COMMON.has(letters) || COMMON.has(stem) || isRun(letters)) {
    return 'is among the first that attackers try. Choose a few words that do not belong together.'
  }
  const [local = '', domain = ''] = person.email.toLowerCase().split('@')
  const own = [person.email, local, domain, domain.split('.')[0] ?? '', person.name].map(fold)
  if (own.some((word) => word.length > 2 && (letters === word || stem === word))) {
    return 'is made of your own name or address. Choose something that nobody can look up.'
  }
  return undefined
}

const fold = (text: string) => text.toLowerCase().replace(/\s+/g, '')

/** Neighbours on the keyboard or in the alphabet, all along. */
function isRun(letters: string): boolean {
  const runs = [
    'abcdefghijklmnopqrstuvwxyz',
    '01234567890123456789',
    'qwertyuiopasdfghjklzxcvbnm',
    '1q2w3e4r5t6z7u8i9o0p',
  ]
  const both = runs.flatMap((run) => [run, [...run].reverse().join('')])
  return both.some((run) => run.includes(letters))
}

/** The stems of the common passwords that are long enough; digits and signs around them are taken off first. */
const COMMON = new Set(
  `password passwort passwords mypassword password123 passw0rd p@ssw0rd p@ssword motdepasse contraseña contrasena letmein
  letmeinplease welcome welcomeback willkommen qwertyuiop qwertzuiop qwerty qwertz asdfghjkl iloveyou iloveyouso sunshine
  princess football baseball basketball superman batman trustno1 changeme changemenow changeit administrator admin root
  default secret topsecret hallo hello helloworld correcthorsebatterystaple 1q2w3e4r5t 1qaz2wsx3edc qazwsxedc zaq12wsx
  dragon monkey master mustang michael jennifer liverpool chelsea arsenal manchester downfield downfieldadmin company
  summer winter spring autumn sommer herbst frühling monday friday january february december starwars whatever
  abcdefghij abc123 aaaaaaaaaa proposal proposals northwind test tester testing testtest guest login google microsoft`
    .split(/\s+/)
    .filter(Boolean),
)
