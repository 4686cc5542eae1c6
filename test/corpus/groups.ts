// Mails that arrive one after another, as threads: the rule of the product over a memory instead of a database.

import type { ParsedMail } from '../../server/mail/parse.ts'
import { type Placed, soughtIds, threadsOf } from '../../server/mail/thread.ts'

/** The Message-IDs of each thread. */
export function groupsOf(mails: ParsedMail[]): string[][] {
  const byId = new Map<string, Placed[]>()
  const byReference = new Map<string, Placed[]>()
  const threads = new Map<string, Placed[]>()
  for (const [at, mail] of mails.entries()) {
    const placed: Placed = {
      ...mail,
      from: mail.from.address,
      to: [...mail.to, ...mail.cc].map(({ address }) => address),
      threadId: `${at}`,
    }
    const relatives = soughtIds(mail).flatMap((id) => [...(byId.get(id) ?? []), ...(byReference.get(id) ?? [])])
    const [threadId = placed.threadId, ...joined] = threadsOf(placed, relatives, [])
    placed.threadId = threadId
    add(threads, threadId, placed)
    for (const other of joined) {
      for (const one of threads.get(other) ?? []) {
        one.threadId = threadId
        add(threads, threadId, one)
      }
      threads.delete(other)
    }
    add(byId, mail.internetMessageId, placed)
    for (const id of new Set([mail.inReplyTo, ...mail.references])) if (id !== null) add(byReference, id, placed)
  }
  return [...threads.values()]
    .map((thread) => [...new Set(thread.map(({ internetMessageId }) => internetMessageId))])
    .map((ids) => ids.filter((id) => !id.startsWith('gen-')))
    .filter((ids) => ids.length > 0)
}

function add(map: Map<string, Placed[]>, key: string, placed: Placed) {
  const list = map.get(key)
  if (list) list.push(placed)
  else map.set(key, [placed])
}
