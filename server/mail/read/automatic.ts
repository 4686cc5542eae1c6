// Whether a person wrote a mail or a machine did (RFC 3834, RFC 2919, RFC 3464). A mail is classified, never dropped: the
// worst that a wrong guess may do is to keep quiet.

import type { Address } from '../../../db/schema.ts'
import type { Writer } from '../../../db/vocabulary.ts'
import { type Field, fieldOf } from './mime-fields.ts'

const MACHINE_ADDRESS =
  /^(?:no[-_.]?repl(?:y|ies)|do[-_.]?not[-_.]?reply|ne[-_.]?pas[-_.]?repondre|nicht[-_.]?antworten|no[-_.]?responder|nao[-_.]?responda|mailer-daemon|postmaster|notifications?|bounces?)(?:$|[-+_.@\d])|[-_.+](?:no-?reply|donotreply)@/i

const AWAY_SUBJECT =
  /out of (?:the )?office|\booo\b|on (?:vacation|holiday|annual leave|leave)|vacation (?:reply|response|notice|message)|away from (?:my |the )?(?:office|mail|desk)|abwesenheit|abwesend|nicht im (?:büro|hause)|im urlaub|urlaubs|(?:parental|maternity|paternity|sick|medical) leave|office (?:is )?closed|mutterschutz|elternzeit|betriebsferien|vacances|vacaciones|absence|\babsent\b|ausente|absent du bureau|en congés?|fuera de la? oficina|ausencia|ausência|fora do escritório|fuori (?:sede|ufficio)|assenza|afwezig|frånvaro|fraværsmelding|fravær|poissa|poissaolo|nieobecno|mimo kancelář|nepřítom|távollét|отсутств|відсутн|εκτός γραφείου|ofis dışında|不在|休暇|外出|부재|ngoài văn phòng/i
const AUTO_SUBJECT =
  /^\s*\[?(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer|re)\b|autoreply|autoresponse|auto:|automatische (?:antwort|abwesenheit|beantwoording)|automatisch antwoord|automatiskt? (?:svar|svarmelding)|sjálfvirkt svar|autosvar|réponse automatique|resposta automàtica|автоматичен отговор|automatski odgovor|аутоматски одговор|samodejni odgovor|automaatvastus|automaatne vastus|automātiskā atbilde|automatinis atsakymas|respuesta automática|resposta automática|risposta automatica|automaattinen vastaus|automatyczna odpowiedź|autoodpowiedź|odpowiedź automatyczna|automatická odpověď|automatická odpoveď|automatikus válasz|răspuns automat|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|otomatik yanıt|自動回覆|自动回复|自动答复|自動答覆|การตอบกลับอัตโนมัติ|رد تلقائي|自動応答|자동 회신|자동 응답|תשובה אוטומטית|الرد التلقائي|jawaban otomatis|trả lời tự động)/iu

/** Which kind of writer the header speaks of; `bounced` when the mail is known to be a bounce. */
export function writerKind(mail: { fields: Field[]; from: Address; subject: string; bounced: boolean }): Writer {
  if (mail.bounced) return 'bounce'
  // Reports of success, of reading and of abuse (RFC 6522) are about mail and answer none.
  if (/^\s*multipart\/report\b/i.test(fieldOf(mail.fields, 'content-type'))) return 'notification'
  const has = (name: string) => fieldOf(mail.fields, name) !== ''
  const submitted = fieldOf(mail.fields, 'auto-submitted').toLowerCase()
  // "auto-replied; owner-email=…" and "auto-replied (vacation)" have parameters and comments.
  const keyword = submitted.split(/[\s;(]/)[0]!
  const precedence = `${fieldOf(mail.fields, 'precedence')} ${fieldOf(mail.fields, 'x-precedence')}`.toLowerCase()
  const suppress = fieldOf(mail.fields, 'x-auto-response-suppress').toLowerCase()
  const awaySubject = AWAY_SUBJECT.test(mail.subject)
  const autoSubject = AUTO_SUBJECT.test(mail.subject)

  const replied =
    keyword === 'auto-replied' ||
    // Of ours, or of another Downfield.
    has('x-downfield-loop') ||
    /auto[-_]?reply/.test(precedence) ||
    /^(?!no\b)./.test(fieldOf(mail.fields, 'x-autoreply').toLowerCase()) ||
    has('x-autorespond') ||
    has('x-autoresponder') ||
    has('x-autoreply-from') ||
    has('x-mail-autoreply') ||
    /autorespon/i.test(fieldOf(mail.fields, 'delivered-to')) ||
    /vacation/i.test(fieldOf(mail.fields, 'x-mailer'))
  const generated = keyword !== '' && keyword !== 'no'
  const marked =
    replied || generated || suppress !== '' || /bulk|junk/.test(precedence) || hasNullReturnPath(mail.fields)
  if (/vacation|out.of.office/.test(submitted)) return 'out_of_office'
  // Who answers "Ada is out of the office" on a mailing list is not away.
  const answers = /^\s*(?:\[[^\]]*\]\s*)?(?:re|aw|sv|antw)\s*:/i.test(mail.subject) && !replied && !generated
  if ((replied || autoSubject || marked) && awaySubject && !answers) return 'out_of_office'
  // Exchange and Outlook answer for who is away with a subject that names no holiday.
  const looped = has('x-ms-exchange-inbox-rules-loop')
  const silenced = /\ball\b|oof/.test(suppress)
  if ((autoSubject && (looped || silenced)) || (looped && silenced)) return 'out_of_office'
  if (replied || autoSubject) return 'auto_reply'

  if (has('list-id') || has('list-post') || has('list-unsubscribe') || /\b(?:list|bulk)\b/.test(precedence)) {
    return generated && MACHINE_ADDRESS.test(mail.from.address) ? 'notification' : 'list'
  }
  if (MACHINE_ADDRESS.test(mail.from.address)) return 'notification'
  // Microsoft marks mail that a rule passed on as auto-generated; without another mark a person wrote it.
  const passedOn = looped || has('x-ms-exchange-forwardingloop') || has('resent-from')
  if (generated && !(passedOn && suppress === '')) return 'notification'
  if (/\bjunk\b/.test(precedence) || hasNullReturnPath(mail.fields)) return 'notification'
  return 'person'
}

/** `Return-Path: <>`: the sender wants no answer, as reports and automatic answers must (RFC 5321 section 4.5.5). */
export const hasNullReturnPath = (fields: Field[]): boolean => /^<\s*>/.test(fieldOf(fields, 'return-path'))
