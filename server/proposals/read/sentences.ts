// A mail's own text as sentences: the lines that mail programs broke are joined, headings stay with what they announce.

/** So long a sentence is read; a longer one is read in pieces, so that time grows with the text alone. */
const MAX_SENTENCE = 800
/** A line shorter than this was ended by its writer. */
const WRAPPED_FROM = 55
const LISTED = /^\s*(?:[-*•·–]|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s)/u
/** No sentence ends with these: the line below goes on. */
const GOES_ON =
  /(?<!\p{L})(?:on|at|by|the|than|of|to|is|are|from|due|and|before|until|um|am|bis|zum|den|der|die|das|spätestens|ist|und|vom|auf|à|au|le|la|les|de|du|des|avant|est|sont|tard|et|a|las|el|del|al|hasta|antes|es|y)$/iu
const ENDED = /[.!?;]["')\]]?$/u
/** What ends with a full stop and ends no sentence. */
const SHORT =
  /(?:^|[\s(.])(?:[ap]\.?m|no|nos|nr|núm|num|n|st|mr|mrs|ms|dr|inc|ltd|co|corp|u\.s|u\.s\.a|vs|approx|est|ca|ggf|inkl|incl|bzw|z\.b|d\.h|usw|etc|max|min|mio|mrd|tsd|jan|feb|febr|mär|mrz|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dez|dec|janv|févr|avr|juil|déc|ene|abr|ago|dic|art|abs|aprox|p\.ej|h|hrs|ref|réf|tel|fr|\p{Lu}|\d{1,2})\.$/iu
/** After "2:00 p.m." a zone goes on with the sentence. */
const HALF_DAY = /[ap]\.?m\.$/iu
const ZONE_FOLLOWS =
  /^\s*[([]?(?:Pacific|Mountain|Central|Eastern|Atlantic|Alaska|Hawaii|Arizona|local|U\.?S|UK|[A-Z]{2,4}\b|on\b|[A-Z]\p{L}+ (?:local )?time|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\p{L}*\b)/u
const END = /[.!?]["')\]]?(?=\s)/gu

/** The sentences of a text, in order, without white space around them. */
export function sentencesOf(text: string): string[] {
  return paragraphs(text.normalize('NFC')).flatMap((paragraph) =>
    split(paragraph).flatMap((sentence) => pieces(sentence.trim())),
  )
}

/** Signs that mean the same made the same, each with one for one. */
export const plain = (sentence: string): string =>
  sentence
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000\t]/gu, ' ')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc]/gu, "'")

function paragraphs(text: string): string[] {
  const all: string[] = []
  let line = ''
  let open = false
  for (const raw of text.split(/\r?\n/u)) {
    const next = raw.replace(/\s+/gu, ' ').trim()
    if (next === '') {
      // A heading goes with what stands below it.
      open = open && line.endsWith(':')
      continue
    }
    if (line !== '' && open && !LISTED.test(raw)) line += ` ${next}`
    else {
      if (line !== '') all.push(line)
      line = next
    }
    open =
      line.length < MAX_SENTENCE &&
      (next.endsWith(':') || GOES_ON.test(next) || (next.length >= WRAPPED_FROM && !ENDED.test(next)))
  }
  if (line !== '') all.push(line)
  return all
}

function split(paragraph: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of paragraph.matchAll(END)) {
    const to = match.index + match[0].length
    const [before, after] = [paragraph.slice(Math.max(from, to - 20), to), paragraph.slice(to, to + 40)]
    if (HALF_DAY.test(before) ? !/^\s+\p{Lu}/u.test(after) || ZONE_FOLLOWS.test(after) : SHORT.test(before)) continue
    parts.push(paragraph.slice(from, to))
    from = to
  }
  parts.push(paragraph.slice(from))
  return parts
}

function pieces(sentence: string): string[] {
  if (sentence === '') return []
  const all: string[] = []
  for (let i = 0; i < sentence.length; i += MAX_SENTENCE) all.push(sentence.slice(i, i + MAX_SENTENCE))
  return all
}
