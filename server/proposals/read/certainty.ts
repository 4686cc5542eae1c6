/** `sure`: it is written, and can be read in one way. `offered`: somebody should look at the sentence first. */
export type Certainty = 'sure' | 'offered'

/** What was read, with the sentence it was read from. */
export type Reading<T> = {
  value: T
  certainty: Certainty
  sentence: string
  /** A sentence: why it is only offered, or how it was read. */
  why: string
}

/** The reasons against being sure, as one sentence each; none: sure. */
export function reading<T>(value: T, sentence: string, doubts: string[], how: string): Reading<T> {
  const why = [...new Set(doubts)].join(' ')
  return { value, certainty: why ? 'offered' : 'sure', sentence, why: why || how }
}
