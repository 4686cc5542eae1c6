import { setTimeout as sleep } from 'node:timers/promises'
import { ne } from 'drizzle-orm'
import { ImapFlow } from 'imapflow'
import { deliveries } from '../../db/schema.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { PASSWORD, startDovecot } from '../dovecot.ts'
import { type Benchmark, median } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'
import { makeMails } from './mails.ts'

const MAILS = 2_000
const ROUNDS = 3
const ADDRESS = 'proposals@northwind.example'
const LOOK_EVERY_MS = 20

export const benchmark: Benchmark = {
  about: `taking in ${MAILS} mails from Dovecot: Downfield from an empty database until all are in their issues, beside imapflow alone fetching the same`,
  async measure(tell) {
    tell('Making the mails.\n')
    const dovecot = await startDovecot()
    try {
      dovecot.fill(ADDRESS, makeMails(MAILS))
      // Reads the folder once, so that Dovecot has its index before anybody is measured.
      await fetchAlone(dovecot.imapPort)
      const alone: number[] = []
      const product: number[] = []
      const processor: number[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        alone.push(MAILS / (await fetchAlone(dovecot.imapPort)))
        const { seconds, processorMs } = await takeIn(dovecot.imapPort)
        product.push(MAILS / seconds)
        processor.push(processorMs / MAILS)
        tell(
          `Round ${round} of ${ROUNDS}: ${Math.round(product.at(-1)!)} beside ${Math.round(alone.at(-1)!)} mails/s\n`,
        )
      }
      return [
        { name: 'mailsPerSecond', words: 'Downfield, mails per second', value: median(product) },
        { name: 'processorMsPerMail', words: 'Downfield, ms of processor for each mail', value: median(processor) },
        { name: 'imapflowMailsPerSecond', words: 'imapflow alone, mails per second', value: median(alone) },
        { name: 'ratio', words: 'Downfield as a part of imapflow alone', value: median(product) / median(alone) },
      ]
    } finally {
      await dovecot.stop()
    }
  },
}

/** @returns seconds from starting Downfield until every mail is understood, and the processor time of this process */
async function takeIn(imapPort: number): Promise<{ seconds: number; processorMs: number }> {
  const installation = await openInstallation(async (db, secrets) => {
    await db.write((tx) => addMailbox(tx, secrets, mailboxOn(ADDRESS, PASSWORD, imapPort), null, Date.now()))
  })
  try {
    const before = process.cpuUsage()
    const began = performance.now()
    const { deps, stop } = await installation.start()
    while ((await deps.db.read.$count(deliveries, ne(deliveries.state, 'stored'))) < MAILS) await sleep(LOOK_EVERY_MS)
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(before)
    await stop()
    return { seconds, processorMs: (user + system) / 1000 }
  } finally {
    await installation.remove()
  }
}

/** @returns seconds that imapflow takes to connect and to fetch every mail, which are then thrown away */
async function fetchAlone(port: number): Promise<number> {
  const began = performance.now()
  const auth = { user: ADDRESS, pass: PASSWORD }
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false })
  await client.connect()
  await client.mailboxOpen('INBOX', { readOnly: true })
  let fetched = 0
  for await (const mail of client.fetch('1:*', { uid: true, source: true, internalDate: true }))
    if (mail.source) fetched++
  const seconds = (performance.now() - began) / 1000
  await client.logout()
  if (fetched !== MAILS) throw new Error(`imapflow fetched ${fetched} of ${MAILS} mails`)
  return seconds
}
