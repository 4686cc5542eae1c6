import { minorDigits } from '../../../db/vocabulary.ts'
import { MAX_MINOR } from '../currency.ts'
import { type Reading, reading } from './certainty.ts'
import type { Language } from './language.ts'
import { anyOf, has } from './pattern.ts'
import { plain } from './sentences.ts'

/** An amount in minor units of its currency (ISO 4217). */
export type ReadMoney = { minor: number; currency: string }

const CODES = 'USD|EUR|GBP|CHF|CAD|AUD|NZD|JPY|SEK|NOK|DKK|PLN|CZK|INR|SGD|MXN|COP|CLP|PEN|ARS|BRL'
/** Signs and words: the currency, and which others they stand for. */
const SIGNS: [pattern: string, currency: string, otherwise?: string][] = [
  ['US ?\\$|\\$ ?US|U\\.S\\. dollars?|US[- ]dollars?|dólares estadounidenses|dollars américains', 'USD'],
  ['(?:CA|C)\\$|\\$ ?CA', 'CAD'],
  ['(?:AU|A)\\$', 'AUD'],
  ['NZ\\$', 'NZD'],
  ['S\\$', 'SGD'],
  ['R\\$', 'BRL'],
  ['€|euros?', 'EUR'],
  ['£|pounds sterling', 'GBP'],
  ['Fr\\.|Franken|francs suisses', 'CHF'],
  ['\\$|dollars?|dólares', 'USD', 'The dollar sign stands for dollars and pesos of other countries too.'],
  ['¥', 'JPY', 'The sign stands for yen and yuan.'],
]
const CURRENCY = `(?:${CODES})(?!\\p{L})|${SIGNS.map(([pattern]) => pattern).join('|')}`
const NUMBER = "\\d{1,3}(?:[., '´]\\d{3}){1,4}(?:[.,]\\d{1,2})?(?!\\d)|\\d{1,12}(?:[.,]\\d{1,3})?(?!\\d)"
const SCALE =
  '(?:(?:thousand|tausend|tsd\\.?|mille|mil|k)(?! ?mill)|millions?|millionen|mio\\.?|mill?ones|millón|mill\\.|mn|m|billions?|milliarden|mrd\\.?|milliards?|bn)'
const BEFORE = new RegExp(`(?<![\\p{L}\\p{N}])(${CURRENCY}) ?(${NUMBER})(?:[ -]?(${SCALE})(?![\\p{L}\\p{N}]))?`, 'giu')
const BEHIND = new RegExp(
  `(?<![\\p{L}\\p{N}.,])(${NUMBER})(?:[ -]?(${SCALE}))?(?: de| d')? ?(${CURRENCY})(?![\\p{L}\\p{N}])`,
  'giu',
)
const SCALES: [RegExp, number][] = [
  [/^(?:billion|milliard|mrd|bn)/iu, 9],
  [/^(?:millio|millón|millones|mill\.|mio|mn|m$)/iu, 6],
  [/^(?:thousand|tausend|tsd|mil|k)/iu, 3],
]
/** What says that an amount is what the work is worth. */
const WORTH = anyOf(
  'budget(?:ed|ary)?|(?:estimated |contract |total |award |order |project )?value|worth|ceiling|not[- ]to[- ]exceed|nte|magnitude|auftragswert|auftragsvolumen|gesamtwert|schätzwert|geschätzter wert|volumen|kostenrahmen|kostenschätzung|wert|montant|valeur|enveloppe|estimation|estimée?|presupuesto|importe|valor|cuantía|montos?',
)
/** What says that it is something else. */
const ELSE = anyOf(
  "bond|insurance|liability|coverage|deposit|fee|fees|penalt(?:y|ies)|fine|damages|revenues?|turnover|price of (?:the )?(?:documents|plans)|guarantee|security|invoice|paid|payment|versicherung\\w*|haftpflicht\\w*|deckungssumme|haftung|bürgschaft|kaution|gebühr|umsatz|jahresumsatz|vertragsstrafe|rechnung|caution|assurance|garantie|pénalités?|chiffre d'affaires|facture|frais|fianza|garantía|seguro|multa|penalización|facturación|factura|tasas?|volumen de negocios?",
)
const ABOUT = anyOf(
  "approximately|approx\\.?|about|around|roughly|circa|ca\\.?|some|up to|at least|over|under|more than|less than|between|from|minimum|maximum|max\\.?|not[- ]to[- ]exceed|nte|ceiling|likely|expected|anticipated|could|might|may|if|etwa|rund|ungefähr|bis zu|mindestens|höchstens|maximal|über|unter|zwischen|voraussichtlich|environ|autour de|jusqu'à|au moins|moins de|plus de|entre|maximum|unos|unas|aproximadamente|alrededor de|hasta|al menos|más de|menos de|máximo",
)
const PER = anyOf(
  'per (?:year|annum|month|hour|day|unit)|annual(?:ly)?|yearly|monthly|a year|pro (?:jahr|monat|stunde|tag)|jährlich|monatlich|par (?:an|mois|heure|jour)|annuel(?:le)?|mensuel(?:le)?|al (?:año|mes)|por (?:año|mes|hora)|anual(?:es)?|mensual(?:es)?',
)
const RANGE = new RegExp(`^ ?(?:-|to|and|bis|und|à|et|a|y|hasta) ?(?:${CURRENCY})? ?\\d`, 'iu')
const RANGE_BEFORE = new RegExp(`\\d ?(?:${SCALE})? ?(?:${CURRENCY})? ?(?:-|to|and|bis|und|à|et|a|y|hasta) ?$`, 'iu')
const GROUPS: Record<Language, string> = { en: ",'", de: ".' ", fr: " .'", es: ". '" }

export type MoneyGround = {
  language: Language | null
  /** Where mail that names dollars alone means those of the United States. */
  dollarsAreUs: boolean
}

/** What the work may be worth, by the sentences of one mail that say so, in order. Ranges are offered by both ends. */
export function readMoney(sentences: readonly string[], ground: MoneyGround): Reading<ReadMoney>[] {
  return sentences.flatMap((text) => {
    const sentence = plain(text)
    if (!/\d/.test(sentence) || !has(sentence, WORTH) || has(sentence, ELSE)) return []
    const found = amountsIn(sentence, ground)
    return found.map(({ value, doubts }) => {
      const all = [...doubts]
      if (found.length > 1) all.push('More than one amount is written.')
      if (has(sentence, ABOUT)) all.push('It is a limit or an estimate, not one amount.')
      if (has(sentence, PER)) all.push('It may be for each year, month or hour.')
      return reading(value, text, all, 'The amount and its currency are written.')
    })
  })
}

function amountsIn(sentence: string, { language, dollarsAreUs }: MoneyGround) {
  const found: { from: number; to: number; value: ReadMoney; doubts: string[] }[] = []
  const add = (match: RegExpMatchArray, sign: string, number: string, scale: string | undefined) => {
    const [from, to] = [match.index ?? 0, (match.index ?? 0) + match[0].length]
    if (found.some((one) => from < one.to && to > one.from)) return
    const [currency, otherwise] = currencyOf(sign)
    const amount = amountOf(number, scale, currency, language)
    if (!amount) return
    const doubts = [...amount.doubts]
    if (otherwise && !(currency === 'USD' && dollarsAreUs)) doubts.push(otherwise)
    if (RANGE.test(sentence.slice(to, to + 20)) || RANGE_BEFORE.test(sentence.slice(Math.max(0, from - 30), from)))
      doubts.push('It is one end of a range.')
    found.push({ from, to, value: { minor: amount.minor, currency }, doubts })
  }
  for (const match of sentence.matchAll(BEHIND)) add(match, match[3]!, match[1]!, match[2])
  for (const match of sentence.matchAll(BEFORE)) add(match, match[1]!, match[2]!, match[3])
  return found.sort((a, b) => a.from - b.from)
}

function currencyOf(sign: string): [currency: string, otherwise?: string] {
  if (/^[A-Za-z]{3}$/.test(sign) && CODES.split('|').includes(sign.toUpperCase())) return [sign.toUpperCase()]
  const known = SIGNS.find(([pattern]) => new RegExp(`^(?:${pattern})$`, 'iu').test(sign))
  if (!known) return ['USD', 'The currency is not plain.']
  return known[2] === undefined ? [known[1]] : [known[1], known[2]]
}

function amountOf(number: string, scale: string | undefined, currency: string, language: Language | null) {
  const doubts: string[] = []
  const marks = [...number].filter((sign) => /\D/.test(sign))
  const last = marks.at(-1)
  const tail = last === undefined ? '' : number.slice(number.lastIndexOf(last) + 1)
  let decimals = ''
  if (last !== undefined && /[.,]/.test(last)) {
    const mixed = marks.some((mark) => mark !== last)
    // Three digits behind a single point or comma: thousands, or decimals of a million.
    if (tail.length < 3 || mixed) decimals = tail.length < 3 || scale ? tail : ''
    else if (marks.length === 1 && (scale || !language || !GROUPS[language].includes(last)))
      doubts.push(`${number} may be meant with ${last} before decimals.`)
  }
  const digits = number.replace(/\D/g, '')
  const whole = decimals ? digits.slice(0, -decimals.length) : digits
  const power = scale ? (SCALES.find(([pattern]) => pattern.test(scale))?.[1] ?? 0) : 0
  const shift = power + minorDigits(currency) - decimals.length
  if (shift < 0) return undefined
  const minor = Number(BigInt(whole + decimals) * 10n ** BigInt(shift))
  return minor > 0 && minor <= MAX_MINOR ? { minor, doubts } : undefined
}
