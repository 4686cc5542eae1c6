import type { Address, Message } from '../../db/schema.ts'

export type Recipients = { to: Address[]; cc: Address[] }

type Answered = Pick<Message, 'direction' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'replyTo'>

/**
 * Whom an answer goes to (RFC 5322, section 3.6.3): Reply-To before From, and for all the other recipients too. Our own
 * addresses are never among them. Answering our own mail goes to those it went to.
 * @param ours every address that belongs to the mailbox, lower case
 */
export function recipientsOf(answered: Answered, ours: readonly string[], all: boolean): Recipients {
  const own = new Set(ours)
  const others = (list: Address[], taken: Address[] = []) => unique(list, own, taken)
  if (answered.direction === 'out') {
    const to = others(answered.to)
    return all ? { to, cc: others(answered.cc, to) } : { to: to.slice(0, 1), cc: [] }
  }
  const sender = others(
    answered.replyTo.length > 0 ? answered.replyTo : [{ name: answered.fromName, address: answered.fromAddress }],
  )
  if (!all) return { to: sender, cc: [] }
  const to = [...sender, ...others(answered.to, sender)]
  return { to, cc: others(answered.cc, to) }
}

function unique(list: Address[], own: Set<string>, taken: Address[]): Address[] {
  const known = new Set(taken.map(({ address }) => address))
  return list.filter(({ address }) => {
    if (!address || own.has(address) || known.has(address)) return false
    known.add(address)
    return true
  })
}
