/**
 * Under which a mail is shown in its frame: no script whatever the sanitiser missed, nothing loaded from elsewhere.
 * `allow-same-origin` lets our page measure the frame's height; without scripts it gives the mail nothing.
 */
export const mailPolicy = [
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'self'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

/** Outlook for Windows draws a line above what it quotes, in an element that may stand in another. */
function outlookRule(colour: string): string[] {
  const lines = [`div[style*="border-top:solid ${colour}" i]`, `div[style*="border-top: solid ${colour}" i]`]
  return lines.flatMap((line) => [line, `${line} ~ *`, `div:has(> ${line}:first-child) ~ *`])
}

/** How mail programs mark what they quote; a rule ending in `~ *` takes all that follows, where they mark the start. */
const QUOTED = [
  '.gmail_quote',
  '.gmail_quote_container',
  '.gmail_attr',
  'blockquote[type="cite"]',
  '.moz-cite-prefix',
  '.yahoo_quoted',
  '.protonmail_quote',
  '.tutanota_quote',
  '.zmail_extra',
  '#mail-editor-reference-message-container',
  '#appendonsend',
  '#appendonsend ~ *',
  '#divRplyFwdMsg',
  '#divRplyFwdMsg ~ *',
  '#stopSpelling ~ *',
  '.OutlookMessageHeader',
  '.OutlookMessageHeader ~ *',
  ...outlookRule('#E1E1E1'),
  ...outlookRule('#B5C4DF'),
]

/**
 * The document around the sanitised HTML of a mail. Mail is made for white paper, so it gets some in dark mode too.
 * @param folded whether quoted history is left out of sight
 * @param remoteCount how much was not loaded from elsewhere; the page reads it from the document
 */
export function mailDocument(html: string, { folded = false, remoteCount = 0 } = {}): string {
  return `<!doctype html>
<html lang="" data-remote-count="${remoteCount}">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>Mail</title>
<style>
:root { color-scheme: light; }
html { background: #fff; border-radius: 8px; }
body { margin: 0; padding: 12px 14px; background: #fff; color: #1c211d; font: 13.5px/1.55 Inter, system-ui, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
blockquote { margin: 0 0 0 8px; padding-left: 10px; border-left: 2px solid #cfccbf; color: #565d56; }
${folded ? `${QUOTED.join(', ')} { display: none !important; }\n` : ''}</style>
</head>
<body>${html}</body>
</html>`
}
