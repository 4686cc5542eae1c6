import type { AuthenticationResult } from '../../../db/schema.ts'
import type { Field } from './mime-fields.ts'

const METHODS = ['spf', 'dkim', 'dmarc'] as const
const MAX_DETAIL = 300

/**
 * What the server that took a mail in says about who sent it (RFC 8601, section 2.2; RFC 7208, section 9.1). Fields
 * further up were added later: of each method the first that is found counts, since what stands below may come from the
 * sender. Of several signatures one that passes is enough.
 */
export function authenticationResults(fields: Field[]): AuthenticationResult[] {
  const found: AuthenticationResult[] = []
  for (const [name, value] of fields.map(({ name, value }) => [name.toLowerCase(), value] as const)) {
    if (name === 'authentication-results') {
      const here = resultsIn(value)
      for (const method of METHODS) {
        if (found.some((result) => result.method === method)) continue
        const own = here.filter((result) => result.method === method)
        const best = own.find(({ result }) => result === 'pass') ?? own[0]
        if (best) found.push(best)
      }
    } else if (name === 'received-spf' && !found.some(({ method }) => method === 'spf')) {
      const result = /^\s*([a-z]+)/i.exec(value)?.[1]?.toLowerCase()
      if (result) found.push({ method: 'spf', result, detail: shortened(value) })
    }
  }
  return METHODS.flatMap((method) => found.find((result) => result.method === method) ?? [])
}

/** The results in one field: `host 1; spf=pass (words) smtp.mailfrom=a@b; dkim=fail reason="words"`. */
function resultsIn(value: string): AuthenticationResult[] {
  return withoutComments(value)
    .split(';')
    .slice(1)
    .flatMap((part) => {
      const [, method, result] = /^\s*(spf|dkim|dmarc)\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/i.exec(part) ?? []
      if (!method || !result) return []
      // The cast: the expression names just these.
      const known = method.toLowerCase() as AuthenticationResult['method']
      return [{ method: known, result: result.toLowerCase(), detail: shortened(part) }]
    })
}

/** Comments may hold semicolons, and comments (RFC 5322, section 3.2.2). */
function withoutComments(value: string): string {
  let depth = 0
  let kept = ''
  for (const character of value) {
    if (character === '(') depth++
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += character
  }
  return kept
}

function shortened(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL)
}
