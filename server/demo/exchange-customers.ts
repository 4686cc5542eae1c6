import { randomUUID } from 'node:crypto'
import { answerMail } from './answer.ts'
import type { DemoExchange } from './exchange.ts'

const CUSTOMER = 'Ines Duarte <ines.duarte@harborcity.example>'

/**
 * Lets somebody write to each mailbox of the simulated Exchange soon after it is watched, and answer what is sent to them.
 * Ends with `signal`.
 */
export function startExchangeCustomers(
  { mail }: DemoExchange,
  { firstAfterMs, replyAfterMs, signal }: { firstAfterMs: number; replyAfterMs: number; signal: AbortSignal },
): void {
  const timers = new Set<NodeJS.Timeout>()
  signal.addEventListener('abort', () => {
    for (const timer of timers) clearTimeout(timer)
  })
  const later = (ms: number, act: () => Promise<unknown>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      // One mail that nobody can write must not end the demo.
      act().catch((error: unknown) => console.error('demo: a customer could not write', error))
    }, ms)
    timers.add(timer)
  }

  mail.onOpened((address) =>
    later(firstAfterMs, () =>
      mail.deliver({ raw: question(address, Date.now()), from: 'ines.duarte@harborcity.example', to: [address] }),
    ),
  )
  const answered = new Map<string, number>()
  mail.onSent((sent) =>
    later(replyAfterMs, async () => {
      const raw = await answerMail(sent, answered, Date.now())
      if (raw && !signal.aborted) await mail.deliver({ raw, from: sent.to[0] ?? '', to: [sent.from] })
    }),
  )
}

function question(address: string, now: number): Buffer {
  const text = [
    `From: ${CUSTOMER}`,
    `To: ${address}`,
    'Subject: Tender HC-2026-31: charging stations for the harbour',
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@harborcity.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Good morning,',
    '',
    'we are asking for bids for 24 charging stations on the north quay. Could you tell me by',
    'Friday whether you take part, and who we may call with questions?',
    '',
    'Kind regards',
    'Ines Duarte',
    'Harbor City, Procurement',
    '',
  ]
  return Buffer.from(text.join('\r\n'))
}
