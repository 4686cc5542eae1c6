export type Language = 'en' | 'de' | 'fr' | 'es'

/** Words that are frequent in one of the languages and rare in the others. */
const WORDS: Record<Language, string> = {
  en: 'the and of to are is by for with will be please due your our this that must no later than at submitted questions proposals bids from on deadline has been',
  de: 'der die das und ist sind bis zum zur den dem mit für wir sie ihre bitte von am um uhr nicht einzureichen angebote angebot frist fragen wird werden ein eine',
  fr: 'le les des et est sont du au aux avec pour nous vous votre vos dans une sur avant jusqu plus tard être doivent heure heures offres offre remise date limite',
  es: 'el los las y es son del con para por nosotros su sus una antes hasta más tardar deben ser ofertas oferta plazo fecha límite hora horas presentación preguntas',
}
const SETS = Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))] as const)
const WORD = /\p{L}+/gu
/** So much of a text tells its language. */
const MAX_CHARACTERS = 4_000
/** One that leads by less could be another. */
const LEAST_LEAD = 2

/** The language of a text by its frequent words; null where too few of them stand in it. */
export function languageOf(text: string): Language | null {
  const counts = new Map<string, number>()
  for (const [word] of text.slice(0, MAX_CHARACTERS).toLowerCase().matchAll(WORD))
    for (const [language, words] of SETS) if (words.has(word)) counts.set(language, (counts.get(language) ?? 0) + 1)
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1])
  if (!first || first[1] - (second?.[1] ?? 0) < LEAST_LEAD) return null
  // The cast: the keys of WORDS are the languages.
  return first[0] as Language
}
