// Which charset bytes are in when nothing says so. Only the common ones of scripts other than Latin are looked for, and
// only where the bytes look like nothing else: runs of bytes beyond ASCII, as words in those scripts make.

/** Fewer bytes beyond ASCII prove nothing. */
const MIN_BYTES = 6
const MAX_LOOK = 20_000

/** A label for TextDecoder, or null where the bytes may as well be in a Latin charset. They are known not to be UTF-8. */
export function guessCharset(bytes: Uint8Array): string | null {
  const look = bytes.subarray(0, MAX_LOOK)
  const runs = runsOf(look)
  const high = runs.reduce((sum, run) => sum + run.length, 0)
  // In Latin scripts the letters beyond ASCII stand among others.
  if (high < MIN_BYTES || high / runs.length < 2.5) return null
  const share = (from: number, to: number) => count(runs, (byte) => byte >= from && byte <= to) / high
  if (share(0x80, 0xbf) < 0.12) {
    // windows-1251 has its small letters where KOI8 has its capitals.
    if (share(0xe0, 0xff) >= 0.6) return 'windows-1251'
    return share(0xc0, 0xdf) >= 0.6 ? 'koi8-r' : null
  }
  return guessDoubleByte(look)
}

const CANDIDATES = ['euc-jp', 'shift_jis', 'euc-kr', 'big5', 'gb18030'] as const
const KANA = /[\u3041-\u30fa]/g
const HANGUL = /[\uac00-\ud7a3]/g
/** What stands in running Chinese and Japanese more often than all else. */
const COMMON =
  /[\u7684\u4e00\u662f\u4e0d\u4e86\u5728\u4eba\u6709\u6211\u4ed6\u8fd9\u9019\u4e2a\u500b\u4eec\u5011\u4e2d\u6765\u4f86\u4e0a\u5927\u4e3a\u70ba\u548c\u56fd\u570b\u5730\u5230\u4ee5\u8bf4\u8aaa\u65f6\u6642\u8981\u5c31\u51fa\u4f1a\u6703\u53ef\u4e5f\u4f60\u5bf9\u5c0d\u751f\u80fd\u800c\u5b50\u90a3\u5f97\u4e8e\u65bc\u7740\u4e0b\u81ea\u4e4b\u5e74\u8fc7\u904e\u53d1\u767c\u540e\u5f8c\u4f5c\u516c\u53f8\u4e1a\u696d\u54c1\u60a8\u8bf7\u8acb\u7ba1\u7406\u5b66\u5b78\u670d\u52a1\u52d9\u4f01\u8f6c\u8f49]/g

function guessDoubleByte(bytes: Uint8Array): string | null {
  let best: { label: string; score: number } | null = null
  for (const label of CANDIDATES) {
    const text = read(bytes, label)
    if (text === null) continue
    const letters = [...text].filter((char) => char > '\u007f').length
    const kana = matches(text, KANA)
    const hangul = matches(text, HANGUL)
    const score =
      label === 'euc-kr'
        ? hangul
        : label === 'euc-jp' || label === 'shift_jis'
          ? // Halfwidth kana are what other charsets make of nearly anything.
            kana * 1.1 - matches(text, /[\uff61-\uff9f]/g)
          : matches(text, COMMON) * 4 + letters * 0.1
    const worth = score / letters
    if (worth > (best?.score ?? 0.3)) best = { label, score: worth }
  }
  if (best) return best.label
  // Words of few characters hold none of the most common: the first plane of GB 2312 is dense, and most sent.
  return read(bytes, 'gb18030') !== null && pairsIn(bytes, 0xb0, 0xd7) >= 0.7 ? 'gb18030' : null
}

function read(bytes: Uint8Array, label: string): string | null {
  try {
    // The end may be cut in mid-character.
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/** Which share of pairs begins with a byte of a range, and goes on beyond A0 as EUC charsets do. */
function pairsIn(bytes: Uint8Array, from: number, to: number): number {
  let pairs = 0
  let inside = 0
  for (const run of runsOf(bytes)) {
    for (let at = 0; at + 1 < run.length; at += 2) {
      pairs++
      if (run[at]! >= from && run[at]! <= to && run[at + 1]! >= 0xa1) inside++
    }
  }
  return pairs === 0 ? 0 : inside / pairs
}

function runsOf(bytes: Uint8Array): Uint8Array[] {
  const runs: Uint8Array[] = []
  let start = -1
  for (let at = 0; at <= bytes.length; at++) {
    const high = at < bytes.length && bytes[at]! >= 0x80
    if (high && start < 0) start = at
    if (!high && start >= 0) {
      runs.push(bytes.subarray(start, at))
      start = -1
    }
  }
  return runs
}

const matches = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0
const count = (runs: Uint8Array[], is: (byte: number) => boolean): number =>
  runs.reduce((sum, run) => sum + run.filter(is).length, 0)
