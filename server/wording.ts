import { z } from 'zod'
import type { FieldError } from './errors.ts'

/** What zod tells about a value that is wrong, as far as words need it. */
type Issue = z.core.$ZodRawIssue

/**
 * The words for each way a value can be wrong, without the name of the field: "must be a whole number".
 * A schema's own message wins; it continues the name of the field as these do, or is a sentence with a capital letter.
 */
function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing.'
      return `must be ${NAMES[issue.expected] ?? issue.expected}.`
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}.`
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty.'
      return `must ${amount(issue.origin)} at least ${issue.minimum}${unit(issue.origin, Number(issue.minimum))}.`
    case 'too_big':
      return `must ${amount(issue.origin)} at most ${issue.maximum}${unit(issue.origin, Number(issue.maximum))}.`
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? 'written as described in the API'}.`
    case 'unrecognized_keys':
      return `has fields that are not known here: ${issue.keys.join(', ')}. Leave them out.`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}.`
    case 'invalid_union':
      // The first way is the usual one; the others are exceptions such as empty text.
      return issue.errors[0]?.find(({ path }) => path.length === 0)?.message ?? 'is not valid here.'
    default:
      return 'is not valid here.'
  }
}

const NAMES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const FORMATS: Record<string, string> = {
  email: 'an address such as ada@example.org',
  url: 'a full URL such as https://mail.example.org',
  uuid: 'a UUID',
  datetime: 'a time such as 2026-03-01T09:00:00Z',
  date: 'a day such as 2026-03-01',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
}

const UNITS: Record<string, [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  file: ['byte', 'bytes'],
}
const amount = (origin: string) => (origin in UNITS ? 'have' : 'be')
const unit = (origin: string, n: number) => (origin in UNITS ? ` ${UNITS[origin]![n === 1 ? 0 : 1]}` : '')

function oneOf(values: string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

z.config({ customError: complaint })

/**
 * Each complaint of a schema with the name of its field in front: "role must be "admin" or "member"."
 * @param whole what the input as a whole is called where no single field is wrong
 */
export function fieldErrors(
  issues: readonly { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined }[],
  whole: string,
): FieldError[] {
  return issues.map(({ message, path = [] }) => {
    const field = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    const isSentence = /^[A-Z]/.test(message)
    return { field, message: isSentence ? message : `${field || whole} ${message}` }
  })
}
