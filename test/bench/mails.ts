// Mails for measuring, invented from a seed: the same seed gives the same mails. They have what costs time in real
// mail: threads with quoted history, text beside HTML, several encodings, long headers, attachments on one in ten.

/** Numbers from a seed (mulberry32): fast, and good enough for invented mail. */
function numbers(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    whole,
    chance: (share: number) => next() < share,
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!,
    /** Around `middle`, now and then a multiple of it, as sizes are. */
    spread: (middle: number, width: number) =>
      middle * Math.exp(width * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    hex: (length: number) => Array.from({ length }, () => whole(0, 15).toString(16)).join(''),
  }
}
type Numbers = ReturnType<typeof numbers>

const SYLLABLES = {
  en: 'ber ton ing land ver con tra dis pro mar ket der ser vice tele unit part port cal ship ment or ange fleet bid'.split(
    ' ',
  ),
  de: 'über schrei bung fahr zeug größe lie fern an ge bot straß ver trag prü fung maß nah men stück zahl aus bau'.split(
    ' ',
  ),
  fr: 'ré pon se délai mar ché four nis seur véhi cule garan tie équi pe chan tier prix uni té côte modè le'.split(' '),
}
type Language = keyof typeof SYLLABLES
const DESK = 'proposals@northwind.example'
const ACTIVE_THREADS = 400
const ANSWERS = 0.7
const MAX_HISTORY = 9_000

type Thread = { subject: string; ids: string[]; history: string; html: string; language: Language; writer: Writer }
type Writer = { name: string; address: string }

/** So many mails of one mailbox, oldest first, as ASCII with CRLF. The median has about 8 kB, the mean about 40 kB. */
export function makeMails(count: number, seed = 1): string[] {
  return [...eachMail(count, seed)]
}

/**
 * The same mails one after the other, or what is in them but plain text left out: those have about 4 kB.
 * @param when the first comes, and how far they are apart on average
 */
export function* eachMail(
  count: number,
  seed = 1,
  kind: 'whole' | 'text' = 'whole',
  { from, everyMs } = { from: Date.UTC(2026, 0, 5, 8), everyMs: 20.5 * 60_000 },
): Generator<string> {
  const random = numbers(seed)
  const vocabulary = (Object.keys(SYLLABLES) as Language[]).map((language) => words(random, language))
  const text = Object.fromEntries(vocabulary) as Record<Language, () => string>
  const writers = Array.from({ length: Math.max(20, count >> 3) }, (_, i) => writer(random, i))
  const threads: Thread[] = []
  let at = from
  for (let i = 0; i < count; i++) {
    at += random.whole(1, 40) * (everyMs / 20.5)
    const known = threads.length > 0 && random.chance(ANSWERS) ? random.pick(threads) : undefined
    const thread = known ?? newThread(random, text, writers)
    if (!known) threads.push(thread)
    if (threads.length > ACTIVE_THREADS) threads.shift()
    yield write(random, text, thread, i, at, kind)
  }
}

/** A vocabulary in which some words are common and most are rare. */
function words(random: Numbers, language: Language): [Language, () => string] {
  const all = Array.from({ length: 4_000 }, () =>
    Array.from({ length: random.whole(1, 4) }, () => random.pick(SYLLABLES[language])).join(''),
  )
  return [language, () => all[Math.floor(all.length ** random.next()) - 1] ?? all[0]!]
}

function writer(random: Numbers, i: number): Writer {
  const name = Array.from({ length: 2 }, () => capital(random.pick(SYLLABLES.en) + random.pick(SYLLABLES.en))).join(' ')
  return { name, address: `person${i}@${random.pick(SYLLABLES.en)}${random.pick(SYLLABLES.en)}.example` }
}

function newThread(random: Numbers, text: Record<Language, () => string>, writers: Writer[]): Thread {
  const language = random.pick(['en', 'en', 'en', 'en', 'de', 'fr'] as const)
  const subject = capital(Array.from({ length: random.whole(2, 8) }, text[language]).join(' '))
  return { subject, ids: [], history: '', html: '', language, writer: random.pick(writers) }
}

function write(
  random: Numbers,
  text: Record<Language, () => string>,
  thread: Thread,
  i: number,
  at: number,
  kind: 'whole' | 'text',
): string {
  const word = text[thread.language]
  const paragraphs = Array.from({ length: Math.max(1, Math.round(random.spread(3, 0.8))) }, () =>
    Array.from({ length: random.whole(1, 5) }, () => sentence(random, word)).join(' '),
  )
  const { writer, ids } = thread
  const id = `${random.hex(12)}.${i}@${writer.address.split('@')[1]}`
  const date = new Date(at).toUTCString().replace('GMT', '+0000')
  const signature = `--\n${writer.name}\n${writer.address}\n+1 555 ${random.whole(1000, 9999)}`
  const quoted = thread.history && `\n\nOn ${date}, ${writer.name} wrote:\n${thread.history.replace(/^/gm, '> ')}`
  const plain = `Hello,\n\n${paragraphs.join('\n\n')}\n\n${signature}${quoted}\n`
  const own = paragraphs
    .map((each) => `<p class="MsoNormal"><span style="font-size:11.0pt">${each}</span></p>`)
    .join('\n')
  const html = `<html><head><style>${STYLE}</style></head><body>${own}<blockquote>${thread.html}</blockquote></body></html>`

  const fields = [
    ...received(random, date),
    `From: "${writer.name}" <${writer.address}>`,
    `To: Northwind <${DESK}>`,
    `Subject: ${encoded(`${ids.length > 0 ? 'Re: ' : ''}${thread.subject}`)}`,
    `Date: ${date}`,
    `Message-ID: <${id}>`,
    ...(ids.length > 0
      ? [
          `In-Reply-To: <${ids.at(-1)}>`,
          `References: ${ids
            .slice(-10)
            .map((each) => `<${each}>`)
            .join('\n ')}`,
        ]
      : []),
    'MIME-Version: 1.0',
  ]
  const bodies = () => {
    const body = bodyOf(random, plain, html)
    return random.chance(0.1) ? multipart(random, 'mixed', [body, attachment(random, word())]) : body
  }
  const plainOnly = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${plain}`
  const whole = kind === 'text' ? plainOnly : bodies()
  ids.push(id)
  thread.history = plain.slice(0, MAX_HISTORY)
  thread.html = `${own}<blockquote>${thread.html}</blockquote>`.slice(0, MAX_HISTORY)
  return `${fields.join('\n')}\n${whole}`.replaceAll('\n', '\r\n')
}

const STYLE =
  'p.MsoNormal{margin:0cm;font-family:"Calibri",sans-serif} a:link{color:#0563C1} blockquote{padding-left:1ex}'

function received(random: Numbers, date: string): string[] {
  const hops = Array.from({ length: random.whole(2, 5) }, (_, i) => {
    const host = `mx${i}.${random.pick(SYLLABLES.en)}.example`
    return `Received: from ${host} (${host} [192.0.2.${random.whole(1, 254)}])\n by in.northwind.example with ESMTPS id ${random.hex(12)}\n for <${DESK}>; ${date}`
  })
  const signed = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example; s=s1;\n h=from:to:subject:date:message-id;\n bh=${random.hex(44)};\n b=${random.hex(340).replace(/(.{70})/g, '$1\n ')}`
  return [`Return-Path: <bounce@example>`, ...hops, signed]
}

function bodyOf(random: Numbers, plain: string, html: string): string {
  const charset = random.pick(['utf-8', 'utf-8', 'iso-8859-1', 'windows-1252'])
  const kind = random.next()
  if (kind < 0.25) return part('plain', charset, plain, random.chance(0.1))
  if (kind < 0.32) return part('html', charset, html, false)
  return multipart(random, 'alternative', [
    part('plain', charset, plain, random.chance(0.1)),
    part('html', charset, html, false),
  ])
}

function part(subtype: 'plain' | 'html', charset: string, text: string, asBase64: boolean): string {
  // All that is written here is the same in both one-byte charsets.
  const bytes = Buffer.from(text, charset === 'utf-8' ? 'utf8' : 'latin1')
  const how = asBase64 ? 'base64' : 'quoted-printable'
  const head = `Content-Type: text/${subtype}; charset="${charset}"\nContent-Transfer-Encoding: ${how}\n\n`
  return head + (asBase64 ? base64(bytes) : quotedPrintable(bytes))
}

function multipart(random: Numbers, subtype: string, parts: string[]): string {
  const boundary = `----=_Part_${random.hex(16)}`
  const inner = parts.map((each) => `--${boundary}\n${each}\n`).join('')
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\n\n${inner}--${boundary}--\n`
}

function attachment(random: Numbers, word: string): string {
  const [type, extension] = random.pick([
    ['application/pdf', 'pdf'],
    ['image/jpeg', 'jpg'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ] as const)
  const bytes = Buffer.alloc(Math.round(10_000 + 480_000 * random.next() ** 1.3))
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.writeUInt32LE(Math.floor(random.next() * 2 ** 32), i)
  const name = `${word.normalize('NFD').replace(/[^a-z]/g, '') || 'file'}.${extension}`
  const head = [`Content-Type: ${type}; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`]
  return [...head, 'Content-Transfer-Encoding: base64', '', base64(bytes)].join('\n')
}

function sentence(random: Numbers, word: () => string): string {
  const said = Array.from({ length: random.whole(5, 20) }, () =>
    random.chance(0.04) ? `${random.whole(10, 99_999)}` : word(),
  )
  return `${capital(said.join(' '))}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** RFC 2047, in words of at most 75 characters. */
function encoded(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  const pieces = text.match(/.{1,14}/gu) ?? []
  return pieces.map((piece) => `=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\n ')
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/(.{76})(?=.)/g, '$1\n')
}

/** RFC 2045, section 6.7: lines of at most 76 characters, never broken within an "=XX". */
function quotedPrintable(bytes: Buffer): string {
  const hex = (c: string) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  const lines = bytes.toString('latin1').split('\n')
  return lines
    .map(
      (line) =>
        line
          .replace(/[^ -<>-~\t]|[ \t]$/g, hex)
          .match(WITHIN_76)
          ?.join('=\n') ?? '',
    )
    .join('\n')
}

/** Plain characters and escapes; 25 escapes make 75. */
const WITHIN_76 = /(?:[^=]{1,3}|=..){1,25}/g
