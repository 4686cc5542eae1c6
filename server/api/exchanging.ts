import { Refused } from '../errors.ts'
import { ExchangeError } from '../provisioning/connection/connection.ts'

/**
 * Waits for what Exchange does; its refusals are for the person, with what they are called.
 * @throws Refused
 */
export async function exchanging<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ExchangeError) throw new Refused(`${error.message} (${error.kind})`, { cause: error })
    throw error
  }
}
