// Words that stand for something else in a saved reply or a signature, as {{contact.firstName}}.

/** The variables, and what each stands for. */
export const VARIABLES = {
  'contact.firstName': 'The first name of who wrote to us',
  'contact.name': 'Their whole name',
  'contact.address': 'Their address',
  organization: 'The organization they belong to',
  'member.firstName': 'Your first name',
  'member.name': 'Your name',
  'mailbox.name': 'The name of the mailbox',
  'mailbox.address': 'Its address',
  'issue.number': 'The number of the issue',
  'issue.subject': 'What the issue is about',
  date: 'The day it is inserted',
} as const
export type Variable = keyof typeof VARIABLES
export type Values = Partial<Record<Variable, string>>

const PLACE = /\{\{\s*([a-z][\w.]*)\s*\}\}/giu

const isVariable = (name: string): name is Variable => Object.hasOwn(VARIABLES, name)

/**
 * Puts values where variables stand. One without a value stays as it is and is named in `missing`, once.
 * @param as how values are written: as they are, or safe within HTML
 */
export function fillIn(template: string, values: Values, as: 'text' | 'html'): { filled: string; missing: Variable[] } {
  const missing = new Set<Variable>()
  const filled = template.replace(PLACE, (whole, name: string) => {
    if (!isVariable(name)) return whole
    const value = values[name]?.trim()
    if (value) return as === 'html' ? escaped(value) : value
    missing.add(name)
    return `{{${name}}}`
  })
  return { filled, missing: [...missing] }
}

/** The variables that a text still names, each once: nobody should get it like this. */
export function variablesIn(text: string): Variable[] {
  return [...new Set([...text.matchAll(PLACE)].map(([, name = '']) => name))].filter(isVariable)
}

/** What stands between double braces and is no variable. */
export function unknownIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACE)].map(([, name = '']) => name))].filter((name) => !isVariable(name))
}

const TITLES = /^(?:dr|prof|mr|mrs|ms|mx|herr|frau|hr|fr|dipl|ing|m|mme|sr|sra)\.?$/i

/**
 * The first name in a name as mail gives it, "Dana Whitfield" or "Whitfield, Dana (Procurement)"; empty where it gives
 * none, since a wrong one is worse than none: a single word may be a family or a company, an address is no name.
 */
export function firstNameIn(name: string): string {
  const bare = name.replace(/\(.*?\)|"|'/g, '').trim()
  if (bare.includes('@')) return ''
  const [family, given] = bare.split(',').map((part) => part.trim())
  const words = (given || family || '').split(/\s+/).filter((word) => word && !TITLES.test(word))
  const first = words[0] ?? ''
  if (given) return first
  return words.length > 1 && !/\b(?:gmbh|ag|inc|ltd|llc|kg|team|support|sales|info)\b/i.test(bare) ? first : ''
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
