import { type KnownLanguage, languageOf } from '../../issues/language.ts'

/** The languages in which dates, times and money are read. */
const READ = ['en', 'de', 'fr', 'es'] as const
export type Language = (typeof READ)[number]

/** The language of a text, where it is one in which we read; null where it is another, or not plain. */
export function readLanguage(text: string): Language | null {
  const found: KnownLanguage | null = languageOf(text)
  return READ.find((language) => language === found) ?? null
}
