import { eq } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { type Member, members, type Session } from '../../db/schema.ts'
import { Forbidden, Invalid, NotSignedIn } from '../errors.ts'
import { clearAttempts, countAttempt } from './attempt.ts'
import { checkPassword, hashPassword, weakness } from './password.ts'
import { passSecondFactor } from './second-factor.ts'
import type { Secrets } from './secrets.ts'
import { endSessions, type Origin, startSession } from './session.ts'
import { newToken } from './token.ts'

/**
 * Signs in with address and password, and a code where the account has a second factor, and gives the token for the
 * cookie.
 * @throws NotSignedIn, the same whether the account is unknown, disabled, or the password wrong; Invalid for the field
 * `code` where the password is right and the code is missing or wrong; TooOften
 */
export async function signIn(
  { db, secrets }: { db: Db; secrets: Pick<Secrets, 'decrypt'> },
  { email, password, code }: { email: string; password: string; code: string },
  origin: Origin,
  now: number,
): Promise<{ member: Member; token: string }> {
  const attempt = { email, address: origin.address }
  await countAttempt(db, attempt, now)
  const member = await findByEmail(db.read, email)
  const isRight = await checkPassword(password, member?.passwordHash)
  if (!member || !isRight || member.disabledAt !== null) {
    throw new NotSignedIn('No account has this address and this password.')
  }
  const token = newToken()
  await db.write(async (tx) => {
    await passSecondFactor(tx, secrets, member, code, now)
    await clearAttempts(tx, attempt)
    await startSession(tx, member, token, origin, now)
  })
  return { member, token }
}

/**
 * Changes one's own password and signs out everywhere else.
 * @throws Forbidden where the current one is wrong, Invalid where the new one is weak, TooOften
 */
export async function changePassword(
  db: Db,
  member: Member,
  { current, password }: { current: string; password: string },
  session: Session,
  origin: Origin,
  now: number,
): Promise<void> {
  const attempt = { email: member.email, address: origin.address }
  await countAttempt(db, attempt, now)
  if (!(await checkPassword(current, member.passwordHash))) throw new Forbidden('The current password is not right.')
  refuseWeak(password, member)
  const passwordHash = await hashPassword(password)
  await db.write(async (tx) => {
    await clearAttempts(tx, attempt)
    await setPassword(tx, member, passwordHash, session)
  })
}

/** Puts a password in place and ends all sessions, but the one where it was changed. */
export async function setPassword(
  tx: Tx,
  member: Pick<Member, 'id'>,
  passwordHash: string,
  except?: Pick<Session, 'id'>,
): Promise<void> {
  await tx.update(members).set({ passwordHash }).where(eq(members.id, member.id))
  await endSessions(tx, member, except)
}

/** @throws Invalid for the field `password` */
export function refuseWeak(password: string, person: { email: string; name: string }): void {
  const why = weakness(password, person)
  if (why) throw new Invalid([{ field: 'password', message: `password ${why}` }])
}

async function findByEmail(read: Reader, email: string): Promise<Member | undefined> {
  const [member] = await read.select().from(members).where(eq(members.email, email))
  return member
}
