// Where a signature begins in what a writer added: only known marks, since a guess would hide text.

/** "-- " (RFC 3676 section 4.3) and what people make of it. */
const DASHES = /^\s*(?:--|—|––|__|-{2,3}|_{2,})\s*$/
const SENT_FROM =
  /^\s*[*_]{0,2}(?:(?:<<|\()sent (?:from|by|via|with) .{1,40}(?:>>|\))$|sent (?:from|via|with) (?!a |the |our |her |his )|get outlook for |(?:von meinem|gesendet von|gesendet mit|diese nachricht wurde von mein\S+) |envoyé (?:de|depuis|à partir de) |enviado (?:desde|do|de|a partir do) |inviato (?:da|dal) |verstuurd (?:vanaf|met|vanuit) |verzonden (?:vanaf|met) |skickat från |sendt fra |lähetetty (?!.*:)|wysłane z |odesláno z |odoslané z |küldve |отправлено (?:с|из) |надіслано з |从我的|發自我的|发自我的|iphoneから|나의 iphone|gönderen: |\p{Lu}\p{L}+ from mobile$|from my (?:i?phone|ipad|android|mobile|cell|samsung|galaxy|blackberry)\b.{0,20}$|skickat från |från min |從我的|(?:télécharger|téléchargez|obtener|obtenha o|baixar o|scarica|holen sie sich|laden sie|hämta|download|hent|pobierz) outlook |outlook (?:für|voor) \S+ (?:herunterladen|downloaden)|(?:my )?(?:iphone|ipad|android)\S* ?(?:から送信|에서 보냄))/iu
/** A line that only says goodbye; what follows it is who and where. */
const CLOSING =
  /^\s*(?:(?:(?:kind(?:est)?|best|warm(?:est)?|many|with (?:kind|best))\s+)?regards|best(?: wishes)?|all the best|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|(?:many )?thanks(?: again| a lot| in advance)?|thank you(?: very much| so much)?|mit (?:freundlichen|besten|herzlichen|lieben|vielen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e(?: aus \p{L}+)?|mfg|vg|lg|gruß|hochachtungsvoll|cordialement|bien (?:cordialement|à vous)|(?:sincères |meilleures )?salutations|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|atenciosamente|cumprimentos|cordiali saluti|distinti saluti|saluti|met vriendelijke groet(?:en)?|(?:med )?(?:vänliga|venlig|vennlig) hils(?:en|ningar|ning)|mvh|ystävällisin terveisin|z poważaniem|pozdrawiam|pozdrowienia|s pozdravem|üdvözlettel|с уважением|з повагою|με εκτίμηση|saygılarımla)\s*[,.!]?\s*$/iu
/** "-roman" as the last line. */
const DASHED_NAME = /^\s*-{1,2}\s?\p{L}[\p{L}.]{1,20}\s*$/u
/** A signature has no more lines than this; a longer tail after its mark is text. */
const MAX_SIGNATURE_LINES = 15
/** Lines of an address are short; a longer one is somebody's sentence. */
const MAX_ADDRESS_LINE = 70

/** The index of the line where the signature begins, or the number of lines when there is none. */
export function signatureStart(lines: string[]): number {
  let start = lines.length
  // "-Lev." above "Sent from my telephone" are two signatures.
  for (let round = 0; round < 3; round++) {
    const next = lowestSignature(lines.slice(0, start))
    if (next === start) break
    start = next
  }
  return start
}

function lowestSignature(lines: string[]): number {
  const full = lines.flatMap((line, at) => (line.trim() === '' ? [] : [at])).slice(-MAX_SIGNATURE_LINES)
  const last = full.at(-1) ?? 0
  const above = full.filter((at) => at > 0 && lines.slice(0, at).some((line) => line.trim() !== ''))
  const dashes = above.find((at) => DASHES.test(lines[at]!))
  if (dashes !== undefined) return dashes
  const sent = above.slice(-3).find((at) => isSentFrom(lines[at]!))
  if (sent !== undefined) return sent
  const closing = above.find((at) => CLOSING.test(lines[at]!))
  const short = (at: number) => lines[at]!.trim().length <= MAX_ADDRESS_LINE
  if (closing !== undefined && full.filter((at) => at > closing).every(short)) return closing
  return above.includes(last) && DASHED_NAME.test(lines[last]!) ? last : lines.length
}

/** "Sent from my desk, it is easier." is a sentence. */
const isSentFrom = (line: string): boolean => SENT_FROM.test(line) && line.length < 100 && !/,.*\.\s*$/.test(line)
