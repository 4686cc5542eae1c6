// Foreign HTML may nest without end, and the parser's work grows with the square of the depth.

/** No browser shows more; the deepest mail we know has some 60. */
const MAX_DEPTH = 800
/** Elements without content, and those that the next of their kind closes. */
const UNCOUNTED =
  /^(?:br|hr|img|meta|link|input|col|area|base|wbr|p|li|td|th|tr|dd|dt|option|tbody|thead|tfoot|html|head|body)$/i

/** The HTML with elements below a depth that no honest mail has turned into text. */
export function limitDepth(html: string): string {
  let depth = 0
  let deepest = 0
  const count = (closes: string, tag: string) => {
    if (UNCOUNTED.test(tag)) return
    depth = Math.max(0, depth + (closes ? -1 : 1))
    deepest = Math.max(deepest, depth)
  }
  for (const [, closes, tag] of html.matchAll(TAG)) count(closes!, tag!)
  if (deepest <= MAX_DEPTH) return html
  depth = 0
  return html.replace(TAG, (whole, closes: string, tag: string) => {
    const before = depth
    count(closes, tag)
    if (closes || before < MAX_DEPTH) return whole
    depth = before
    return whole.slice(1)
  })
}

const TAG = /<(\/?)([a-z][a-z\d]{0,20})/gi
