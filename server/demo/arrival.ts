import { createHash, randomUUID } from 'node:crypto'
import type { Conversation, Line } from './sample/conversation.ts'
import { conversations } from './sample/conversations.ts'
import { newMatters } from './sample/matters.ts'
import { writeConversation, writeLine } from './sample/tell.ts'

type Arrival = { key: string; conversation: Conversation; line: Line; follows: boolean }

const goingOn = scattered(
  conversations.flatMap((conversation) =>
    (conversation.next ?? []).map((line, index) => {
      return { key: `${conversation.key}/next/${index}`, conversation, line, follows: true }
    }),
  ),
)
const beginning = scattered(
  newMatters.flatMap((conversation) => {
    return conversation.mails.map((line) => ({ key: conversation.key, conversation, line, follows: false }))
  }),
)

/** New matters and mails that go on with one, in turn. */
const arrivals: Arrival[] = Array.from({ length: Math.max(goingOn.length, beginning.length) }, (_, turn) => [
  ...goingOn.slice(turn, turn + 1),
  ...beginning.slice(turn, turn + 1),
]).flat()

/** How many mails arrive before one comes again. */
export const ARRIVALS = arrivals.length

/** The mail that arrives as the `count`-th while the demo runs, counted from 0. */
export function arrivalMail(count: number, now: number): Buffer {
  const arrival = arrivals[count % ARRIVALS]
  if (!arrival) throw new Error(`There is no arrival ${count}.`)
  const { key, conversation, line, follows } = arrival
  const parent = follows ? writeConversation(conversation, now).at(line.answers || -1) : undefined
  // What comes once keeps its Message-ID over restarts; what comes again is a mail of its own.
  const id = count < ARRIVALS ? key : `${key}/${randomUUID()}`
  return writeLine(conversation, line, parent, id, now).raw
}

/** In an order that looks like none but is always the same, so that languages and customers mix. */
function scattered(all: Arrival[]): Arrival[] {
  const rank = ({ key }: Arrival) => createHash('sha256').update(key).digest('hex')
  return all.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
