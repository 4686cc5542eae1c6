import { eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Member,
  mailboxes,
  type NotificationChoices,
  type NotificationSettings,
  notificationSettings,
  settings,
} from '../../db/schema.ts'
import { NOTIFICATION_KINDS, type NotificationKind } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { record } from '../issues/event.ts'

const KEY = 'notificationMailbox'

type Places = { app: boolean; mail: boolean; push: boolean }

/** What a member has who chose nothing: everything in the app, by mail and on their devices what is theirs to do. */
const AT_FIRST: Record<NotificationKind, Places> = {
  assigned: { app: true, mail: true, push: true },
  mentioned: { app: true, mail: true, push: true },
  received: { app: true, mail: false, push: true },
  replied: { app: true, mail: false, push: false },
  noted: { app: true, mail: false, push: false },
  woken: { app: true, mail: false, push: true },
  failed: { app: true, mail: true, push: true },
  rule: { app: true, mail: true, push: true },
  due_soon: { app: true, mail: true, push: true },
  due_now: { app: true, mail: true, push: true },
}

/** What a member chose, with what they did not choose as it is at first. */
export type Chosen = Pick<NotificationSettings, 'pace' | 'dailyAt' | 'quiet' | 'zone'> & {
  choices: Record<NotificationKind, Places>
}

function chosen(row: NotificationSettings | undefined): Chosen {
  const { pace = 'at_once', dailyAt = 8 * 60, quiet = null, zone = 'UTC' } = row ?? {}
  return { pace, dailyAt, quiet, zone, choices: choicesOf(row?.choices) }
}

/** Each kind as it was chosen, and where nothing was, as at first. */
function choicesOf(chosen: NotificationChoices = {}): Chosen['choices'] {
  const kinds = NOTIFICATION_KINDS.map((kind) => [
    kind,
    { ...AT_FIRST[kind], ...chosen[kind], push: chosen[kind]?.push ?? AT_FIRST[kind].push },
  ])
  // The cast: of all kinds, each once.
  return Object.fromEntries(kinds) as Chosen['choices']
}

/** What these members chose. */
export async function chosenBy(read: Reader, memberIds: string[]): Promise<Map<string, Chosen>> {
  const rows =
    memberIds.length === 0
      ? []
      : await read.select().from(notificationSettings).where(inArray(notificationSettings.memberId, memberIds))
  const byMember = new Map(rows.map((row) => [row.memberId, row]))
  return new Map(memberIds.map((id) => [id, chosen(byMember.get(id))]))
}

/** Keeps what a member wants to be told, and where. */
export async function choose(
  tx: Tx,
  member: Pick<Member, 'id'>,
  to: Omit<Chosen, 'choices'> & { choices: NotificationChoices },
  now: number,
): Promise<void> {
  const row = { ...to, changedAt: now }
  await tx
    .insert(notificationSettings)
    .values({ memberId: member.id, ...row })
    .onConflictDoUpdate({ target: notificationSettings.memberId, set: row })
}

/** The mailbox that notifications are sent from; null: none go out by mail. */
export async function sendingMailbox(read: Reader): Promise<string | null> {
  const [row] = await read.select().from(settings).where(eq(settings.key, KEY))
  // The cast: written below and nowhere else.
  return (row?.value as { mailboxId: string | null } | undefined)?.mailboxId ?? null
}

/** Says which mailbox notifications are sent from. */
export async function chooseSendingMailbox(tx: Tx, mailboxId: string | null, by: Member, now: number): Promise<void> {
  if (mailboxId) {
    const [known] = await tx.select({ id: mailboxes.id }).from(mailboxes).where(eq(mailboxes.id, mailboxId))
    if (!known) throw new NotFound('There is no such mailbox.')
  }
  const value = { mailboxId }
  await tx.insert(settings).values({ key: KEY, value }).onConflictDoUpdate({ target: settings.key, set: { value } })
  await record(tx, { action: 'settings_changed', at: now, memberId: by.id, detail: { change: KEY, mailboxId } })
}
