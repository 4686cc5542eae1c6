import { conversations } from './sample/conversations.ts'
import { machineMails } from './sample/machines.ts'
import { writeConversation } from './sample/tell.ts'
import type { SampleMail } from './sample/write.ts'

export type { SampleMail } from './sample/write.ts'

/**
 * The mail of a proposal desk: what Northwind got, and what colleagues answered, in the six weeks before `now` (ms since
 * the epoch), oldest first. The same `now` gives the same bytes; Message-IDs are the same for every `now`.
 */
export function sampleMails(now: number): SampleMail[] {
  const written = new Map(conversations.map((each) => [each.key, writeConversation(each, now)]))
  const machines = machineMails((key, index) => {
    const mail = written.get(key)?.[index]
    if (!mail) throw new Error(`There is no mail ${index} in "${key}".`)
    return mail
  }, now)
  return [...written.values()]
    .flat()
    .map(({ raw, at, direction }): SampleMail => ({ raw, at, direction }))
    .concat(machines)
    .sort((a, b) => a.at - b.at)
}
