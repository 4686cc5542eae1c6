import { z } from 'zod'
import { readConfig } from '../config.ts'
import { openDns } from '../net/dns.ts'
import { askDomain } from '../provisioning/domain/ask.ts'
import type { DomainFinding } from '../provisioning/domain/judge.ts'
import { oneLine } from '../provisioning/one-line.ts'
import { command } from './command.ts'
import { check } from './words.ts'

const READ_FORMATS = ['text', 'json'] as const
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@/:]+\.[^\s@/:]+$/, 'must be a domain such as contoso.com.')

const VERDICTS: Record<DomainFinding['verdict'], string> = {
  ok: 'right',
  wrong: 'WRONG',
  missing: 'MISSING',
  look: 'look at it',
  unknown: 'not known',
}

export const exchangeDns = command({
  usage: 'DOMAIN [DOMAIN…]',
  about: `
Asks DNS what mail and Outlook need of a domain: where mail goes (MX), who may send (SPF), signing (DKIM), what others are to
do with forged mail (DMARC), and where Outlook finds its settings (Autodiscover). It asks the DNS of this machine, or
DOWNFIELD_DNS. The exit status is 1 where something is wrong or missing.`,
  takes: [1, 10],
  options: {
    'on-premises': { type: 'boolean', help: 'The mailboxes are on a server of your own.' },
    hybrid: { type: 'boolean', help: 'There is Exchange on premises and in the cloud.' },
    format: { type: 'string', value: 'HOW', help: `${READ_FORMATS.join(' or ')}. Without it: text.` },
  },
  async run({ out, env }, domains, values) {
    const format = check(z.enum(READ_FORMATS), '--format', values.format ?? 'text')
    const dns = openDns(readConfig(env).dnsServers)
    const where = { platform: values['on-premises'] ? 'onprem' : 'exo', hybrid: values.hybrid ?? false } as const
    const all = await Promise.all(
      domains.map(async (name) => {
        const one = check(domain, 'DOMAIN', name)
        return { domain: one, findings: await askDomain(dns, one, where) }
      }),
    )
    if (format === 'json') out(`${JSON.stringify(all, null, 2)}\n`)
    else out(all.map(({ domain, findings }) => `${domain}\n${findings.map(paragraph).join('')}`).join('\n'))
    const isBad = all.some(({ findings }) =>
      findings.some(({ verdict }) => verdict === 'wrong' || verdict === 'missing'),
    )
    return isBad ? 1 : 0
  },
})

function paragraph({ code, verdict, says, evidence, whatToDo }: DomainFinding): string {
  const lines = [
    `${code}, ${VERDICTS[verdict]}: ${says}`,
    ...(evidence ? [`  ${evidence}`] : []),
    ...(whatToDo ? [`  To do: ${whatToDo}`] : []),
  ]
  return `  ${lines.map(oneLine).join('\n  ')}\n`
}
