const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Starts something, lets it run until the process is told to end, and stops it in an orderly way. Who is told during
 * the start stops right after it; a second signal ends the process at once.
 * @param start gives the function that stops
 */
export async function untilSignalled(start: () => Promise<() => Promise<void>>): Promise<void> {
  const told = Promise.withResolvers<void>()
  const tell = () => {
    for (const signal of SIGNALS) process.off(signal, tell)
    told.resolve()
  }
  for (const signal of SIGNALS) process.on(signal, tell)
  try {
    const stop = await start()
    await told.promise
    await stop()
  } finally {
    for (const signal of SIGNALS) process.off(signal, tell)
  }
}
