import type { DnsAnswer } from '../../net/dns.ts'

import type { DomainRecords } from './records.ts'

/**
 * `ok`: as it should be. `wrong`: it is there and does harm. `missing`: it should be there. `look`: it may be right; a
 * person knows. `unknown`: DNS did not answer, or can not say.
 */
export type DomainVerdict = 'ok' | 'wrong' | 'missing' | 'look' | 'unknown'
export type DomainFinding = {
  code: 'MX' | 'SPF' | 'DKIM' | 'DMARC' | 'AUTODISCOVER'
  verdict: DomainVerdict
  says: string
  /** The records as DNS has them. */
  evidence: string
  whatToDo: string
}
/** Where Exchange is, which says what the records should be. */
export type Where = { platform: 'exo' | 'onprem'; hybrid: boolean }

/** Where mail for Exchange Online arrives: with and without DNSSEC, and in the clouds of others. */
const EXO_MX =
  /\.(mail\.protection\.outlook\.com|mx\.microsoft|mail\.protection\.office365\.us|mail\.protection\.partner\.outlook\.cn)$/
const EXO_SPF = /\binclude:spf\.protection\.(outlook\.com|office365\.us|partner\.outlook\.cn)\b/i
const EXO_AUTODISCOVER = /^autodiscover(-s(-dod)?)?\.(outlook\.com|office365\.us|partner\.outlook\.cn)$/
/** Addresses of the tenant itself, whose DNS is Microsoft's own. */
const TENANT_DOMAIN = /\.onmicrosoft\.(com|us|cn)$/
/** RFC 7208, section 4.6.4. */
const MAX_SPF_LOOKUPS = 10
const SPF_LOOKUP = /^[+~?-]?(include:|a\b|mx\b|ptr\b|exists:)|^redirect=/i

const listed = (names: readonly string[]) => new Intl.ListFormat('en').format(names)

/** What the records of a domain mean, in plain words, in the order in which mail meets them. */
export function judgeDomain(records: DomainRecords, where: Where): DomainFinding[] {
  if (TENANT_DOMAIN.test(records.domain))
    return [finding('AUTODISCOVER', 'ok', `Microsoft keeps the DNS of ${records.domain} itself.`)]
  return [mx(records, where), spf(records, where), dkim(records, where), dmarc(records), autodiscover(records, where)]
}

function finding(
  code: DomainFinding['code'],
  verdict: DomainVerdict,
  says: string,
  evidence = '',
  whatToDo = '',
): DomainFinding {
  return { code, verdict, says, evidence, whatToDo }
}

const unanswered = (code: DomainFinding['code'], what: string, { reason }: { reason: string }) =>
  finding(code, 'unknown', `DNS did not say ${what}.`, reason, 'Try again; if it stays, ask whoever runs the DNS.')

function mx({ domain, mx: answer }: DomainRecords, { platform, hybrid }: Where): DomainFinding {
  if (answer.is === 'failed') return unanswered('MX', `where mail for ${domain} goes`, answer)
  const wanted =
    platform === 'exo'
      ? `Add an MX record for ${domain}: the admin center shows it under Settings, Domains. It ends in mail.protection.outlook.com or mx.microsoft.`
      : `Add an MX record for ${domain} that names your mail server.`
  if (answer.is === 'none')
    return finding(
      'MX',
      'missing',
      `No mail reaches ${domain}: DNS does not say where it goes.`,
      'no MX record',
      wanted,
    )
  const hosts = answer.records.map(({ exchange }) => exchange)
  const evidence = answer.records.map(({ exchange, priority }) => `${priority} ${exchange || '.'}`).join(', ')
  // RFC 7505: one record that names nothing.
  if (hosts.length === 1 && hosts[0] === '')
    return finding('MX', 'wrong', `${domain} says that it takes no mail.`, evidence, wanted)
  const toOnline = hosts.filter((host) => EXO_MX.test(host))
  if (platform === 'onprem' && toOnline.length > 0 && !hybrid)
    return finding(
      'MX',
      'look',
      `Mail for ${domain} goes to Exchange Online, and this connection is to a server of your own.`,
      evidence,
      'Check that mail is passed on to it from there.',
    )
  if (platform === 'onprem' || toOnline.length === hosts.length)
    return finding('MX', 'ok', `Mail for ${domain} goes to ${listed(hosts)}.`, evidence)
  if (toOnline.length > 0)
    return finding(
      'MX',
      'look',
      `Some mail for ${domain} goes to Exchange Online and some to ${listed(hosts.filter((host) => !EXO_MX.test(host)))}.`,
      evidence,
      'Check that the others pass it on, or take them out: mail that arrives elsewhere is not seen here.',
    )
  return finding(
    'MX',
    'look',
    `Mail for ${domain} goes to ${listed(hosts)} and not straight to Exchange Online.`,
    evidence,
    'That is right where a filter or a server of your own passes it on. Otherwise it never arrives in the mailbox.',
  )
}

function spf({ domain, txt }: DomainRecords, { platform, hybrid }: Where): DomainFinding {
  if (txt.is === 'failed') return unanswered('SPF', `who may send for ${domain}`, txt)
  const all = txt.is === 'found' ? txt.records.filter((text) => /^v=spf1( |$)/i.test(text)) : []
  const online = 'v=spf1 include:spf.protection.outlook.com -all'
  if (all.length === 0)
    return finding(
      'SPF',
      'missing',
      `Nothing says which servers may send for ${domain}, so what you send may be taken for spam.`,
      'no TXT record that begins with v=spf1',
      platform === 'exo'
        ? `Add a TXT record for ${domain}: ${online}`
        : `Add a TXT record for ${domain} that begins with v=spf1 and names your servers.`,
    )
  const evidence = all.join(' | ')
  // RFC 7208, section 4.5.
  if (all.length > 1)
    return finding(
      'SPF',
      'wrong',
      `${domain} has ${all.length} SPF records, and with more than one none counts.`,
      evidence,
      'Make one record of them.',
    )
  const terms = all[0]!.split(/\s+/).slice(1)
  if (terms.some((term) => /^\+?all$/i.test(term)))
    return finding('SPF', 'wrong', `${domain} lets anybody send in its name.`, evidence, 'Write -all in place of +all.')
  const lookups = terms.filter((term) => SPF_LOOKUP.test(term)).length
  if (lookups > MAX_SPF_LOOKUPS)
    return finding(
      'SPF',
      'wrong',
      `The SPF record of ${domain} asks for ${lookups} further lookups, and more than ${MAX_SPF_LOOKUPS} make it void.`,
      evidence,
      'Take out what does not send any more.',
    )
  const isOnline = EXO_SPF.test(all[0]!)
  const leadsOn = terms.some((term) => /^redirect=|^[+]?include:/i.test(term))
  if (platform === 'exo' && !isOnline)
    return finding(
      'SPF',
      leadsOn || hybrid ? 'look' : 'wrong',
      `The SPF record of ${domain} does not name Exchange Online itself.`,
      evidence,
      'Where mail leaves from Exchange Online, add include:spf.protection.outlook.com to it, unless another name in it does so already.',
    )
  if (!terms.some((term) => /^[~-]all$/i.test(term)) && !terms.some((term) => /^redirect=/i.test(term)))
    return finding(
      'SPF',
      'look',
      `The SPF record of ${domain} does not say what to do with mail from elsewhere.`,
      evidence,
      'End it with -all, or with ~all while you find out who sends.',
    )
  return finding(
    'SPF',
    'ok',
    `${domain} says which servers may send for it${isOnline ? ', Exchange Online among them' : ''}.`,
    evidence,
  )
}

function dkim({ domain, dkim: keys }: DomainRecords, { platform }: Where): DomainFinding {
  if (platform === 'onprem')
    return finding(
      'DKIM',
      'unknown',
      'Exchange Server does not sign mail by itself; where something else does, its name can not be guessed.',
      '',
      'Ask whoever runs what sends the mail. A send test shows whether it is signed.',
    )
  const failed = keys.map(({ answer }) => answer).find((answer) => answer.is === 'failed')
  if (failed?.is === 'failed') return unanswered('DKIM', `by which keys mail of ${domain} is signed`, failed)
  const found = keys.filter(({ answer }) => answer.is === 'found')
  const evidence = keys.map(({ name, answer }) => `${name}: ${textOf(answer)}`).join(', ')
  if (found.length === keys.length)
    return finding(
      'DKIM',
      'ok',
      `The keys of Exchange Online are in the DNS of ${domain}. A send test shows whether it signs.`,
      evidence,
    )
  return finding(
    'DKIM',
    found.length > 0 ? 'wrong' : 'missing',
    found.length > 0
      ? `One of the two keys of Exchange Online is missing in the DNS of ${domain}: signing fails when they change over.`
      : `Exchange Online does not sign for ${domain}: its keys are not in the DNS.`,
    evidence,
    'In the Microsoft Defender portal, under Email authentication settings, DKIM, choose the domain, add the two CNAME records that it shows, and turn signing on.',
  )
}

function dmarc({ domain, dmarc: { name, answer } }: DomainRecords): DomainFinding {
  if (answer.is === 'failed') return unanswered('DMARC', `what ${domain} asks others to do with forged mail`, answer)
  const all = answer.is === 'found' ? answer.records.filter((text) => /^v=DMARC1\s*(;|$)/i.test(text)) : []
  if (all.length === 0)
    return finding(
      'DMARC',
      'missing',
      `${domain} does not say what to do with mail that only claims to be from it.`,
      'no TXT record at _dmarc',
      `Add a TXT record for _dmarc.${domain}, to begin with: v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
    )
  const evidence = `${name}: ${all.join(' | ')}`
  if (all.length > 1)
    return finding(
      'DMARC',
      'wrong',
      `${name} has ${all.length} DMARC records, and with more than one none counts.`,
      evidence,
      'Make one of them.',
    )
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(all[0]!)?.[1]?.toLowerCase()
  if (!policy || !['none', 'quarantine', 'reject'].includes(policy))
    return finding(
      'DMARC',
      'wrong',
      'The DMARC record does not say what to do (p=).',
      evidence,
      'Write p=none, p=quarantine or p=reject in it.',
    )
  if (policy === 'none')
    return finding(
      'DMARC',
      'look',
      `${domain} only asks to be told of forged mail, and nobody is kept from sending it.`,
      evidence,
      'Once the reports show that all of your own mail passes, write p=quarantine or p=reject.',
    )
  return finding(
    'DMARC',
    'ok',
    `${domain} asks others to ${policy === 'reject' ? 'refuse' : 'put aside'} mail that only claims to be from it.`,
    evidence,
  )
}

function autodiscover({ domain, autodiscover: found }: DomainRecords, { platform, hybrid }: Where): DomainFinding {
  const code = 'AUTODISCOVER'
  const { cname, addresses, srv } = found
  const name = `autodiscover.${domain}`
  const evidence = [
    `${name}: ${cname.is === 'found' ? `CNAME ${textOf(cname)}` : textOf(addresses)}`,
    ...(srv.is === 'found'
      ? [`_autodiscover._tcp.${domain}: ${srv.records.map((one) => `${one.name}:${one.port}`).join(', ')}`]
      : []),
  ].join(', ')
  const isOnline = platform === 'exo' && !hybrid
  const target = cname.is === 'found' ? (cname.records[0] ?? '') : ''
  if (EXO_AUTODISCOVER.test(target)) {
    if (isOnline) return finding(code, 'ok', `Outlook finds Exchange Online for addresses in ${domain}.`, evidence)
    return finding(
      code,
      hybrid ? 'wrong' : 'look',
      `${name} leads to Exchange Online${hybrid ? ', and in a hybrid organisation it must lead to the server on premises, which passes on whom it does not have' : ''}.`,
      evidence,
      `Let ${name} lead to the server on premises.`,
    )
  }
  if (cname.is === 'found' || addresses.is === 'found') {
    const where = target || textOf(addresses)
    if (!isOnline) return finding(code, 'ok', `Outlook asks ${where} for addresses in ${domain}.`, evidence)
    return finding(
      code,
      'wrong',
      `${name} leads to ${where} and not to Exchange Online, so Outlook may get its settings, and its shared mailboxes, from elsewhere.`,
      evidence,
      `Make ${name} a CNAME to autodiscover.outlook.com.`,
    )
  }
  if (srv.is === 'found')
    return finding(
      code,
      isOnline ? 'look' : 'ok',
      `Outlook asks ${listed(srv.records.map((one) => one.name))} for addresses in ${domain}, by an SRV record, which it looks at last.`,
      evidence,
      isOnline ? `A CNAME from ${name} to autodiscover.outlook.com is faster, and works in every Outlook.` : '',
    )
  const failed = [cname, addresses].find((answer) => answer.is === 'failed')
  if (failed?.is === 'failed') return unanswered(code, `where Outlook finds the settings of ${domain}`, failed)
  return finding(
    code,
    'missing',
    `Outlook finds no settings for addresses in ${domain}: shared mailboxes do not appear by themselves where it does not know better.`,
    evidence,
    isOnline
      ? `Add a CNAME record from ${name} to autodiscover.outlook.com. Each domain with addresses needs one.`
      : `Let ${name} lead to the server on premises. Each domain with addresses needs that.`,
  )
}

function textOf(answer: DnsAnswer<string>): string {
  return answer.is === 'found' ? answer.records.join(', ') : answer.is === 'none' ? 'nothing' : answer.reason
}
