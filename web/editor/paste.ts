/** Elements of Word that say where its lists are, which it draws as paragraphs with a bullet typed in. */
const WORD_LIST = /mso-list:\s*l\d+\s+level\d+/i
const BULLET = /^[\s\u00a0]*(?:[·•▪◦o§-]|\d{1,3}[.)]|[a-z][.)])[\s\u00a0]+/i

/**
 * What Word, Outlook and Gmail put on the clipboard, in a form that the schema understands: comments and styles gone,
 * Word's paragraphs that are items of lists made lists.
 */
export function tidyPasted(html: string): string {
  const page = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->/g, ''), 'text/html')
  for (const gone of page.querySelectorAll('style, script, meta, link, title, xml, o\\:p')) gone.remove()
  const lists: HTMLElement[] = []
  for (const paragraph of [...page.querySelectorAll<HTMLElement>('p, div')]) {
    if (!WORD_LIST.test(paragraph.getAttribute('style') ?? '')) continue
    const mark = BULLET.exec(paragraph.textContent ?? '')?.[0]
    if (mark === undefined) continue
    const tag = /\d/.test(mark) ? 'OL' : 'UL'
    let list = lists.at(-1)
    if (list?.tagName !== tag || list.nextElementSibling !== paragraph) {
      list = page.createElement(tag)
      lists.push(list)
      paragraph.before(list)
    }
    cutStart(paragraph, mark.length)
    const item = page.createElement('li')
    item.append(...paragraph.childNodes)
    list.append(item)
    paragraph.remove()
  }
  return page.body.innerHTML
}

/** Takes so many characters from the start of an element's text. */
function cutStart(element: Node, count: number): void {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let left = count; left > 0 && walker.nextNode(); ) {
    // The cast: only text nodes are shown.
    const text = walker.currentNode as Text
    const cut = Math.min(left, text.data.length)
    text.data = text.data.slice(cut)
    left -= cut
  }
}
