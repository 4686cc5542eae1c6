// The language of a text by what its words look like: nothing is learned, and where it is not plain nothing is said.

/** Words that are frequent in one of the languages and rare in the others. */
const WORDS = {
  en: 'the and of to are is by for with will be please due your our this that must no later than at submitted questions proposals bids from on deadline has been',
  de: 'der die das und ist sind bis zum zur den dem mit für wir sie ihre bitte von am um uhr nicht einzureichen angebote angebot frist fragen wird werden ein eine',
  fr: 'le les des et est sont du au aux avec pour nous vous votre vos dans une sur avant jusqu plus tard être doivent heure heures offres offre remise date limite',
  es: 'el los las y es son del con para por nosotros su sus una antes hasta más tardar deben ser ofertas oferta plazo fecha límite hora horas presentación preguntas',
  it: 'il gli della delle dei che per con sono è siamo vostra vostro nostra nostro questo questa anche più come cordiali saluti grazie offerta entro buongiorno gentile',
  nl: 'het een van voor met zijn wij u uw deze dit niet ook kunnen graag bedankt vriendelijke groet groeten offerte bijgevoegd alvast mijn ons onze worden aan over',
  pt: 'os as do da dos das para com uma não são está nossa nosso você vocês obrigado obrigada atenciosamente proposta segue anexo também muito pela pelo cumprimentos',
  sv: 'och att det som är för med till av på inte vi ni era har kan hälsningar vänliga tack offert bifogat denna detta också från eller',
  pl: 'i w na z do się jest nie to że oraz dla proszę dziękuję pozdrawiam ofertę państwa naszej przez jak od są być może',
} as const
/** Languages that are known by their letters, which no other has: of Cyrillic or Arabic they tell too little. */
const LETTERS = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
] as const

/** As RFC 5646 names it. */
export type KnownLanguage = keyof typeof WORDS | (typeof LETTERS)[number][0]

const SETS = Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))] as const)
const WORD = /\p{L}+/gu
/** So much of a text tells its language. */
const MAX_CHARACTERS = 4_000
/** One that leads by less could be another. */
const LEAST_LEAD = 2
const LEAST_SHARE = 0.15

/** The language of a text by its letters, else by its frequent words; null where too few of them stand in it. */
export function languageOf(text: string): KnownLanguage | null {
  const begin = text.slice(0, MAX_CHARACTERS).toLowerCase()
  const letters = begin.match(/\p{L}/gu)?.length ?? 0
  for (const [language, pattern] of LETTERS)
    if (letters > 0 && (begin.match(pattern)?.length ?? 0) / letters >= LEAST_SHARE) return language
  const counts = new Map<string, number>()
  for (const [word] of begin.matchAll(WORD))
    for (const [language, words] of SETS) if (words.has(word)) counts.set(language, (counts.get(language) ?? 0) + 1)
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1])
  if (!first || first[1] - (second?.[1] ?? 0) < LEAST_LEAD) return null
  // The cast: the keys of WORDS are languages.
  return first[0] as KnownLanguage
}
