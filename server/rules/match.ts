import type { Rule, RuleCondition } from '../../db/schema.ts'
import type { RuleField, RuleTest, RuleTrigger } from '../../db/vocabulary.ts'

/** What a rule looks at: a mail with its issue, or an issue that changed. */
export type Subject = {
  sender: string
  /** Whom the mail went to, To and Cc, lower case; of an issue nobody. */
  recipients: string[]
  subject: string
  text: string
  /** Header fields by their names in lower case; a name may come several times. */
  headers: ReadonlyMap<string, readonly string[]>
  bytes: number
  /** Who wrote it, by automatic.ts; empty of an issue that changed. */
  writer: string
  mailboxId: string
  tagIds: readonly string[]
  status: string
}

const TEXT_TESTS: readonly RuleTest[] = ['contains', 'contains_not', 'is', 'is_not', 'starts', 'ends', 'word']
const CHOICE_TESTS: readonly RuleTest[] = ['is', 'is_not']

/** How each field can be compared. */
export const TESTS_OF: Record<RuleField, readonly RuleTest[]> = {
  sender: TEXT_TESTS,
  domain: ['is', 'is_not', 'ends'],
  recipient: TEXT_TESTS,
  subject: TEXT_TESTS,
  text: ['contains', 'contains_not', 'word'],
  header: TEXT_TESTS,
  size: ['over', 'under'],
  writer: CHOICE_TESTS,
  mailbox: CHOICE_TESTS,
  tag: CHOICE_TESTS,
  status: CHOICE_TESTS,
}

/** What an issue has by itself: the rest is of a mail. */
export const FIELDS_OF_CHANGES: readonly RuleField[] = ['sender', 'domain', 'subject', 'mailbox', 'tag', 'status']

/** Whether a rule may wait for this and look at that. */
export const suits = (trigger: RuleTrigger, field: RuleField): boolean =>
  trigger === 'mail' || FIELDS_OF_CHANGES.includes(field)

/** Whether a rule holds for a subject: a pure judgement, in time that grows with the text and no faster. */
export function holds({ match, conditions }: Pick<Rule, 'match' | 'conditions'>, subject: Subject): boolean {
  if (conditions.length === 0) return true
  const one = (condition: RuleCondition) => conditionHolds(condition, subject)
  return match === 'all' ? conditions.every(one) : conditions.some(one)
}

function conditionHolds(condition: RuleCondition, subject: Subject): boolean {
  const { field, test, value } = condition
  switch (field) {
    case 'size':
      return test === 'over' ? subject.bytes > Number(value) * 1024 : subject.bytes < Number(value) * 1024
    case 'writer':
      return (subject.writer === value) === (test === 'is')
    case 'mailbox':
      return (subject.mailboxId === value) === (test === 'is')
    case 'tag':
      return subject.tagIds.includes(value) === (test === 'is')
    case 'status':
      return (subject.status === value) === (test === 'is')
    case 'domain':
      return ofDomain(subject.sender.split('@').at(-1) ?? '', test, value)
    default:
      return textHolds(textsOf(condition, subject), test, value)
  }
}

/** The domain itself; `ends` means with all that lie within it. */
function ofDomain(domain: string, test: RuleTest, value: string): boolean {
  const wanted = fold(value).replace(/^[@.]+/, '')
  const its = fold(domain)
  if (test === 'ends') return its === wanted || its.endsWith(`.${wanted}`)
  return (its === wanted) === (test === 'is')
}

function textsOf({ field, header }: RuleCondition, subject: Subject): readonly string[] {
  if (field === 'sender') return [subject.sender]
  if (field === 'recipient') return subject.recipients
  if (field === 'subject') return [subject.subject]
  if (field === 'text') return [subject.text]
  return subject.headers.get((header ?? '').toLowerCase()) ?? []
}

/** One of several texts is enough; what must not be, must be in none. */
function textHolds(texts: readonly string[], test: RuleTest, value: string): boolean {
  const wanted = fold(value)
  const some = (is: (text: string) => boolean) => texts.some((text) => is(fold(text)))
  switch (test) {
    case 'is':
      return some((text) => text === wanted)
    case 'is_not':
      return !some((text) => text === wanted)
    case 'contains':
      return some((text) => text.includes(wanted))
    case 'contains_not':
      return !some((text) => text.includes(wanted))
    case 'starts':
      return some((text) => text.startsWith(wanted))
    case 'ends':
      return some((text) => text.endsWith(wanted))
    case 'word':
      return some((text) => hasWord(text, wanted))
    default:
      return false
  }
}

const LETTER = /[\p{L}\p{N}_]/u

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ''
    const after = text[at + word.length] ?? ''
    if (!LETTER.test(before) && !LETTER.test(after)) return true
  }
  return false
}

/** Neither letters' size nor how often a space stands somewhere makes a difference. */
const fold = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase()
