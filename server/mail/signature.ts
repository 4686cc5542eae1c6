// Where a signature begins in what a writer added: only known marks, since a guess would hide text.

/** "-- " (RFC 3676 section 4.3) and what people make of it. */
const DASHES = /^\s*(?:--|—|––|__|-{2,3}|_{2,})\s*$/
const SENT_FROM =
  /^\s*[*_]{0,2}(?:sent (?:from|via|with) (?!a |the |our |her |his )|get outlook for |(?:von meinem|gesendet von|gesendet mit|diese nachricht wurde von mein\S+) |envoyé (?:de|depuis|à partir de) |enviado (?:desde|do|de|a partir do) |inviato (?:da|dal) |verstuurd (?:vanaf|met|vanuit) |verzonden (?:vanaf|met) |skickat från |sendt fra |lähetetty (?!.*:)|wysłane z |odesláno z |odoslané z |küldve |отправлено (?:с|из) |надіслано з |从我的|發自我的|发自我的|iphoneから|나의 iphone|gönderen: |(?:my )?(?:iphone|ipad|android)\S* ?(?:から送信|에서 보냄))/iu
/** A signature has no more lines than this; a longer tail after dashes is text. */
const MAX_SIGNATURE_LINES = 15

/** The index of the line where the signature begins, or the number of lines when there is none. */
export function signatureStart(lines: string[]): number {
  let end = lines.length
  while (end > 0 && lines[end - 1]!.trim() === '') end--
  for (let at = end - 1; at > 0 && end - at <= MAX_SIGNATURE_LINES; at--) {
    if (SENT_FROM.test(lines[at]!) && lines[at]!.length < 100 && end - at <= 3) return at
  }
  for (let at = Math.max(1, end - MAX_SIGNATURE_LINES); at < end; at++) {
    if (DASHES.test(lines[at]!)) return at
  }
  return lines.length
}
