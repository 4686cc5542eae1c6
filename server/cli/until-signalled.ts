const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Goes on until the process is told to end, and then stops in an orderly way. A second signal ends it at once. */
export async function untilSignalled(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve())
  })
  for (const signal of SIGNALS) process.removeAllListeners(signal)
  await stop()
}
