import sanitize from 'sanitize-html'

/** What a member writes has these elements and no others; what the page sends beside them is left out. */
const TAGS = ['p', 'br', 'strong', 'em', 'u', 's', 'a', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'img']
/** Elements that other editors name otherwise. */
const SAME = {
  b: 'strong',
  i: 'em',
  div: 'p',
  h1: 'p',
  h2: 'p',
  h3: 'p',
  h4: 'p',
  h5: 'p',
  h6: 'p',
  ins: 'u',
  del: 's',
}
const WITH_CONTENT = ['script', 'style', 'title', 'textarea', 'option', 'noscript', 'svg', 'math', 'iframe', 'object']
const SCHEMES = ['http', 'https', 'mailto', 'tel']
const MAX_NESTING = 60
/** Where the page shows a picture of a draft from (server/api/uploads.ts). */
const UPLOAD = /^\/api\/uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export type WrittenHtml = {
  html: string
  /** The uploads that it shows, in order, each once. */
  pictureIds: string[]
}

/**
 * What somebody wrote with a form, as it may go out: an allow-list of elements without classes and styles. Pictures are
 * those of the draft, and become `cid:ID@domain` (RFC 2392); a picture from elsewhere would tell its host who reads.
 */
export function writtenHtml(html: string, domain: string): WrittenHtml {
  const pictureIds: string[] = []
  const made = sanitize(html, {
    allowedTags: TAGS,
    nonTextTags: WITH_CONTENT,
    disallowedTagsMode: 'discard',
    nestingLimit: MAX_NESTING,
    allowedSchemes: SCHEMES,
    allowedSchemesByTag: { img: ['cid'] },
    allowProtocolRelative: false,
    allowedAttributes: { a: ['href'], ol: ['start'], img: ['src', 'alt', 'width', 'height'] },
    transformTags: {
      ...SAME,
      ol: (tagName, { start = '' }) => ({ tagName, attribs: /^\d{1,6}$/.test(start) ? { start } : {} }),
      img(tagName, { src = '', alt = '', width = '', height = '' }) {
        const id = UPLOAD.exec(src)?.[1]
        if (id && !pictureIds.includes(id)) pictureIds.push(id)
        const size = /^\d{1,4}$/
        return {
          tagName,
          attribs: {
            ...(id ? { src: `cid:${contentIdOf(id, domain)}` } : { src: '' }),
            alt,
            ...(size.test(width) ? { width } : {}),
            ...(size.test(height) ? { height } : {}),
          },
        }
      },
    },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
  })
  // An empty paragraph has no height in most mail programs, and was meant as an empty line.
  return { html: made.replaceAll('<p></p>', '<p><br /></p>'), pictureIds }
}

/** The Content-ID of a picture that goes along, without angle brackets. */
export function contentIdOf(uploadId: string, domain: string): string {
  return `${uploadId}@${domain}`
}
