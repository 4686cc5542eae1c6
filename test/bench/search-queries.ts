import type { Vocabulary } from './search-fill.ts'

/** What is asked of Downfield, and the same in the words of notmuch, where it has them. */
type Query = { ours: string; theirs: string | null }

const QUERIES_OF_A_KIND = 20

/** Queries of each kind, the same ones in every run over the same mails. */
export function kindsOf({ mails, pairs, senders }: Vocabulary, messages: number): Record<string, Query[]> {
  const byCount = [...mails]
    .filter(([word]) => /^\p{L}{3,}$/u.test(word))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const common = byCount.slice(5, 5 + QUERIES_OF_A_KIND * 3).map(([word]) => word)
  const rare = byCount.slice(-QUERIES_OF_A_KIND * 10).map(([word]) => word)
  const middle = byCount.filter(([, n]) => n < messages / 50 && n > messages / 1_000).map(([word]) => word)
  const some = <T>(from: readonly T[]): T[] => {
    const step = Math.max(1, Math.floor(from.length / QUERIES_OF_A_KIND))
    return from.filter((_, i) => i % step === 0).slice(0, QUERIES_OF_A_KIND)
  }
  const same = (q: string): Query => ({ ours: q, theirs: q })
  const shorter = (from: string[], length: number) => [
    ...new Set(some(from.filter((word) => word.length > length)).map((word) => word.slice(0, length))),
  ]
  const other = (i: number) => middle[(i * 7) % middle.length]!
  return {
    'rare word': some(rare).map(same),
    'common word': some(common).map(same),
    'two words': some(common).map((word, i) => ({ ours: `${word} ${other(i)}`, theirs: `${word} and ${other(i)}` })),
    phrase: some(pairs).map((pair) => same(`"${pair}"`)),
    prefix: shorter(middle, 5).map((start) => same(`${start}*`)),
    'three-letter prefix': shorter(common, 3).map((start) => same(`${start}*`)),
    not: some(common).map((word, i) => ({ ours: `${other(i)} -${word}`, theirs: `${other(i)} and not ${word}` })),
    or: some(common).map((word, i) => ({ ours: `${word} or ${other(i)}`, theirs: `${word} or ${other(i)}` })),
    'from and word': some(senders).map((sender, i) => ({
      ours: `from:${sender} ${common[i]}`,
      theirs: `from:${sender} and ${common[i]}`,
    })),
    'subject word': some(middle).map((word) => same(`subject:${word}`)),
    'word and date': some(common).map((word) => ({
      ours: `${word} before:2026-03`,
      theirs: `${word} and date:..2026-02-28`,
    })),
    'word and is:unassigned': some(common).map((word) => ({ ours: `${word} is:unassigned`, theirs: null })),
    'word and status:open': some(middle).map((word) => ({ ours: `${word} status:open`, theirs: null })),
    'is:unassigned status:open': [{ ours: 'is:unassigned status:open', theirs: null }],
    'mailbox and word': some(middle).map((word) => ({ ours: `mailbox:proposals ${word}`, theirs: null })),
  }
}
