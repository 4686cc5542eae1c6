/**
 * UIDs in ascending order as a sequence set (RFC 9051, section 9): 1,2,3,7 is "1:3,7". Command lines stay short that
 * way; some servers end the connection at 8,000 characters.
 */
export function uidSet(uids: number[]): string {
  const runs: [number, number][] = []
  for (const uid of uids) {
    const run = runs.at(-1)
    if (run && uid === run[1] + 1) run[1] = uid
    else runs.push([uid, uid])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',')
}
