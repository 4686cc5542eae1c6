import { createHash, randomInt } from 'node:crypto'
import { and, count, eq, isNotNull, isNull } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, recoveryCodes, secondFactors } from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import type { Secrets } from './secrets.ts'
import { endSessions } from './session.ts'

// Codes that a program on another device shows (RFC 6238), and codes on paper for when the device is lost.

const ISSUER = 'Downfield'
const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
/** Clocks differ: the code before and the one after are taken too (RFC 6238, section 5.2). */
const WINDOW_STEPS = 1

const RECOVERY_CODES = 10
const RECOVERY_LETTERS = 12
/** Without those that people take for one another. 31 letters, 12 of them: 59 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** What a device needs to know: as text to type, and as an address to be shown as a QR code. */
export type Enrolment = { secret: string; uri: string }

/** How a member's second factor stands. */
export type SecondFactorState = { on: boolean; codesLeft: number }

/**
 * Begins with a device: it counts once its first code was given. Who begins again begins anew.
 * @throws Refused where one counts already
 */
export async function beginSecondFactor(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt'>,
  member: Pick<Member, 'id' | 'email'>,
  secret: Secret,
  now: number,
): Promise<Enrolment> {
  if ((await stateOf(tx, member)).on) throw new Refused('A second factor is on already. Switch it off first.')
  const row = { secret: secrets.encrypt(secret.base32), createdAt: now, confirmedAt: null, lastStep: 0 }
  await tx
    .insert(secondFactors)
    .values({ memberId: member.id, ...row })
    .onConflictDoUpdate({ target: secondFactors.memberId, set: row })
  return { secret: secret.base32, uri: totp(secret, member.email).toString() }
}

export const newSecret = (): Secret => new Secret({ size: SECRET_BYTES })

/** Codes for paper. Made before the transaction, which keeps only what they hash to. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: RECOVERY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)])
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-'),
  )
}

/**
 * The first code of the device: from now on signing in takes one.
 * @param codes for paper, which replace those before
 * @throws Invalid for the field `code`
 */
export async function confirmSecondFactor(
  tx: Tx,
  secrets: Pick<Secrets, 'decrypt'>,
  member: Pick<Member, 'id' | 'email'>,
  code: string,
  codes: string[],
  now: number,
): Promise<void> {
  const factor = await factorOf(tx, member)
  if (!factor || factor.confirmedAt !== null) throw new Refused('Begin with your device first.')
  const step = stepOf(secrets, factor, code, now)
  if (step === null) throw wrong()
  await tx.update(secondFactors).set({ confirmedAt: now, lastStep: step }).where(own(member))
  await replaceRecoveryCodes(tx, member, codes)
  await tell(tx, member, member, 'second factor on', now)
}

/**
 * Looks at the second factor of a member, where one is on: a code of the device or one of paper, each good once.
 * @throws Invalid for the field `code` where there is none, or it is not right
 */
export async function passSecondFactor(
  tx: Tx,
  secrets: Pick<Secrets, 'decrypt'>,
  member: Pick<Member, 'id' | 'email'>,
  code: string,
  now: number,
): Promise<void> {
  const factor = await factorOf(tx, member)
  if (!factor || factor.confirmedAt === null) return
  if (code === '')
    throw new Invalid([{ field: 'code', message: 'code is asked for: the one that your device shows now.' }])
  const step = stepOf(secrets, factor, code, now)
  if (step !== null) {
    await tx.update(secondFactors).set({ lastStep: step }).where(own(member))
    return
  }
  const [used] = await tx
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(
      and(
        eq(recoveryCodes.memberId, member.id),
        eq(recoveryCodes.codeHash, hashOf(code)),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ memberId: recoveryCodes.memberId })
  if (!used) throw wrong()
}

/** New codes for paper; those before are good for nothing any more. */
export async function replaceRecoveryCodes(tx: Tx, member: Pick<Member, 'id'>, codes: string[]): Promise<void> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.memberId, member.id))
  const rows = codes.map((code) => ({ memberId: member.id, codeHash: hashOf(code), usedAt: null }))
  await tx.insert(recoveryCodes).values(rows)
}

/**
 * Takes the second factor away: by the member, or by an admin for whom the device is lost. An admin's doing ends the
 * member's sessions, since nobody knows who has the device.
 */
export async function removeSecondFactor(
  tx: Tx,
  member: Pick<Member, 'id'>,
  by: Pick<Member, 'id'>,
  now: number,
): Promise<void> {
  const gone = await tx.delete(secondFactors).where(own(member)).returning({ id: secondFactors.memberId })
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.memberId, member.id))
  if (gone.length === 0) return
  if (by.id !== member.id) await endSessions(tx, member)
  await tell(tx, member, by, 'second factor off', now)
}

/** Whether it is on, and how many codes for paper are left. */
export async function stateOf(read: Reader, member: Pick<Member, 'id'>): Promise<SecondFactorState> {
  const factor = await factorOf(read, member)
  if (!factor || factor.confirmedAt === null) return { on: false, codesLeft: 0 }
  const [left] = await read
    .select({ n: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.memberId, member.id), isNull(recoveryCodes.usedAt)))
  return { on: true, codesLeft: left?.n ?? 0 }
}

/** Whose sign-in takes one, for who takes it from those who lost their device. */
export async function membersWithSecondFactor(read: Reader): Promise<string[]> {
  const rows = await read
    .select({ id: secondFactors.memberId })
    .from(secondFactors)
    .where(isNotNull(secondFactors.confirmedAt))
  return rows.map(({ id }) => id)
}

async function factorOf(read: Reader, member: Pick<Member, 'id'>) {
  const [factor] = await read.select().from(secondFactors).where(own(member))
  return factor
}

const own = (member: Pick<Member, 'id'>) => eq(secondFactors.memberId, member.id)

const totp = (secret: Secret, label: string) =>
  new TOTP({ issuer: ISSUER, label, secret, period: PERIOD_SECONDS, digits: 6, algorithm: 'SHA1' })

/** The step of time that a code belongs to; null where it is wrong, too old, or was taken before. */
function stepOf(
  secrets: Pick<Secrets, 'decrypt'>,
  factor: { secret: string; lastStep: number },
  code: string,
  now: number,
): number | null {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const secret = Secret.fromBase32(secrets.decrypt(factor.secret))
  const delta = totp(secret, '').validate({ token, timestamp: now, window: WINDOW_STEPS })
  if (delta === null) return null
  const step = Math.floor(now / 1000 / PERIOD_SECONDS) + delta
  return step > factor.lastStep ? step : null
}

/** They are random enough that a plain hash can't be undone. */
const hashOf = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('hex')

const wrong = () =>
  new Invalid([
    { field: 'code', message: 'code is not right, or was used before. Take the one that your device shows now.' },
  ])

async function tell(
  tx: Tx,
  member: Pick<Member, 'id'>,
  by: Pick<Member, 'id'>,
  change: 'second factor on' | 'second factor off',
  now: number,
): Promise<void> {
  await record(tx, { action: 'directory_changed', at: now, memberId: by.id, detail: { change, member: member.id } })
}
