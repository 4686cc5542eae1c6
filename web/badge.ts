// What the tab shows of what needs triage: a count in the title, and in the mark.

const MARK = (badge: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect width="22" height="22" rx="6" fill="#1f6b45"/><path d="M4.5 0v22M8.8 0v22M13.2 0v22M17.5 0v22" stroke="#fff" stroke-opacity=".28"/><path d="M4 11h11" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/><circle cx="16" cy="11" r="2.6" fill="#fff"/>${badge}</svg>`

/** "(3) Inbox · Downfield" */
export function titleOf(page: string, toTriage: number): string {
  return `${toTriage > 0 ? `(${toTriage}) ` : ''}${page ? `${page} · ` : ''}Downfield`
}

/** The address of a mark that carries the count; the plain one where there is nothing to triage. */
export function iconOf(toTriage: number): string {
  if (toTriage === 0) return '/favicon.svg'
  const text = toTriage > 9 ? '9+' : String(toTriage)
  const badge = `<rect x="${text.length > 1 ? 8 : 11}" y="10" width="${text.length > 1 ? 14 : 11}" height="12" rx="6" fill="#fffffc"/><text x="${text.length > 1 ? 15 : 16.5}" y="19.4" font-family="sans-serif" font-size="10" font-weight="700" text-anchor="middle" fill="#1f6b45">${text}</text>`
  return `data:image/svg+xml,${encodeURIComponent(MARK(badge))}`
}
