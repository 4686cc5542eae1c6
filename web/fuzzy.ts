/** How well `text` matches what was typed: higher is better, 0 not at all. Letters must come in order. */
export function score(text: string, typed: string): number {
  const wanted = typed.toLowerCase().replace(/\s+/g, ' ').trim()
  if (!wanted) return 1
  const hay = text.toLowerCase()
  const whole = hay.indexOf(wanted)
  if (whole >= 0) return 1000 - whole + (startsWord(hay, whole) ? 500 : 0)

  let points = 0
  let from = 0
  let last = -2
  for (const letter of wanted.replaceAll(' ', '')) {
    const found = nextMatch(hay, letter, from)
    if (found < 0) return 0
    points += startsWord(hay, found) ? 12 : found === last + 1 ? 8 : 1
    last = found
    from = found + 1
  }
  // Letters strewn about are no match that anybody meant.
  return points < wanted.length * 4 ? 0 : points
}

const startsWord = (text: string, at: number) => at === 0 || /[\s@.<(-]/.test(text[at - 1] ?? '')

/** The next place of a letter, at the start of a word if there is one near. */
function nextMatch(hay: string, letter: string, from: number): number {
  const first = hay.indexOf(letter, from)
  if (first < 0 || first === from) return first
  for (let at = first; at >= 0; at = hay.indexOf(letter, at + 1)) if (startsWord(hay, at)) return at
  return first
}

/** Those that match, the best first; all in their order where nothing was typed. */
export function matching<T>(items: readonly T[], typed: string, text: (item: T) => string): T[] {
  if (!typed.trim()) return [...items]
  return items
    .map((item) => ({ item, points: score(text(item), typed) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ item }) => item)
}
