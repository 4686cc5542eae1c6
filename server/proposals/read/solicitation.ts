import type { SolicitationKind } from '../../../db/vocabulary.ts'
import { type Reading, reading } from './certainty.ts'
import { anyOf } from './pattern.ts'
import { plain } from './sentences.ts'

/** What names a kind of request, in the languages of people who write proposals. */
const KINDS: [words: string, kind: SolicitationKind][] = [
  ['sources sought(?: notice)?', 'sources_sought'],
  [
    'RFP|requests? for proposals?|aufforderung zur angebotsabgabe|demande de propositions?|solicitud de propuestas?',
    'rfp',
  ],
  [
    'RFQ|requests? for (?:quotes?|quotations?)|preisanfrage|demande de (?:devis|prix|cotation)|solicitud de cotización|petición de ofertas?',
    'rfq',
  ],
  ["RFI|requests? for information|demande d'informations?|solicitud de información", 'rfi'],
  ['ITT|IFB|ITB|invitations? (?:to|for) (?:tender|bids?)', 'itt'],
  [
    "RFT|requests? for tenders?|call for tenders?|tender|(?:öffentliche )?ausschreibung|vergabeverfahren|appel d'offres|AAPC|MAPA|avis de marché|marché public|licitación(?: pública)?|concurso público|expediente de contratación",
    'tender',
  ],
]
const PATTERNS = KINDS.map(([words, kind]) => [anyOf(words), kind] as const)
const NAMES = `${KINDS.map(([words]) => words).join('|')}|solicitation|bid|vergabenummer|vergabe|verfahren|consultation|expediente|marché|dossier`
const MARK = '(?: (?:no|nr|num|number|nummer|numéro|numero|núm|ref|reference|id)\\b\\.?:?| ?n[°º]:?| ?#|:)?'
const NUMBER = '(?=[\\p{L}/._-]{0,12}\\d)[\\p{L}\\p{N}]{1,12}(?:[-/._][\\p{L}\\p{N}]{1,12}){0,6}'
const NUMBERED = new RegExp(`(?<![\\p{L}\\p{N}])(?:${NAMES})${MARK} ?(${NUMBER})(?![\\p{L}\\p{N}])`, 'giu')
/** "RFP-2026-114": the name is part of the number. */
const JOINED =
  /(?<![\p{L}\p{N}-])(?:RFP|RFQ|RFI|ITT|IFB|ITB|RFT)-[\p{L}\p{N}]{1,12}(?:[-/._][\p{L}\p{N}]{1,12}){0,5}(?![\p{L}\p{N}])/gu
/** Of US federal offices: office, year, kind, number (FAR 4.1603). */
const FEDERAL = /(?<![\p{L}\p{N}-])[A-Z0-9]{6}-?\d{2}-?[QRBINST]-?[A-Z0-9]{4}(?![\p{L}\p{N}-])/gu
const LEAST_DIGITS = 3
/** A year, an hour or a date names no request. */
const TIME =
  /^(?:(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[.:]\d\d)$/

/** The kinds of request that sentences name. Sure where it is one alone. */
export function readKind(sentences: readonly string[]): Reading<SolicitationKind>[] {
  const found = new Map<SolicitationKind, string>()
  for (const text of sentences) {
    const sentence = plain(text)
    for (const [pattern, kind] of PATTERNS)
      if (
        !found.has(kind) &&
        [...sentence.matchAll(pattern)].some((match) => !(match[0].toLowerCase() === 'tender' && found.size > 0))
      )
        found.set(kind, text)
  }
  const doubts = found.size > 1 ? ['The mail names several kinds.'] : []
  return [...found].map(([kind, sentence]) => reading(kind, sentence, doubts, 'It is named.'))
}

/** The numbers of requests that sentences name. Sure where it is one alone, and the sentence says what it is. */
export function readNumbers(sentences: readonly string[]): Reading<string>[] {
  const found = new Map<string, { written: string; sentence: string; named: boolean }>()
  const add = (written: string, sentence: string, named: boolean) => {
    const key = written.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')
    if (written.replace(/\D/g, '').length < LEAST_DIGITS || TIME.test(written) || found.has(key)) return
    found.set(key, { written, sentence, named })
  }
  for (const text of sentences) {
    const sentence = plain(text)
    const joined = [...sentence.matchAll(JOINED)].map(([written]) => written)
    for (const written of joined) add(written, text, true)
    for (const match of sentence.matchAll(NUMBERED))
      if (!joined.some((one) => one.includes(match[1]!))) add(match[1]!, text, true)
    for (const [written] of sentence.matchAll(FEDERAL)) if (/\d/.test(written)) add(written, text, true)
  }
  const doubts = found.size > 1 ? ['The mail names several numbers.'] : []
  return [...found.values()].map(({ written, sentence }) =>
    reading(written, sentence, doubts, 'The number stands behind the name of the request.'),
  )
}
