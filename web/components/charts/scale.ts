const STEPS = [1, 2, 2.5, 5, 10] as const

/**
 * Round numbers for a scale, from at most `low` to at least `high`; 0 is among them, so that lengths are true.
 * @param about how many steps there should be
 * @param broken the scale may begin elsewhere, where the chart says so
 */
export function niceTicks(low: number, high: number, about = 4, broken = false): number[] {
  const [from, to] = broken ? [low, high] : [Math.min(0, low), Math.max(0, high)]
  if (from === to) return [0, 1]
  const rough = (to - from) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((one) => one * power >= rough * 0.999) ?? 10)
  const ticks: number[] = []
  for (let i = Math.floor(from / step); i <= Math.ceil(to / step); i++) ticks.push(i * step)
  return ticks
}

/** A linear scale between two values and two places. */
export const scaleOf =
  (low: number, high: number, start: number, end: number) =>
  (value: number): number =>
    high === low ? start : start + ((value - low) / (high - low)) * (end - start)

/** So wide a letter of the scales is, in px, at most about. */
const LETTER_PX = 6.4

/** Words that fit a width, cut with an ellipsis. */
export function fitted(words: string, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER_PX))
  return words.length <= most ? words : `${words.slice(0, Math.max(1, most - 1))}…`
}
