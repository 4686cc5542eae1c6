/** The languages that can be chosen for what is written, as RFC 5646 names them. */
const LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pt',
  'da',
  'nb',
  'sv',
  'fi',
  'pl',
  'cs',
  'hu',
  'tr',
  'el',
  'ja',
  'ko',
  'zh',
]

const names = new Intl.DisplayNames(['en'], { type: 'language' })

/** What a language is called; empty stands for any. */
export function languageName(code: string): string {
  if (code === '') return 'Any language'
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** Every language to choose from, with those that are in use already, any language first and the rest by name. */
export function languageChoices(inUse: readonly string[] = []): { code: string; name: string }[] {
  const codes = [...new Set([...LANGUAGES, ...inUse])].filter((code) => code !== '')
  const named = codes.map((code) => ({ code, name: languageName(code) }))
  return [{ code: '', name: languageName('') }, ...named.toSorted((a, b) => a.name.localeCompare(b.name))]
}
