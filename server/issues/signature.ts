import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Mailbox, type Member, type Signature, signatures } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { unknownIn, VARIABLES } from './variables.ts'

export const MAX_SIGNATURE_CHARACTERS = 10_000
/** The class of a signature in the HTML of a mail: programs know it, and fold what has it. */
export const SIGNATURE_CLASS = 'gmail_signature'

/** Whose a signature is: a mailbox's for everybody, a member's everywhere, or a member's in one mailbox. */
export type SignatureOwner = Pick<Signature, 'mailboxId' | 'memberId' | 'language'>

/** The signatures that a member may look at: their own, and those of the mailboxes they see. */
export async function listSignatures(read: Reader, visible: string[] | 'all', by: Member): Promise<Signature[]> {
  const ofMailboxes = and(
    isNull(signatures.memberId),
    visible === 'all' ? undefined : inArray(signatures.mailboxId, visible.length > 0 ? visible : ['']),
  )
  return await read
    .select()
    .from(signatures)
    .where(or(eq(signatures.memberId, by.id), ofMailboxes))
}

/** Writes a signature down in place of the one before; an empty one takes it away. */
export async function writeSignature(
  tx: Tx,
  id: string,
  owner: SignatureOwner,
  content: Pick<Signature, 'html' | 'text'>,
  now: number,
): Promise<void> {
  const unknown = unknownIn(content.text)
  if (unknown.length > 0) {
    const message = `{{${unknown[0]}}} is no variable. There are ${Object.keys(VARIABLES).join(', ')}.`
    throw new Invalid([{ field: 'html', message }])
  }
  const { mailboxId, memberId, language } = owner
  await tx
    .delete(signatures)
    .where(
      and(
        mailboxId === null ? isNull(signatures.mailboxId) : eq(signatures.mailboxId, mailboxId),
        memberId === null ? isNull(signatures.memberId) : eq(signatures.memberId, memberId),
        eq(signatures.language, language),
      ),
    )
  if (content.text.trim()) await tx.insert(signatures).values({ id, ...owner, ...content, changedAt: now })
}

/**
 * The signature below what a member writes in a mailbox: the one that is said most closely, of the member here, of the
 * member anywhere, then of the mailbox; in the language that is written in where there is one.
 */
export async function signatureFor(
  read: Reader,
  mailbox: Pick<Mailbox, 'id'>,
  by: Pick<Member, 'id'>,
  language: string,
): Promise<Signature | null> {
  return closest(await candidates(read, mailbox, by), language)
}

/** The languages in which there is a signature for what a member writes in a mailbox; empty stands for any. */
export async function signatureLanguages(
  read: Reader,
  mailbox: Pick<Mailbox, 'id'>,
  by: Pick<Member, 'id'>,
): Promise<string[]> {
  return [...new Set((await candidates(read, mailbox, by)).map(({ language }) => language))].sort()
}

/** Every signature that could stand below what a member writes in a mailbox. */
async function candidates(read: Reader, mailbox: Pick<Mailbox, 'id'>, by: Pick<Member, 'id'>): Promise<Signature[]> {
  return await read
    .select()
    .from(signatures)
    .where(
      and(
        or(eq(signatures.mailboxId, mailbox.id), isNull(signatures.mailboxId)),
        or(eq(signatures.memberId, by.id), isNull(signatures.memberId)),
      ),
    )
}

/** A pure choice among signatures that could all stand there. */
export function closest(rows: Signature[], language: string): Signature | null {
  const fits = rows.filter((row) => row.language === '' || row.language === language)
  const closeness = (row: Signature) =>
    (row.memberId ? 4 : 0) + (row.mailboxId ? 2 : 0) + (row.language === language && language !== '' ? 1 : 0)
  return fits.toSorted((a, b) => closeness(b) - closeness(a) || b.changedAt - a.changedAt)[0] ?? null
}
