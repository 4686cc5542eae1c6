import type { Tenant } from '../tenant.ts'
import { admitToImap, admitToSmtp, type Holder, maySendAs, withAddress } from './admission.ts'
import { startImapGate } from './imap-gate.ts'
import { openMailboxStores, SENT_ITEMS } from './mailbox-store.ts'
import { Refusal, type Submitted, startSubmission } from './submission.ts'
import { routeOf, type Undelivered } from './transport.ts'

/** A mail that left the tenant. Nothing of it goes anywhere: whoever listens gets it. */
export type Outbound = { raw: Buffer; from: string; to: string[] }
export type SimulatedMail = Awaited<ReturnType<typeof startSimulatedMail>>

export type SimulatedMailOptions = {
  tenant: Tenant
  holderOf: (token: string) => Holder | null
  imapPort?: number
  smtpPort?: number
}

/**
 * The mail of a simulated Exchange Online on 127.0.0.1: IMAP and SMTP submission for apps with a token, let in as their
 * service principal is, and mail that comes from outside. Without TLS, since nothing leaves the machine.
 */
export async function startSimulatedMail({ tenant, holderOf, imapPort = 0, smtpPort = 0 }: SimulatedMailOptions) {
  const stores = openMailboxStores(tenant.clock)
  const listeners: ((mail: Outbound) => void)[] = []
  const openers: ((address: string) => void)[] = []
  const opened = new Set<string>()

  const imap = await startImapGate({
    admit: (user, token) => {
      const admission = admitToImap(tenant, holderOf(token), user)
      if (admission.is === 'in' && !opened.has(admission.account.id)) {
        opened.add(admission.account.id)
        for (const tell of openers) tell(user.toLowerCase())
      }
      return admission
    },
    open: stores.of,
    port: imapPort,
  })
  const submission = await startSubmission({
    holderOf,
    admit: (user, holder) => admitToSmtp(tenant, holder, user),
    take: submit,
    port: smtpPort,
  })

  async function submit({ raw, from, to, holder, account }: Submitted): Promise<void> {
    const sender = maySendAs(tenant, holder, from)
    if (!sender)
      throw new Refusal(
        554,
        `5.2.252 SendAsDenied; ${account.upn} not allowed to send as ${from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message Cannot submit message. [Hostname=SIMULATED.PROD.OUTLOOK.COM]`,
      )
    // Exchange files what is submitted itself, in the mailbox that signed in; where that sent as another one, in that too
    // if it says so.
    if (account.box.copySubmission) (await stores.of(account.id)).put(SENT_ITEMS, raw)
    if (sender.id !== account.id && sender.box.copySentAs) (await stores.of(sender.id)).put(SENT_ITEMS, raw)
    await deliverTo({ raw, from, to }, false)
  }

  async function deliverTo({ raw, from, to }: Outbound, isOutsider: boolean): Promise<Undelivered[]> {
    const { mailboxes, outside, undelivered } = routeOf(tenant, to, isOutsider)
    const received = Buffer.from(
      `Received: from SIMULATED.PROD.OUTLOOK.COM with HTTPS; ${new Date(tenant.clock.now()).toUTCString().replace('GMT', '+0000')}\r\n`,
    )
    const whole = Buffer.concat([received, raw])
    for (const { id } of mailboxes) (await stores.of(id)).put('INBOX', whole)
    if (outside.length > 0) for (const listener of listeners) listener({ raw, from, to: outside })
    return undelivered
  }

  return {
    imap: { host: imap.host, port: imap.port },
    smtp: { host: submission.host, port: submission.port },
    /** Somebody outside of the organisation writes; gives who did not get it, and why. */
    deliver: (mail: Outbound) => deliverTo(mail, true),
    /** The raw mails in a folder of the mailbox with this address. */
    async mailsIn(address: string, folder: string): Promise<Buffer[]> {
      const account = withAddress(tenant.state, address)
      return account ? (await stores.of(account.id)).mailsIn(folder) : []
    },
    /** Calls `listener` with every mail that goes to people outside. */
    onSent: (listener: (mail: Outbound) => void) => void listeners.push(listener),
    /** Calls `listener` with the address of each mailbox that is opened for the first time. */
    onOpened: (listener: (address: string) => void) => void openers.push(listener),
    /** Ends every session of IMAP. */
    dropSessions: () => imap.drop(),
    async close(): Promise<void> {
      await Promise.all([imap.close(), submission.close()])
      await stores.close()
    },
  }
}
