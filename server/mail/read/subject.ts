// What a subject is about, without what mail programs put in front of it.

import { foldSpace } from './folded-space.ts'

/** Answers, in the words of mail programs of some thirty languages. */
const ANSWER =
  're|r|rif|ris|aw|antw|antwort|antwoord|bls|balas|odp|odg|odgovor|sv|svar|vs|vast|vá|va|válasz|ynt|yanit|yanıt|cevap|res|resp|nuo|rép|rep|réf|σχετ|απ|αντ|отв|ответ|на|відп|回复|回覆|答复|答覆|回信|返信|reply|تر|رد|השב|תשובה|trả lời|답장|회신'
/** Passing on, likewise. */
const FORWARD =
  'fw|fwd|wg|wtr|weitergeleitet|tr|transf|rv|reenv|renv|enc|i|inoltro|doorst|doorgestuurd|vs|vb|vl|vidarebefordrat|videresendt|pd|továbbítás|továbbított|fs|ilt|ilet|İlt|İLT|πρθ|προωθ|пер|перес|转发|轉寄|轉發|転送|إعادة توجيه|הועבר|전달|chuyển tiếp'

const mark = (words: string) => `(?:${words})\\s*(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\)|\\d{1,2}|\\^\\d{1,2})?\\s*[:：]`
const ANY_MARK = new RegExp(`^(?:${mark(`${ANSWER}|${FORWARD}`)})\\s*`, 'iu')
const FORWARD_MARK = new RegExp(`^${mark(FORWARD.replace('|vs|', '|'))}`, 'iu')
/** Tags of mail filters, such as [EXT], [EXTERN], ***SPAM***, (extern). Other brackets may be part of the matter. */
const FILTER_TAG =
  /^(?:[[(]\s*(?:ext(?:ern(?:al|e|o|a)?)?(?:[\s:-]*(?:e-?mail|mail|sender))?|caution|suspected spam|spam\??|bulk|secure|encrypted|verschlüsselt|extern[\s:-]*\w*)\s*[\])]|\*{3,5}\s*(?:possible |suspected )?spam\s*\*{3,5}|(?:ext(?:ern(?:al)?)?)\s*:)\s*/iu

/** The most marks taken off one subject. */
const MAX_MARKS = 50

/**
 * The subject without any run of Re, Fw, AW, WG… and filters' tags, white space folded. What mails about one matter
 * share, whoever answered with whichever program.
 */
export function normalizedSubject(subject: string): string {
  let rest = foldSpace(subject)
  for (let taken = 0; taken < MAX_MARKS; taken++) {
    const shorter = foldSpace(rest.replace(FILTER_TAG, '').replace(ANY_MARK, ''))
    if (shorter === rest) break
    rest = shorter
  }
  return foldSpace(rest.replace(/\s*\((?:fwd|fw)\)$/i, ''))
}

/** Whether the subject says that the mail passes another one on. */
export const isForward = (subject: string): boolean => {
  let rest = subject.trim()
  while (FILTER_TAG.test(rest)) rest = rest.replace(FILTER_TAG, '')
  return FORWARD_MARK.test(rest) || /\((?:fwd|fw)\)$/i.test(rest)
}
