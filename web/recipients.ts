import type { Address } from './api.ts'

/** A usable address: one @, something on both sides, a dot in the domain or a single host. */
const ADDRESS = /^[^\s@<>,;"()]{1,64}@[^\s@<>,;"()]{1,255}$/

/** Reads what somebody typed or pasted: "Ada <ada@example.org>, ben@example.org". What is no address comes back. */
export function readAddresses(typed: string): { found: Address[]; rest: string[] } {
  const found: Address[] = []
  const rest: string[] = []
  for (const part of typed.split(/[,;\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const text = part.trim()
    if (!text) continue
    const named = /^"?([^"<]*?)"?\s*<([^<>]+)>$/.exec(text)
    const address = (named?.[2] ?? text).trim().toLowerCase()
    if (ADDRESS.test(address)) found.push({ name: named?.[1]?.trim() ?? '', address })
    else rest.push(text)
  }
  return { found, rest }
}

/** The list with more addresses, each once. */
export function withAddresses(list: readonly Address[], more: readonly Address[]): Address[] {
  const known = new Set(list.map(({ address }) => address))
  return [
    ...list,
    ...more.filter(({ address }) => {
      if (known.has(address)) return false
      known.add(address)
      return true
    }),
  ]
}

/** The list without one address. */
export function without(list: readonly Address[], address: string): Address[] {
  return list.filter((other) => other.address !== address)
}

/** A name, or the address where there is none. */
export const nameOf = ({ name, address }: Address): string => name || address

/** Whether two sets of recipients are the same people. */
export function sameRecipients(a: { to: Address[]; cc: Address[] }, b: { to: Address[]; cc: Address[] }): boolean {
  const key = ({ to, cc }: typeof a) =>
    [to, cc]
      .map((list) =>
        list
          .map(({ address }) => address)
          .sort()
          .join(' '),
      )
      .join('|')
  return key(a) === key(b)
}
