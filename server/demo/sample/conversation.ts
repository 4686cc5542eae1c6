import type { FileSpec } from './file.ts'
import type { Language, PersonKey } from './people.ts'

/** A matter as its mails tell it. Answers follow the mail before them unless they say otherwise. */
export type Conversation = {
  /** Names the conversation; its Message-IDs come from it. */
  key: string
  subject: string
  language: Language
  mails: Line[]
  /** What the other side may still write while the demo runs. */
  next?: Line[]
}

export type Line = { by: PersonKey; when: string; text: string } & LineOptions

type LineOptions = {
  /** Which mail of the conversation it answers, counted from 0; false for none. */
  answers?: number | false
  /** Another subject than the conversation's; prefixes and all. */
  subject?: string
  /** Who gets it, if not the desk, or, from us, the last of the others who wrote. */
  to?: PersonKey
  cc?: PersonKey[]
  files?: FileSpec[]
  /** A picture in the body, where the text says {picture}. */
  picture?: FileSpec
  /** A mail passed on, with its header lines; only Apple Mail does that here. */
  forwarded?: string
  /** No history below: the writer removed it, or it is in the text. */
  bare?: boolean
  /** From one of us, but to the desk and from their own address. */
  inward?: boolean
}

/** A mail of a conversation; `when` is read by instantOf, dates in the text by fillDates. */
export function line(by: PersonKey, when: string, text: string, options: LineOptions = {}): Line {
  return { by, when, text: text.trim(), ...options }
}
