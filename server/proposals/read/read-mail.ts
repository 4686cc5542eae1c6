import type { SolicitationKind } from '../../../db/vocabulary.ts'
import { dayIn } from '../deadline.ts'
import type { Reading } from './certainty.ts'
import { type ReadDeadline, readDeadlines } from './deadlines.ts'
import { readLanguage } from './language.ts'
import { type ReadMoney, readMoney } from './money.ts'
import { sentencesOf } from './sentences.ts'
import { readKind, readNumbers } from './solicitation.ts'

/** So much of a text is read. */
export const READ_CHARACTERS = 40_000

/** A mail as it is read: its subject without Re and the like, and what its writer added. */
export type MailToRead = { subject: string; text: string }

export type MailGround = {
  /** When it is read. */
  now: number
  /** The zone in which its sender's deadlines are meant where none is written, and why that one: a sentence. */
  zone: string
  zoneWhy: string
  /** The zone of the organization that wrote, where it is known. */
  home: string | null
  usFederal: boolean
  dollarsAreUs: boolean
}

/** What a mail says that a proposal has a field for. */
export type MailReading = {
  due: Reading<ReadDeadline>[]
  questionsDue: Reading<ReadDeadline>[]
  solicitationNumber: Reading<string>[]
  solicitationKind: Reading<SolicitationKind>[]
  value: Reading<ReadMoney>[]
}

/** Reads a mail in English, German, French or Spanish; dates and amounts of other languages where they are plain. */
export function readMail({ subject, text }: MailToRead, ground: MailGround): MailReading {
  const sentences = [...sentencesOf(subject), ...sentencesOf(text.slice(0, READ_CHARACTERS))]
  const language = readLanguage(`${text}\n${subject}`)
  const { now, zone, dollarsAreUs } = ground
  const deadlines = readDeadlines(sentences, { ...ground, language, today: dayIn(zone, now) })
  return {
    due: deadlines.due,
    questionsDue: deadlines.questions,
    solicitationNumber: readNumbers(sentences),
    solicitationKind: readKind(sentences),
    value: readMoney(sentences, { language, dollarsAreUs: dollarsAreUs && (language === 'en' || language === null) }),
  }
}
