// How many mails are fetched at once. Some servers end the connection over a mail that they can't read themselves
// (Dovecot does): then fewer are asked for, down to that one mail, and in the end it is passed over. It would hold up
// every mail after it otherwise, for ever.

export const BATCH_MAILS = 200
export const BATCH_BYTES = 16 * 1024 * 1024
/** Each time the connection broke over them, so many times fewer mails are asked for. */
const SHRINK = 4
/** A mail that broke the connection so often, the last times alone, is passed over. */
const MAX_TIMES = 7

/** Which UIDs were asked for when the connection broke, and how often in a row it broke over some of them. */
export type Stuck = { from: number; to: number; times: number }
export const NOT_STUCK: Stuck = { from: 0, to: 0, times: 0 }

/** The mails to fetch next, from the start of a list in any order: bounded in number and bytes, but at least one. */
export function nextBatch<T extends { uid: number; size: number }>(
  listed: T[],
  stuck: Stuck,
  atMost = BATCH_MAILS,
): T[] {
  const [first] = listed
  if (!first) return []
  const most = isWithin(first.uid, stuck) ? Math.max(1, Math.floor(atMost / SHRINK ** stuck.times)) : atMost
  let bytes = 0
  const end = listed.findIndex(({ size }, i) => {
    bytes += size
    return i >= most || (i > 0 && bytes > BATCH_BYTES)
  })
  return end < 0 ? listed : listed.slice(0, end)
}

/** The connection broke while something was asked about these mails. */
export function stuckAt(uids: number[], before: Stuck): Stuck {
  const first = uids[0] ?? 0
  const last = uids.at(-1) ?? 0
  const times = isWithin(first, before) ? before.times + 1 : 1
  return { from: Math.min(first, last), to: Math.max(first, last), times }
}

/** Whether this is one mail that the server can't give, as far as anybody can tell from the mail alone. */
export function isHopeless(uids: number[], { from, to, times }: Stuck): boolean {
  return uids.length === 1 && uids[0] === from && from === to && times >= MAX_TIMES
}

function isWithin(uid: number, { from, to }: Stuck): boolean {
  return uid >= from && uid <= to
}
