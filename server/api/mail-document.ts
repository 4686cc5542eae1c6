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

/** The document around the sanitised HTML of a mail. Mail is made for white paper, so it gets some in dark mode too. */
export function mailDocument(html: string): string {
  return `<!doctype html>
<html lang="">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>Mail</title>
<style>
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c211d; font: 13.5px/1.55 Inter, system-ui, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
blockquote { margin: 0 0 0 8px; padding-left: 10px; border-left: 2px solid #cfccbf; color: #565d56; }
</style>
</head>
<body>${html}</body>
</html>`
}
