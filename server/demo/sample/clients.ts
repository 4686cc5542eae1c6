// How each mail program puts a message together: what was written, the signature, and the history below it.
import { attribution, headerBlock, type Quoted } from './attribution.ts'
import { bodyHtml, escapeHtml, quoteLines, wrap } from './body.ts'
import type { Client, Person } from './people.ts'

/** A body in both forms; `html` is what others quote even where the writer sends text only. */
export type Body = { text: string; html: string }
/** The mail answered, with its body. */
export type History = Quoted & { body: Body }
type Draft = {
  by: Person
  text: string
  signature: string[]
  pictureId?: string | undefined
  history?: History | undefined
  forwarded?: string | undefined
}

/** The body as the writer's client sends it. */
export function composeBody(draft: Draft): Body {
  return CLIENTS[draft.by.client](draft)
}

const CLIENTS: Record<Client, (draft: Draft) => Body> = { outlook, gmail, apple, plain }

function outlook({ by, text, signature, pictureId, history }: Draft): Body {
  const paragraph = (html: string) => `<p class="MsoNormal">${html}<o:p></o:p></p>`
  const own = bodyHtml(text, { paragraph, between: `\n${paragraph('&nbsp;')}\n` }, pictureId)
  const [name = '', ...rest] = signature
  const signed = [`<b>${escapeHtml(name)}</b>`, ...rest.map(escapeHtml)].map((line) => {
    return paragraph(`<span style="font-size:9.0pt;color:#44546A">${line}</span>`)
  })
  const block = history ? headerBlock(by, history) : []
  const heading = block.map(([field, value]) => `<b>${field}:</b> ${escapeHtml(value)}`).join('<br>\n')
  const border = 'border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'
  const below = history
    ? `${paragraph('&nbsp;')}\n<div><div style="${border}">${paragraph(heading)}</div></div>\n${paragraph('&nbsp;')}\n${history.body.html}`
    : ''
  const textBelow = history
    ? `\n\n${block.map(([field, value]) => `${field}: ${value}`).join('\n')}\n\n${history.body.text}`
    : ''
  return {
    text: `${withoutPicture(text)}\n\n${signature.join('\n')}${textBelow}`,
    html: `<div class="WordSection1">\n${own}\n${paragraph('&nbsp;')}\n${signed.join('\n')}\n${below}</div>`,
  }
}

function gmail({ by, text, signature, pictureId, history }: Draft): Body {
  const own = bodyHtml(text, { paragraph: (html) => `<div>${html}</div>`, between: '<div><br></div>' }, pictureId)
  const lines = signature.map(escapeHtml).join('<br>')
  const signed = `<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">${lines}</div></div>`
  const said = history ? attribution(by, 'gmail', history) : ''
  const bar = 'margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex'
  const below = history
    ? `<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${linked(said, history.address)}<br></div><blockquote class="gmail_quote" style="${bar}">${history.body.html}</blockquote></div>`
    : ''
  const textBelow = history ? `\n\n${said}\n\n${quoteLines(history.body.text)}` : ''
  return {
    text: `${wrap(withoutPicture(text), 76, false)}\n\n-- \n${signature.join('\n')}${textBelow}`,
    html: `<div dir="ltr">${own}${signed}</div>${below}`,
  }
}

function apple({ by, text, signature, pictureId, history, forwarded }: Draft): Body {
  const own = bodyHtml(text, { paragraph: (html) => `<div>${html}</div>`, between: '<div><br></div>' }, pictureId)
  const signed = `<div><br></div><div>${signature.map(escapeHtml).join('<br>')}</div>`
  const said = history ? attribution(by, 'apple', history) : 'Begin forwarded message:'
  const quoted =
    history?.body ?? (forwarded && { text: forwarded, html: escapeHtml(forwarded).replaceAll('\n', '<br>') })
  const below = quoted
    ? `<div><br><blockquote type="cite"><div>${escapeHtml(said)}</div><br class="Apple-interchange-newline"><div>${quoted.html}</div></blockquote></div><br>`
    : ''
  const textBelow = quoted ? `\n\n${quoteLines(`${said}\n\n${quoted.text}`)}` : ''
  return {
    text: `${withoutPicture(text)}\n\n${signature.join('\n')}${textBelow}`,
    html: `${own}${signed}${below}`,
  }
}

/** Text only, answers above; the history of a text that quotes by itself is left to it. */
function plain({ by, text, signature, history }: Draft): Body {
  const below = history ? `\n\n${attribution(by, 'plain', history)}\n${quoteLines(history.body.text)}` : ''
  const whole = `${wrap(withoutPicture(text), 72, true)}\n\n-- \n${signature.join('\n')}${below}`
  return { text: whole, html: `<div>${whole.split('\n').map(escapeHtml).join('<br>\n')}</div>` }
}

const withoutPicture = (text: string) => text.replace('{picture}', '[image]')

function linked(said: string, address: string) {
  const link = `&lt;<a href="mailto:${address}">${address}</a>&gt;`
  return escapeHtml(said).replace(`&lt;${address}&gt;`, link)
}

/** The HTML document around a body, with the head that the client writes. */
export function htmlDocument(client: Client, language: string, html: string): string {
  if (client === 'outlook') {
    const office = 'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"'
    return `<html ${office} xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
@font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0in; font-size:11.0pt; font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
div.WordSection1 {page:WordSection1;}
--></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]-->
</head>
<body lang="${language.toUpperCase()}" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
${html}
</body>
</html>`
  }
  if (client === 'apple') {
    return `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">${html}</body></html>`
  }
  return html
}
