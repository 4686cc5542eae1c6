// Numbers that name a matter: of a solicitation, a tender, an order, a file. Mails of one matter share them, whoever wrote.

/** What stands before such a number, in the languages of people who write proposals. */
const NAMES =
  'rfq|rfp|rfi|rft|itt|ifb|itb|eoi|tender|bid|solicitation|contract|quote|quotation|proposal|offer|order|purchase order|po|project|case|ticket|reference|ref|file|invoice|' +
  'angebot|anfrage|ausschreibung|vergabe|vergabenummer|vergabeverfahren|auftrag|bestellung|projekt|vorgang|aktenzeichen|az|rechnung|los|' +
  "offre|appel d'offres|marché|marche|commande|consultation|dossier|référence|" +
  'licitación|licitacion|expediente|pedido|oferta|gara|cig|cup|ordine|offerta|offerte|aanvraag|aanbesteding|bestelling|opdracht|przetarg|zamówienie'
const BETWEEN = String.raw`[\s:#.,-]*(?:(?:no|nr|nº|n°|num|number|nummer|numéro|numero|id)\b[\s:#.,-]*)?`
const NUMBER = String.raw`[\p{L}\p{N}]{1,12}(?:[-/._][\p{L}\p{N}]{1,12}){0,6}`
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}])(?:${NAMES})${BETWEEN}(${NUMBER})(?![\\p{L}\\p{N}])`, 'giu')
/** One that needs no name before it: capitals and digits in groups, as W912PL-24-R-0012. */
const ALONE =
  /(?<![\p{L}\p{N}./-])[A-Z]{1,6}\d{0,6}[A-Z]{0,4}(?:[-/]\d{1,8}|[-/][A-Z]{1,4}(?=[-/]\d)){2,6}(?![\p{L}\p{N}])/gu

const MAX_NUMBERS = 20
const MAX_CHARACTERS = 20_000
const LEAST_DIGITS = 4
/** A year, or a date: they name no matter. */
const TIME = /^(?:(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})$/

/** The numbers in a text that name a matter, as written, and `canonical` without what people write differently. */
export function referenceNumbers(text: string): { written: string; canonical: string }[] {
  const within = text.slice(0, MAX_CHARACTERS)
  const found = new Map<string, string>()
  for (const match of within.matchAll(NAMED)) add(found, match[1]!)
  for (const match of within.matchAll(ALONE)) add(found, match[0].replace(new RegExp(`^(?:${NAMES})[-/]`, 'iu'), ''))
  return [...found].slice(0, MAX_NUMBERS).map(([canonical, written]) => ({ canonical, written }))
}

function add(found: Map<string, string>, written: string): void {
  const digits = written.replace(/\D/g, '').length
  if (digits < LEAST_DIGITS || TIME.test(written)) return
  const canonical = written.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')
  if (!found.has(canonical)) found.set(canonical, written)
}
