import type { History } from './clients.ts'
import type { Conversation, Line } from './conversation.ts'
import { makeFile } from './file.ts'
import { type Person, people } from './people.ts'
import { fillDates, instantOf } from './when.ts'
import { type Answered, type Correspondent, DESK, type WrittenMail, writeMail } from './write.ts'

/** A mail of a conversation, as written. */
export type Written = WrittenMail & { from: Person; to: Correspondent[]; cc: Correspondent[] }

/** An answer comes at least this long after what it answers, whatever the zones of the two say. */
const SOONEST_ANSWER_MS = 9 * 60_000

/** All mails of a conversation, in order. */
export function writeConversation(conversation: Conversation, now: number): Written[] {
  const written: Written[] = []
  for (const line of conversation.mails) {
    const answers = line.answers ?? written.length - 1
    const parent = answers === false ? undefined : written[answers]
    written.push(writeLine(conversation, line, parent, `${conversation.key}/${written.length}`, now))
  }
  return written
}

/** One mail. `parent` is what it answers; its Message-ID comes from `id`. */
export function writeLine(
  conversation: Conversation,
  line: Line,
  parent: Written | undefined,
  id: string,
  now: number,
): Written {
  const by: Person = people[line.by]
  const direction = by.member && !line.inward ? 'out' : 'in'
  const fill = (text: string) => fillDates(text, now, conversation.language)
  const to: Correspondent[] = [recipient(conversation, line, parent)]
  const cc: Correspondent[] = (line.cc ?? []).map((key) => people[key])
  const mail = writeMail({
    id,
    by,
    at: Math.min(now, Math.max(instantOf(line.when, now, by.zone), (parent?.at ?? 0) + SOONEST_ANSWER_MS)),
    language: conversation.language,
    to,
    cc,
    subject: line.subject || !parent ? fill(line.subject ?? conversation.subject) : undefined,
    text: fill(line.text),
    answered: parent && answeredBy(parent),
    quoting: !line.bare,
    forwarded: line.forwarded && fill(line.forwarded),
    picture: line.picture && makeFile(line.picture, fill),
    files: (line.files ?? []).map((spec) => makeFile(spec, fill)),
    direction,
  })
  return { ...mail, from: by, to, cc }
}

/** We write to whom we answer, or, after a mail of ours, to the one who wrote first; others write to the desk. */
function recipient(conversation: Conversation, line: Line, parent: Written | undefined): Correspondent {
  if (line.to) return people[line.to]
  if (!people[line.by].member || line.inward) return DESK
  if (parent?.direction === 'in') return parent.from
  if (parent) return parent.to[0] ?? DESK
  throw new Error(`"${conversation.key}" begins with a mail of ours that says not to whom.`)
}

function answeredBy({ from, direction, to, cc, body, ...parent }: Written): Answered {
  const { name, address } = direction === 'out' ? DESK : from
  const names = (all: Correspondent[]) => all.map((one) => `${one.name} <${one.address}>`).join('; ')
  const history: History = { name, address, to: names(to), cc: names(cc), subject: parent.subject, at: parent.at, body }
  return { ...parent, history }
}
