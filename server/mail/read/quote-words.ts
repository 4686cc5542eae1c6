// The words by which mail programs announce the mail that is answered, in the languages they speak.

/** "wrote", with what may stand before it. Matched anywhere in the announcing line. */
const WROTE = [
  'wrote|writes|said|has written',
  'schrieb|schreibt|hat geschrieben',
  'a écrit|écrit|a ecrit|ecrit|écrivait|a envoyé',
  'escribió|escribio|escribi=?ó|ha escrito|escribiu|missatge de|idatzi du',
  'escreveu|ha scritto|scrive|scritto|va escriure|escrigué',
  'schreef|heeft geschreven|het volgende geschreven',
  'skrev|skreiv|følgende|kirjoitti|kirjutas|skrifaði',
  'napisał(?:\\(a\\)|a)?|pisze|napsal(?:\\(a\\)|a)?|napísal(?:\\(a\\)|a)?|je napisao(?:\\/la)?|je napisal(?:\\/a|a)?|napisao(?: je)?|napisala(?: je)?|napisal|је написао',
  'ezt írta|írta|a scris|rašė|parašė|rakstīja',
  'пишет|писал(?:а|\\(а\\))?|написал(?:а|\\(а\\))?|пише|написав(?:ла|\\(ла\\))?|написа|напісаў',
  'έγραψε|yazdı|şunu yazdı|şunları yazdı|a yazdı|menulis|đã viết|สเขียน|เขียน(?:ว่า)?',
  'כתב(?:ה|/ה)?|كتب(?:ت)?|تمت كتابة ما يلي بواسطة|نوشت|ने लिखा|লিখেছেন',
  '写道|寫道|写信|のメール|のメッセージ|書きました|は書きました|님이 작성|작성|썼습니다',
].join('|')
// \b knows ASCII letters only, so words are bounded by what is not a letter.
const HAS_WROTE = new RegExp(`(?<!\\p{L})(?:${WROTE})(?!\\p{L})|写道|寫道|のメール|書きました|작성`, 'iu')
/** The words that such a line begins with where it begins with a date. */
const OPENS =
  /^\s*(?:on|at|am|le|el|em|il|op|den|på|tor|w dniu|dnia|dne|dňa|dana|în|în data|pe|στις|στην|vào|vào ngày|pada|tanggal|ngày|në|la|a(?:l)?|в|у|на|בתאריך|ב-|في|در|在|於|于|from|von|quoting|zitat von|citát|citando|\d{1,4}[-./年]\d|(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|man|tir|ons|tor|fre|lør|søn|lör|sön|ma|ti|ke|to|pe|la|su|пн|вт|ср|чт|пт|сб|вс)\w{0,9}[,.]?\s)/iu
const ENDS = /[:：]\s*$|(?:写道|寫道|yazdı|작성)[.:：]?\s*$/u
const DATED = /\d{1,2}[:.h時点시]\s?\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}/
const ADDRESSED = /[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+|<[^<>\s]+>|\[mailto:/
// Most lines hold neither sign, and looking for them is quick.
const isAddressed = (line: string): boolean => /[@<]/.test(line) && ADDRESSED.test(line)
/** A line such as "2013/11/13 John Smith <john@smith.org>", which older Gmail wrote without a verb. */
const DATE_AND_SENDER =
  /^\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s(?:.{0,80}<[^<>\s]+@[^<>\s]+>:?|\d{1,2}:\d{2} GMT[+-]\d{1,2}:\d{2} [^:]{2,60}:?)\s*$/

const DATE_FIRST =
  /^\s*(?:\p{L}{1,10}[.,]?\s+)?(?:\d{1,4}[-/.\s]\s?(?:\d{1,2}|\p{L}{3,10})\.?[-/.,\s]|\d{1,2}[:.]\d{2}\s?(?:[ap]m)?,).*\d{1,2}[:.]\d{2}|^\s*\d{1,2}[:.]\d{2}\s?(?:[ap]m)?,.*\d{4}|^\s*\d{4}\s?[年년].*\d{1,2}:\d{2}/iu
/** A date, a time, an address in brackets and a colon at the end: what announces a quote in every language. */
const DATE_TIME_ADDRESS =
  /^(?=.*\d{1,2}[:.]\d{2})(?=.*(?:(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2})).*<[^<>\s]+@[^<>\s]+>[^<>\p{L}]{0,30}[:：]\s*$/u
/** "Ada Lovelace (ada@example.com) wrote:", and who wrote by way of a list. */
const SENDER_WROTE = new RegExp(
  `^[^:]{0,80}(?:[<(][^\\s<>()]+@[^\\s<>()]+[>)]|\\svia\\s[^:]{1,60})\\s*(?:${WROTE})\\s?[:：]\\s*$`,
  'iu',
)
/** Web mail of older days: always with > marks below. */
const QUOTING = /^\s*(?:quoting|zitat von|citando|citát od|citerar|citat fra|cytowanie|цитирую)\s.{2,100}:\s*$/iu
const FULL_DATE = /\d{1,2}\P{N}{1,20}(?:19|20)\d{2}|(?:19|20)\d{2}\P{N}{1,3}\d{1,2}/u
const UNENDED = /(?<!\p{L})(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|написал|sent:)\s*$/iu
/** Somebody's own words with an announcement on the same line: they must not vanish with it. */
const OPENS_WITHIN = /(?:\s|--)On (?:mon|tue|wed|thu|fri|sat|sun|\d)/i

const DASHES_BEFORE = /^\s*-{2,}\s*/
const MAX_ATTRIBUTION_LINES = 4
const MAX_ATTRIBUTION_CHARS = 400

/** Marks for the direction of writing, and digits of other scripts. */
const FOREIGN = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u0660-\u0669\u06f0-\u06f9]/

/** A line with Latin digits, and without marks for the direction of writing. */
function legible(line: string): string {
  if (!FOREIGN.test(line)) return line
  return line
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
}

/** How many lines from `at` on announce a quoted mail, such as "On Monday, Ada wrote:"; 0 when they do not. */
export function attributionLength(lines: string[], at: number): number {
  const first = legible(lines[at]!)
  if (first.trim() === '' || first.length > MAX_ATTRIBUTION_CHARS) return 0
  if (DATE_AND_SENDER.test(first)) return 1
  const opens = OPENS.test(first.replace(DASHES_BEFORE, ''))
  // Most lines are neither the beginning nor the whole of an announcement.
  if (!opens && !ENDS.test(first) && !isAddressed(first)) return 0
  let joined = ''
  let most = MAX_ATTRIBUTION_LINES
  for (let count = 1; count <= most && at + count <= lines.length; count++) {
    const line = legible(lines[at + count - 1]!)
    if (line.trim() === '') {
      // Some programs take the address for a paragraph of its own.
      if (!opens || !DATED.test(joined) || !/^\s*<\s*(?:mailto:|$)/.test(lines[at + count] ?? '')) return 0
      most += 2
      continue
    }
    if (/^\s*>(?!:\s*$)/.test(line) && !/^\s*>\s*\p{L}{2,20}\s*[:：]\s*$/u.test(line)) return 0
    joined += ` ${line.trim()}`
    if (joined.length > MAX_ATTRIBUTION_CHARS) return 0
    const ends = ENDS.test(line)
    // "30.09.2017, 18.30, Ada <ada@example.com>:" and a wrote that forgot its colon.
    const dateAndSender = count <= 2 && ends && isAddressed(joined) && DATE_FIRST.test(joined)
    const announces = ends && (DATE_TIME_ADDRESS.test(joined) || SENDER_WROTE.test(joined))
    const unended = opens && UNENDED.test(line) && DATED.test(joined) && isAddressed(joined)
    if (dateAndSender || unended || (count <= 2 && announces)) return count
    if (ends && HAS_WROTE.test(joined) && !OPENS_WITHIN.test(joined.replace(DASHES_BEFORE, '').trimStart())) {
      const dated = DATED.test(joined)
      const addressed = isAddressed(joined)
      if (dated && (opens || addressed || FULL_DATE.test(joined))) return count
      // "Ada wrote:" alone is how people speak too; with a > line below it is a quote.
      let next = at + count
      while (next < lines.length && lines[next]!.trim() === '') next++
      const marked = next < lines.length && /^\s*>/.test(lines[next]!)
      return marked && (count === 1 || opens || addressed) ? count : addressed && count === 1 && opens ? count : 0
    }
    if (
      ends &&
      count === 1 &&
      QUOTING.test(first) &&
      /^\s*>/.test(lines.slice(at + 1).find((below) => below.trim() !== '') ?? '')
    )
      return 1
    // Only a line that begins like an announcement may go on over a line break.
    if (!opens && !isAddressed(first)) return 0
  }
  return 0
}

/** Where in a line that begins with somebody's own words an announcement begins; 0 when none does. */
export function attributionWithin(line: string): number {
  if (line.length > MAX_ATTRIBUTION_CHARS || !line.trimEnd().endsWith(':')) return 0
  const at =
    /(?<=\S\s?)(?:-{2,}\s*)?(?<!\p{L})(?:On|Am|Le|El|Il|Op|Em|Den|Dnia) (?=\p{L}{2,10}[.,\s]|\d)/u.exec(line)?.index ??
    0
  const rest = line.slice(at)
  return at > 0 && HAS_WROTE.test(rest) && DATED.test(rest) && isAddressed(rest) ? at : 0
}

const FROM =
  'from|frá|remitent|sūtītājs|siuntėjas|bidaltzailea|pošiljatelj|จาก|von|de|da|van|från|fra|lähettäjä|od|feladó|от|від|von|από|kimden|gönderen|寄件者|寄件人|发件人|發件人|差出人|送信者|보낸 사람|보낸사람|מאת|من|expéditeur|remitente|mittente|avsändare|afsender|saatja|nuo|no|dari|từ|ผู้ส่ง|expeditor|de la'
const OTHER =
  'poslano|poslato|послато|prima|за|za|zadeva|saatmisaeg|saadetud|adressaat|saaja|teema|nosūtīts|kam|tēma|išsiųsta|tema|til|efni|dagsetning|enviat|enviat el|per a|assumpte|dikirim|ke|subjek|ส่ง|ถึง|เรื่อง|วันที่|đã gửi|bidalita|nori|gaia|sent|date|to|subject|message du|copie à|copie|sujet|fecha de envío|kopi til|cc|reply-to|gesendet|datum|an|betreff|kopie|antwort an|envoyé|envoyé le|date|à|objet|cc|enviado|enviado el|enviada em|enviado em|para|asunto|assunto|fecha|data|inviato|data invio|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|dato|lähetetty|päiväys|vastaanottaja|aihe|kopio|wysłano|do|temat|odesláno|komu|předmět|odoslané|predmet|küldve|dátum|címzett|tárgy|trimis|către|subiect|отправлено|дата|кому|тема|копия|надіслано|изпратено|до|относно|στάλθηκε|ημερομηνία|προς|θέμα|gönderilen|gönderme tarihi|tarih|kime|kimden|konu|已发送|发送时间|傳送時間|寄件日期|收件人|收件者|主题|主旨|主題|抄送|副本|日期|日付|送信日時|宛先|件名|보낸 날짜|받는 사람|받는사람|제목|날짜|참조|נשלח|אל|נושא|תאריך|إلى|الموضوع|تم الإرسال|التاريخ|tanggal|kepada|perihal|ngày|đến|chủ đề|importance|wichtigkeit|priorität|priority'
const SUBJECT =
  'zadeva|teema|tēma|tema|efni|assumpte|subjek|เรื่อง|gaia|subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|tárgy|subiect|тема|относно|θέμα|konu|主题|主旨|主題|件名|제목|נושא|الموضوع|perihal|chủ đề'
const DATE =
  'poslano|poslato|послато|saatmisaeg|saadetud|nosūtīts|išsiųsta|dagsetning|enviat|enviat el|dikirim|ส่ง|วันที่|đã gửi|bidalita|date|sent|gesendet|datum|envoyé|envoyé le|fecha|fecha de envío|enviado|enviado el|enviada em|enviado em|data|inviato|data invio|verzonden|skickat|sendt|dato|lähetetty|päiväys|wysłano|odesláno|odoslané|küldve|elküldve|dátum|trimis|отправлено|дата|надіслано|изпратено|στάλθηκε|ημερομηνία|gönderilen|gönderme tarihi|tarih|已发送|发送时间|傳送時間|寄件日期|日期|日付|送信日時|보낸 날짜|날짜|נשלח|תאריך|تم الإرسال|التاريخ|tanggal|ngày'
const field = (words: string) =>
  new RegExp(`^\\s{0,4}[*_]{0,2}(?:${words})\\s?[*_]{0,2}\\s?[:：][*_]{0,2}(?:\\s|$|\\S)`, 'iu')
const FROM_LINE = field(FROM)
const OTHER_LINE = field(OTHER)
const label = (words: string) => new RegExp(`^[*_]{0,2}(?:${words})\\s?[*_]{0,2}\\s?[:：][*_]{0,2}\\s*(.*)$`, 'iu')
const KINDS = [
  ['from', label(FROM)],
  ['subject', label(SUBJECT)],
  ['date', label(DATE)],
  ['other', label(OTHER)],
] as const

/** Which header field a line of a copied header is, and what it says; null when it is none. */
export function fieldLabel(line: string): { kind: 'from' | 'subject' | 'date' | 'other'; value: string } | null {
  if (!/^.{1,40}[:：]/.test(line)) return null
  for (const [kind, pattern] of KINDS) {
    const value = pattern.exec(line)?.[1]
    if (value !== undefined) return { kind, value: value.trim() }
  }
  return null
}

const RULE = /^\s*(?:[-_=*]{4,}|[─━—]{3,}|-{3,}\s*[^\s-][^\n]{1,58}[^\s-]\s*-{3,})\s*$/
const MAX_BLOCK_LINES = 8

/**
 * How many lines from `at` on are the header fields that Outlook and others put above the answered mail, with the rule
 * above them; 0 when they are not. It takes From and two more, so that "From: the shop" in a text is none.
 */
export function blockLength(lines: string[], at: number): number {
  let next = at
  if (RULE.test(lines[next]!)) {
    next++
    while (next < lines.length && next < at + 3 && lines[next]!.trim() === '') next++
  }
  const start = next
  if (start >= lines.length) return 0
  let from = false
  let others = 0
  let sent = false
  for (; next < lines.length && next - start < MAX_BLOCK_LINES; next++) {
    const line = lines[next]!
    if (FROM_LINE.test(line)) from = true
    else if (OTHER_LINE.test(line)) {
      others++
      sent ||= DATED.test(line)
    } else if (line.trim() === '' && next > start && others < 2) continue
    else if (next === start || line.trim() === '') break
  }
  const first = lines[start]!
  const begins = FROM_LINE.test(first) || (OTHER_LINE.test(first) && (start > at || DATED.test(first)))
  const enough = others >= 2 || (sent && isAddressed(first))
  return begins && from && enough ? next - at : 0
}

/** "---- Ada wrote ----", as some telephones put it. */
export const WROTE_LINE =
  /^\s*-{2,}.{1,100}(?<!\p{L})(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)(?!\p{L}).{0,60}-{2,}\s*$/iu

/** -----Original Message----- and its translations: below it everything is the older mail. */
export const ORIGINAL_LINE =
  /^\s*[-_=*]{2,}\s*(?:original message|reply message|antwort nachricht|oprindelig besked|original appointment|originalmessage|ursprüngliche nachricht|ursprungliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|ursprünglicher termin|message d'origine|message d’origine|message original|message initial|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|originalbericht|original bericht|ursprungligt meddelande|originalmeddelande|original besked|oprindelig meddelelse|opprinnelig melding|original melding|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní (?:zpráva|e-?mail)|originální zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|исходное сообщение|пересылаемое сообщение|оригинальное сообщение|вихідне повідомлення|оригинално съобщение|αρχικό μήνυμα|özgün ileti|orijinal mesaj|asıl ileti|original mail|原始邮件|原始郵件|邮件原件|元のメッセージ|元のメール|원본 메시지|원본 메일|הודעה מקורית|الرسالة الأصلية|pesan asli|thư gốc)\s*[-_=*]*\s*$/iu

/** ---------- Forwarded message ---------- and its translations: what follows is what the mail is about. */
export const FORWARD_LINE =
  /^\s*(?:[-_=*]{2,}\s*(?:forwarded message|begin forwarded (?:text|message)|forwarded by .*|weitergeleitete (?:nachricht|mail)|weitergeleitet von .*|message transféré|message réexpédié|message transmis|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)|videresendt (?:besked|melding|meddelelse)|välitetty viesti|edelleenlähetetty viesti|(?:treść )?przekazan[aej]{1,2} wiadomoś\S+|wiadomość przekazana|přeposlaná zpráva|preposlaná správa|továbbított (?:üzenet|levél)|mesaj redirecționat|пересылаемое сообщение|перенаправленное сообщение|переслане повідомлення|προωθημένο μήνυμα|iletilmiş mesaj|yönlendirilmiş ileti|转发邮件信息|转发的邮件|轉寄郵件|转发邮件|転送メッセージ|전달된 메시지|הודעה שהועברה|رسالة محولة|diteruskan).*|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)|inizio messaggio inoltrato|begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt (?:besked|e-post)|下面是被转发的邮件)\s*[:：]?)\s*$/iu
