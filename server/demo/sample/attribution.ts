// The line, or block, with which each client says in the reader's language who wrote the text quoted below.
import type { Language, Person } from './people.ts'
import { dateFormat, LOCALES } from './when.ts'

/** What a client knows of the mail that it quotes. */
export type Quoted = { name: string; address: string; to: string; cc: string; subject: string; at: number }

type Wording = {
  /** Outlook's names for From, Sent, To, Cc and Subject. */
  fields: [string, string, string, string, string]
  /** {date}, {time}, {who} as Gmail, Apple Mail and Thunderbird word it. */
  gmail: string
  apple: string
  plain: string
}

const WORDINGS: Record<Language, Wording> = {
  en: {
    fields: ['From', 'Sent', 'To', 'Cc', 'Subject'],
    gmail: 'On {date} at {time} {who} wrote:',
    apple: 'On {date}, at {time}, {who} wrote:',
    plain: 'On {date} {time}, {who} wrote:',
  },
  de: {
    fields: ['Von', 'Gesendet', 'An', 'Cc', 'Betreff'],
    gmail: 'Am {date} um {time} Uhr schrieb {who}:',
    apple: 'Am {date} um {time} schrieb {who}:',
    plain: 'Am {date} um {time} schrieb {who}:',
  },
  fr: {
    fields: ['De', 'Envoyé', 'À', 'Cc', 'Objet'],
    gmail: 'Le {date} à {time}, {who} a écrit :',
    apple: 'Le {date} à {time}, {who} a écrit :',
    plain: 'Le {date} à {time}, {who} a écrit\u00a0:',
  },
  es: {
    fields: ['De', 'Enviado el', 'Para', 'CC', 'Asunto'],
    gmail: 'El {date} a las {time}, {who} escribió:',
    apple: 'El {date}, a las {time}, {who} escribió:',
    plain: 'El {date} a las {time}, {who} escribió:',
  },
  nl: {
    fields: ['Van', 'Verzonden', 'Aan', 'CC', 'Onderwerp'],
    gmail: 'Op {date} om {time} schreef {who}:',
    apple: 'Op {date} om {time} heeft {who} het volgende geschreven:',
    plain: 'Op {date} om {time} schreef {who}:',
  },
  pt: {
    fields: ['De', 'Enviada', 'Para', 'Cc', 'Assunto'],
    gmail: 'Em {date} às {time}, {who} escreveu:',
    apple: 'No dia {date}, às {time}, {who} escreveu:',
    plain: 'Em {date} às {time}, {who} escreveu:',
  },
  ja: {
    fields: ['差出人', '送信日時', '宛先', 'CC', '件名'],
    gmail: '{date} {time} {who}:',
    apple: '{date} {time}、{who}のメール:',
    plain: '{date} {time}, {who} wrote:',
  },
}

const DATES: Record<'gmail' | 'apple' | 'plain', Intl.DateTimeFormatOptions> = {
  gmail: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  apple: { day: 'numeric', month: 'short', year: 'numeric' },
  plain: { day: '2-digit', month: '2-digit', year: '2-digit' },
}

/** The line before quoted text, as the client of `reader` writes it. */
export function attribution(reader: Person, client: 'gmail' | 'apple' | 'plain', quoted: Quoted): string {
  const { zone: timeZone, language } = reader
  const locale = LOCALES[language]
  const who = client === 'plain' ? quoted.name : `${quoted.name} <${quoted.address}>`
  return WORDINGS[language][client]
    .replace('{date}', dateFormat(locale, { timeZone, ...DATES[client] }).format(quoted.at))
    .replace('{time}', dateFormat(locale, { timeZone, hour: 'numeric', minute: '2-digit' }).format(quoted.at))
    .replace('{who}', who)
}

/** The block that Outlook writes before quoted text: pairs of a field's name and its value. */
export function headerBlock(reader: Person, quoted: Quoted): [name: string, value: string][] {
  const { zone: timeZone, language } = reader
  const [from, sent, to, cc, subject] = WORDINGS[language].fields
  const date = dateFormat(LOCALES[language], {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }).format(quoted.at)
  return [
    [from, `${quoted.name} <${quoted.address}>`],
    [sent, date],
    [to, quoted.to],
    ...(quoted.cc ? [[cc, quoted.cc] satisfies [string, string]] : []),
    [subject, quoted.subject],
  ]
}
