import type { AuthenticationResult, Mailbox, SendTest } from '../../../db/schema.ts'
import { describeTrouble } from '../trouble-words.ts'

/** One line of what came of a test: whether it is as it should be, what it means, and what to do where it is not. */
export type Line = { ok: boolean | null; title: string; summary: string; whatToDo: string; detail: string }

const NAMES = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' } as const
const MEANS = {
  spf: 'whether the server may send for your domain',
  dkim: 'whether the mail is signed by your domain',
  dmarc: 'whether the sender that people see is the one that was checked',
} as const
const MEND = {
  spf: 'Add the sending server to the SPF record of your domain (a TXT record that begins with v=spf1): your provider names what to include.',
  dkim: 'Switch on DKIM at your mail provider and publish the key it gives you in the DNS of your domain.',
  dmarc:
    'Publish a DMARC record (a TXT record at _dmarc of your domain, such as v=DMARC1; p=none), and see that SPF or DKIM passes for the very domain that you send from.',
} as const

/** What a test found, in plain words, in the order of the way that the mail took. */
export function sendTestLines(test: SendTest, mailbox: Mailbox): Line[] {
  const { state, sentAt, backAfterMs, folder, results, trouble, detail } = test
  const line = (some: Partial<Line> & Pick<Line, 'ok' | 'title' | 'summary'>): Line => ({
    whatToDo: '',
    detail: '',
    ...some,
  })
  const where = { auth: mailbox.auth, detail: detail ?? '' }
  if (sentAt === null) {
    if (state !== 'failed') return [line({ ok: null, title: 'Sending', summary: 'The mail is being handed over.' })]
    const smtp = { host: mailbox.smtpHost, port: mailbox.smtpPort, user: mailbox.smtpUser, kind: 'SMTP' as const }
    const words = describeTrouble(trouble ?? 'other', { ...where, ...smtp })
    return [line({ ok: false, title: 'Sending does not work', ...words, detail: detail ?? '' })]
  }
  const sent = line({
    ok: true,
    title: 'Sent',
    summary: 'The server took the mail.',
    detail: state === 'waiting' ? (detail ?? '') : '',
  })
  if (state === 'waiting') return [sent, line({ ok: null, title: 'Coming back', summary: 'Waiting for it over IMAP.' })]
  if (state === 'failed' || backAfterMs === null) {
    if (trouble) {
      const imap = { host: mailbox.imapHost, port: mailbox.imapPort, user: mailbox.imapUser, kind: 'IMAP' as const }
      const words = describeTrouble(trouble, { ...where, ...imap })
      return [sent, line({ ok: false, title: 'Receiving does not work', ...words, detail: detail ?? '' })]
    }
    const whatToDo =
      'Look whether both servers belong to the same mailbox, whether a rule moves or deletes the mail, and whether the address is spelt as the server knows it.'
    return [
      sent,
      line({ ok: false, title: 'It did not come back', summary: 'The mail was not in the inbox in time.', whatToDo }),
    ]
  }
  const isJunk = folder !== 'INBOX'
  const back = line({
    ok: !isJunk,
    title: isJunk ? 'It came back as spam' : 'It came back',
    summary: `After ${secondsOf(backAfterMs)}, into ${folder}.`,
    whatToDo: isJunk ? 'Others will find your mail among spam as well. What fails below is the likely cause.' : '',
  })
  return [sent, back, ...(['spf', 'dkim', 'dmarc'] as const).map((method) => checkLine(method, results))]
}

function checkLine(method: AuthenticationResult['method'], results: AuthenticationResult[]): Line {
  const found = results.find((result) => result.method === method)
  const name = NAMES[method]
  if (!found || found.result === 'none') {
    const summary = found
      ? `There is nothing to check: ${MEANS[method]} is published nowhere.`
      : `Your server did not say ${MEANS[method]}. Many do not check what they send to themselves; a mail to another provider tells.`
    return {
      ok: found ? false : null,
      title: `${name} ${found ? 'is missing' : 'was not checked'}`,
      summary,
      whatToDo: found ? MEND[method] : '',
      detail: found?.detail ?? '',
    }
  }
  const { result, detail } = found
  if (result === 'pass')
    return { ok: true, title: `${name} passes`, summary: `It tells ${MEANS[method]}.`, whatToDo: '', detail }
  const isForNow = result === 'temperror'
  return {
    ok: false,
    title: `${name}: ${result}`,
    summary: `It tells ${MEANS[method]}.`,
    whatToDo: isForNow ? 'The check could not be made just now. Test again later.' : MEND[method],
    detail,
  }
}

function secondsOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return seconds === 1 ? 'a second' : seconds < 90 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`
}
