/** Whether it is a day of the calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  // Date.parse takes the 31st of a month of 30 days for the first of the next.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
