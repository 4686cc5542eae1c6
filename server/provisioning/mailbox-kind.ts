import type { Mailbox } from './snapshot.ts'

/** What a mailbox is for; `other` are rooms and equipment. */
export type Kind = 'shared' | 'user' | 'other'

export const kindOf = ({ RecipientTypeDetails: type }: Mailbox): Kind => {
  if (/^(Remote)?SharedMailbox$/i.test(type)) return 'shared'
  return /^(Remote|Linked|Legacy)?(User|)Mailbox$/i.test(type) ? 'user' : 'other'
}
