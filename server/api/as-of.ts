import type { Reader } from '../../db/index.ts'
import { Invalid } from '../errors.ts'
import { startOfDay } from '../proposals/deadline.ts'
import { proposalSettings } from '../proposals/settings.ts'

const DAY_MS = 86_400_000

/**
 * The moment that `asOf` means: null for now. A day is meant as its end, so today is now.
 * @param now what lies later is now
 */
export async function momentOf(read: Reader, asOf: string | undefined, now: number): Promise<number | null> {
  if (asOf === undefined) return null
  const at = /^\d+$/.test(asOf) ? Number(asOf) : await endOfDay(read, asOf)
  return at >= now ? null : at
}

async function endOfDay(read: Reader, day: string): Promise<number> {
  if (Number.isNaN(Date.parse(day))) throw new Invalid([{ field: 'asOf', message: `asOf must be a day, not ${day}.` }])
  const { zone } = await proposalSettings(read)
  const next = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)
  return startOfDay(zone, next) - 1
}
