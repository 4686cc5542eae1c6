/** Lines of text as paragraphs. */
export function paragraphs(text: string): string {
  if (!text.trim()) return ''
  const escaped = (line: string) => line.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)
  return text
    .split(/\n{2,}/)
    .map((part) => `<p>${part.split('\n').map(escaped).join('<br>')}</p>`)
    .join('')
}
