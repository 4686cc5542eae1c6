import { type DOMOutputSpec, Schema } from 'prosemirror-model'

/** Where pictures of a draft are shown from; others are not taken in: they would tell their host who reads. */
const UPLOAD = /^\/api\/uploads\/[0-9a-f-]{36}$/
const LINK = /^(?:https?:|mailto:|tel:)/i

const hole = (tag: string): DOMOutputSpec => [tag, 0]

/**
 * What a mail can be made of: the same elements that the server lets out (server/mail/send/written-html.ts). Whatever is
 * pasted, from Word, Gmail or a page, becomes these or is left out.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: {
      content: 'inline*',
      group: 'block',
      parseDOM: [{ tag: 'p' }, ...[1, 2, 3, 4, 5, 6].map((n) => ({ tag: `h${n}` }))],
      toDOM: () => hole('p'),
    },
    blockquote: {
      content: 'block+',
      group: 'block',
      defining: true,
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: () => hole('blockquote'),
    },
    code_block: {
      content: 'text*',
      group: 'block',
      marks: '',
      code: true,
      defining: true,
      parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
      toDOM: () => ['pre', hole('code')],
    },
    ordered_list: {
      content: 'list_item+',
      group: 'block',
      attrs: { order: { default: 1 } },
      parseDOM: [{ tag: 'ol', getAttrs: (ol) => ({ order: Number(ol.getAttribute('start')) || 1 }) }],
      toDOM: ({ attrs }) => ['ol', attrs.order === 1 ? {} : { start: attrs.order }, 0],
    },
    bullet_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ul' }],
      toDOM: () => hole('ul'),
    },
    list_item: {
      content: 'paragraph block*',
      defining: true,
      parseDOM: [{ tag: 'li' }],
      toDOM: () => hole('li'),
    },
    text: { group: 'inline' },
    image: {
      inline: true,
      group: 'inline',
      draggable: true,
      attrs: { src: {}, alt: { default: '' }, width: { default: null } },
      parseDOM: [
        {
          tag: 'img[src]',
          getAttrs: (img) => {
            const src = img.getAttribute('src') ?? ''
            const width = Number(img.getAttribute('width')) || null
            return UPLOAD.test(src) ? { src, alt: img.getAttribute('alt') ?? '', width } : false
          },
        },
      ],
      toDOM: ({ attrs }) => ['img', { src: attrs.src, alt: attrs.alt, ...(attrs.width ? { width: attrs.width } : {}) }],
    },
    hard_break: {
      inline: true,
      group: 'inline',
      selectable: false,
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (a) => {
            const href = a.getAttribute('href') ?? ''
            return LINK.test(href) ? { href } : false
          },
        },
      ],
      toDOM: ({ attrs }) => ['a', { href: attrs.href, rel: 'noopener noreferrer nofollow' }, 0],
    },
    strong: {
      parseDOM: [
        { tag: 'strong' },
        // Google Docs wraps what it copies in a <b> that is none.
        { tag: 'b', getAttrs: (b) => b.style.fontWeight !== 'normal' && null },
        { style: 'font-weight', getAttrs: (weight) => /^(?:bold(?:er)?|[6-9]00)$/.test(weight) && null },
      ],
      toDOM: () => hole('strong'),
    },
    em: {
      parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }],
      toDOM: () => hole('em'),
    },
    underline: {
      parseDOM: [{ tag: 'u' }, { style: 'text-decoration=underline' }],
      toDOM: () => hole('u'),
    },
    code: { code: true, parseDOM: [{ tag: 'code' }], toDOM: () => hole('code') },
  },
})
