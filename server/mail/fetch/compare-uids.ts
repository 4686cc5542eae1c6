/** What a folder has on the server and what is stored of it, UID by UID, in order. */
export type Difference = {
  /** There, and not here. */
  missing: number[]
  /** Here, and not there any more. */
  gone: number[]
  /** Here and marked as gone, although it is there. */
  back: number[]
}

/** Compares a folder with what is stored of it; `stored` says of each UID whether it is marked as gone. */
export function compareUids(server: number[], stored: ReadonlyMap<number, boolean>): Difference {
  const there = new Set(server)
  const here = [...stored.keys()].sort((a, b) => a - b)
  return {
    missing: server.filter((uid) => !stored.has(uid)),
    gone: here.filter((uid) => !there.has(uid) && stored.get(uid) === false),
    back: here.filter((uid) => there.has(uid) && stored.get(uid) === true),
  }
}
