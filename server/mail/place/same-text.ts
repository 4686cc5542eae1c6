const COMPARED_CHARACTERS = 1_000

/** Whether a mail says what we wrote. Servers rewrap what they take, and put words of their own below. */
export function isTextOf(written: string, text: string): boolean {
  const folded = (some: string) => some.replace(/[\s>]+/gu, '')
  return folded(text).startsWith(folded(written).slice(0, COMPARED_CHARACTERS))
}
