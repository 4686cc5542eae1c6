import { and, asc, desc, eq, ne, notInArray } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import { issues, type Member, tags } from '../../db/schema.ts'
import type { TagColour } from '../../db/vocabulary.ts'
import { follow } from '../issues/follow.ts'
import { setHours } from '../issues/hours.ts'
import { findIssue } from '../issues/issue.ts'
import { addNote } from '../issues/note.ts'
import { snooze } from '../issues/snooze.ts'
import { changeTag, changeTags } from '../issues/tags.ts'
import { createView } from '../issues/views.ts'

const DAY_MS = 86_400_000

/** What the subjects of Northwind's mail are about. */
const SUBJECTS: [tag: string, colour: TagColour, about: RegExp][] = [
  ['telematics', 'teal', /telemati|fleet|tracker|gps/i],
  ['tender', 'blue', /rfp|tender|bid|ausschreib|appel d|concurso|solicit/i],
  ['contract', 'violet', /contract|renewal|nda|vertrag|contrat|framework|redline/i],
  ['quote', 'green', /quote|price|offer|angebot|devis/i],
  ['supplier', 'brown', /supplier|delivery|invoice|order|liefer/i],
  ['urgent', 'red', /urgent|deadline|due|frist|today/i],
]
const SNOOZED = 3

/** Keeps order as a team does: tags, a few issues put off, who follows what, and the lists that people keep. */
export async function arrangeDesk(db: Db, members: Member[], now: number): Promise<void> {
  const [jane, omar, mia] = members
  if (!jane || !omar || !mia) return
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  const days = [0, 1, 2, 3, 4, 5, 6].map((day): [number, number] | null => (day < 5 ? [8 * 60, 17 * 60] : null))
  await db.write((tx) => setHours(tx, { mailboxId: null }, { zone, days, holidays: [] }, jane, now))

  const all = await db.read
    .select({ id: issues.id, subject: issues.subject })
    .from(issues)
    .where(notInArray(issues.status, ['spam', 'trash', 'merged']))
    .orderBy(asc(issues.number))
  for (const { id, subject } of all) {
    const add = SUBJECTS.flatMap(([name, , about]) => (about.test(subject) ? [name] : [])).slice(0, 3)
    if (add.length > 0)
      await db.write(async (tx) => changeTags(tx, await findIssue(tx, id), { add, remove: [] }, omar, now))
  }
  for (const [name, colour] of SUBJECTS) {
    const [tag] = await db.read.select().from(tags).where(eq(tags.folded, name))
    if (tag) await db.write((tx) => changeTag(tx, tag, { colour }, jane, now))
  }

  const waiting = await db.read
    .select({ id: issues.id })
    .from(issues)
    .where(eq(issues.status, 'waiting'))
    .orderBy(desc(issues.listedAt))
    .limit(SNOOZED)
  for (const [i, { id }] of waiting.entries()) {
    const until = [
      { at: nextMorning(now, 1), onReply: true },
      { at: nextMorning(now, 7), onReply: true },
      { at: null, onReply: true },
    ][i]!
    await db.write(async (tx) => snooze(tx, await findIssue(tx, id), until, [jane, omar, mia][i]!, now))
  }

  const [open] = await db.read
    .select({ id: issues.id })
    .from(issues)
    .where(and(eq(issues.status, 'open'), ne(issues.assigneeId, jane.id)))
    .orderBy(desc(issues.listedAt))
    .limit(1)
  const [first = ''] = jane.name.split(' ')
  if (open)
    await db.write(async (tx) => {
      const issue = await findIssue(tx, open.id)
      const note = {
        id: uuidv7(),
        text: `@${first} could you check the price sheet before it goes out? It is due this week.`,
      }
      await addNote(tx, issue, note, omar, now)
      await follow(tx, issue, mia, 'following', 'chosen', mia, now)
    })

  const view = (name: string, query: string, oldestFirst: boolean) => ({ name, query, oldestFirst, shared: true })
  const ids = [uuidv7(now), uuidv7(now), uuidv7(now)]
  await db.write(async (tx) => {
    await createView(tx, ids[0]!, view('Tenders to move', 'tag:tender status:new,open', false), jane, true, now)
    await createView(tx, ids[1]!, view('Unread and mine', 'is:unread assignee:me', false), jane, true, now)
    await createView(tx, ids[2]!, view('Nobody has it', 'is:unassigned status:new,open', true), jane, true, now)
  })
}

/** Nine in the morning, so many days on, on a working day. */
function nextMorning(now: number, days: number): number {
  const at = new Date(now + days * DAY_MS)
  while (at.getDay() === 0 || at.getDay() === 6) at.setDate(at.getDate() + 1)
  return at.setHours(9, 0, 0, 0)
}
