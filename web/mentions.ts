/** Somebody who can be named with an @. */
export type Nameable = { id: string; name: string; team: boolean }

/** What is being typed after an @, and where the @ stands. */
export type Naming = { at: number; typed: string }

/** An @ at the beginning of a word, and what follows it up to where one types. */
const NAMING = /(?:^|[\s([{"'])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*)?)$/u

/** Whether somebody is being named where the caret stands. */
export function namingAt(text: string, caret: number): Naming | null {
  const found = NAMING.exec(text.slice(0, caret))
  return found ? { at: caret - found[1]!.length - 1, typed: found[1]! } : null
}

const MOST = 6

/** Who may be meant: those with a word that begins as what is typed, people before teams. */
export function whoIsMeant(typed: string, all: readonly Nameable[]): Nameable[] {
  const wanted = typed.toLowerCase().trimStart()
  const begins = ({ name }: Nameable) => {
    const lower = name.toLowerCase()
    return lower.startsWith(wanted) || lower.split(/\s+/).some((word) => wanted !== '' && word.startsWith(wanted))
  }
  // Somebody is named in full, and writing has gone on.
  if (/\s$/.test(typed) && all.some(({ name }) => name.toLowerCase() === wanted.trim())) return []
  return all.filter(begins).slice(0, MOST)
}

/** The text with the name in place of what was typed, and where the caret stands then. */
export function withName(text: string, { at, typed }: Naming, name: string): { text: string; caret: number } {
  const rest = text.slice(at + 1 + typed.length)
  const said = `@${name}${/^\s/.test(rest) ? '' : ' '}`
  return { text: text.slice(0, at) + said + rest, caret: at + said.length + (/^\s/.test(rest) ? 1 : 0) }
}
