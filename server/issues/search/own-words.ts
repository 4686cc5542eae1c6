import type { Body } from '../../../db/schema.ts'
import { ownText } from './own-text.ts'
import { words } from './words.ts'

/** A text is indexed up to here; db/search-index.ts has the limits of words. */
export const TEXT_CHARACTERS = 400_000

/** The words by which the text of a message is found: those that its writer added. */
export function ownWords({ text, quotedFrom }: Pick<Body, 'text' | 'quotedFrom'>): string[] {
  return words(ownText({ text: text.slice(0, TEXT_CHARACTERS), quotedFrom }))
}
