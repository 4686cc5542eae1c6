/** The most text of a file that is looked at, in characters: about 150 pages. */
export const MAX_TEXT = 500_000

/** Text as it is read, up to the most that is looked at. */
export type Written = {
  /** Adds a piece; false once there is enough. */
  add(text: string): boolean
  readonly isFull: boolean
  /** All of it, and whether there was more. */
  end(): { text: string; cut: boolean }
}

/** Collects the text of a file. */
export function collectText(most = MAX_TEXT): Written {
  const pieces: string[] = []
  let left = most
  let cut = false
  return {
    add(text) {
      if (text.length > left) {
        pieces.push(text.slice(0, left))
        left = 0
        cut = true
      } else {
        pieces.push(text)
        left -= text.length
      }
      return !cut
    },
    get isFull() {
      return cut
    },
    end: () => ({ text: pieces.join(''), cut }),
  }
}

/** A file that can't be read; the message is a sentence for people. */
export class UnreadableFile extends Error {}

export const DAMAGED = 'It is damaged, or not what its name says.'
export const LOCKED = 'It opens with a password only.'
