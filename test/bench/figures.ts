/** What a benchmark measured: a name for programs, words for people, and the number with its unit in both. */
export type Figure = { name: string; words: string; value: number }
/** Measures, and what it is compared with, in one run. */
export type Benchmark = {
  about: string
  /**
   * @param messages how many mails to measure with, where the benchmark lets one choose
   * @param from where the mails to measure with are
   * @param kept the folder in which large archives are kept for the next time (archive.ts)
   */
  measure(tell: (text: string) => void, messages?: number, from?: string, kept?: string): Promise<Figure[]>
}

/** The value below which this share of the values is; the median for 0.5. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const median = (values: number[]) => quantile(values, 0.5)
