import { expect, onTestFinished, test } from 'vitest'
import { openDns } from '../../server/net/dns.ts'
import { askAutodiscover, askDomain } from '../../server/provisioning/domain/ask.ts'
import type { Where } from '../../server/provisioning/domain/judge.ts'
import { startDns, type Zone } from '../dns.ts'

const EXO: Where = { platform: 'exo', hybrid: false }
const RIGHT = {
  'MX contoso.com': ['0 contoso-com.mail.protection.outlook.com'],
  'TXT contoso.com': ['MS=ms123', 'v=spf1 include:spf.protection.outlook.com -all'],
  'CNAME selector1._domainkey.contoso.com': ['selector1-contoso-com._domainkey.contoso.onmicrosoft.com'],
  'CNAME selector2._domainkey.contoso.com': ['selector2-contoso-com._domainkey.contoso.onmicrosoft.com'],
  'TXT _dmarc.contoso.com': ['v=DMARC1; p=reject; rua=mailto:d@contoso.com'],
  'CNAME autodiscover.contoso.com': ['autodiscover.outlook.com'],
}

async function openTestDns(zone: Zone) {
  const server = await startDns(zone)
  onTestFinished(() => server.stop())
  const dns = openDns([server.server])
  return {
    server,
    dns,
    verdicts: async (where = EXO, domain = 'contoso.com') =>
      Object.fromEntries((await askDomain(dns, domain, where)).map(({ code, verdict }) => [code, verdict])),
    of: async (code: string, where = EXO, domain = 'contoso.com') =>
      (await askDomain(dns, domain, where)).find((finding) => finding.code === code)!,
  }
}
const GOOD = { MX: 'ok', SPF: 'ok', DKIM: 'ok', DMARC: 'ok', AUTODISCOVER: 'ok' }

test('a domain as Exchange Online wants it is right, and all of it was asked', async () => {
  const { verdicts, server } = await openTestDns({ records: RIGHT })
  expect(await verdicts()).toEqual(GOOD)
  expect([...new Set(server.asked)].sort()).toEqual([
    'A autodiscover.contoso.com',
    'AAAA autodiscover.contoso.com',
    'CNAME autodiscover.contoso.com',
    'CNAME selector1._domainkey.contoso.com',
    'CNAME selector2._domainkey.contoso.com',
    'MX contoso.com',
    'SRV _autodiscover._tcp.contoso.com',
    'TXT _dmarc.contoso.com',
    'TXT contoso.com',
  ])
})

test('a domain that nobody has misses everything, and each is said with what to do', async () => {
  const { dns } = await openTestDns({ records: {} })
  const found = await askDomain(dns, 'contoso.com', EXO)
  expect(found.map(({ code, verdict }) => `${code} ${verdict}`)).toEqual([
    'MX missing',
    'SPF missing',
    'DKIM missing',
    'DMARC missing',
    'AUTODISCOVER missing',
  ])
  expect(found.every(({ says, whatToDo }) => says.endsWith('.') && whatToDo !== '')).toBe(true)
})

test('servers that do not answer are no proof of anything', async () => {
  const { verdicts } = await openTestDns({ records: RIGHT, fails: ['contoso.com'] })
  expect(await verdicts()).toEqual({
    MX: 'unknown',
    SPF: 'unknown',
    DKIM: 'unknown',
    DMARC: 'unknown',
    AUTODISCOVER: 'unknown',
  })
})

const CASES: [
  name: string,
  records: Record<string, string[]>,
  where: Where,
  code: string,
  verdict: string,
  says: RegExp,
][] = [
  ['a domain that takes no mail', { 'MX contoso.com': ['0 .'] }, EXO, 'MX', 'wrong', /takes no mail/],
  [
    'mail that goes to a filter first',
    { 'MX contoso.com': ['10 mx.filter.example'] },
    EXO,
    'MX',
    'look',
    /not straight/,
  ],
  [
    'mail that goes two ways',
    { 'MX contoso.com': ['0 contoso-com.mail.protection.outlook.com', '20 old.contoso.com'] },
    EXO,
    'MX',
    'look',
    /some to old\.contoso\.com/,
  ],
  ['the way with DNSSEC', { 'MX contoso.com': ['0 contoso-com.o-v1.mx.microsoft'] }, EXO, 'MX', 'ok', /mx\.microsoft/],
  [
    'a server of one’s own',
    { 'MX contoso.com': ['10 mail.contoso.com'] },
    { platform: 'onprem', hybrid: false },
    'MX',
    'ok',
    /mail\.contoso\.com/,
  ],
  [
    'mail in the cloud, mailboxes on premises',
    {},
    { platform: 'onprem', hybrid: false },
    'MX',
    'look',
    /server of your own/,
  ],
  [
    'two SPF records',
    { 'TXT contoso.com': ['v=spf1 include:spf.protection.outlook.com -all', 'v=spf1 mx -all'] },
    EXO,
    'SPF',
    'wrong',
    /2 SPF records/,
  ],
  [
    'an SPF record for anybody',
    { 'TXT contoso.com': ['v=spf1 include:spf.protection.outlook.com +all'] },
    EXO,
    'SPF',
    'wrong',
    /anybody/,
  ],
  [
    'an SPF record without Exchange Online',
    { 'TXT contoso.com': ['v=spf1 ip4:192.0.2.1 -all'] },
    EXO,
    'SPF',
    'wrong',
    /does not name/,
  ],
  [
    'an SPF record that may name it further on',
    { 'TXT contoso.com': ['v=spf1 include:_spf.contoso.com -all'] },
    EXO,
    'SPF',
    'look',
    /does not name/,
  ],
  [
    'an SPF record without an end',
    { 'TXT contoso.com': ['v=spf1 include:spf.protection.outlook.com'] },
    EXO,
    'SPF',
    'look',
    /from elsewhere/,
  ],
  [
    'an SPF record with too many lookups',
    {
      'TXT contoso.com': [
        `v=spf1 include:spf.protection.outlook.com ${Array.from({ length: 10 }, (_, i) => `include:s${i}.example`).join(' ')} -all`,
      ],
    },
    EXO,
    'SPF',
    'wrong',
    /11 further lookups/,
  ],
  ['a text that only begins like SPF', { 'TXT contoso.com': ['v=spf10 x'] }, EXO, 'SPF', 'missing', /Nothing says/],
  ['one key of two', { 'CNAME selector2._domainkey.contoso.com': [] }, EXO, 'DKIM', 'wrong', /One of the two/],
  ['keys on premises', {}, { platform: 'onprem', hybrid: false }, 'DKIM', 'unknown', /does not sign/],
  [
    'DMARC that only listens',
    { 'TXT _dmarc.contoso.com': ['v=DMARC1; p=none'] },
    EXO,
    'DMARC',
    'look',
    /asks to be told/,
  ],
  [
    'DMARC without a policy',
    { 'TXT _dmarc.contoso.com': ['v=DMARC1; rua=mailto:x@y.example'] },
    EXO,
    'DMARC',
    'wrong',
    /what to do/,
  ],
  [
    'two DMARC records',
    { 'TXT _dmarc.contoso.com': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
    EXO,
    'DMARC',
    'wrong',
    /2 DMARC/,
  ],
  [
    'Autodiscover at another house',
    { 'CNAME autodiscover.contoso.com': ['autodiscover.oldhost.example'] },
    EXO,
    'AUTODISCOVER',
    'wrong',
    /oldhost/,
  ],
  [
    'Autodiscover by address',
    { 'CNAME autodiscover.contoso.com': [], 'A autodiscover.contoso.com': ['192.0.2.7'] },
    EXO,
    'AUTODISCOVER',
    'wrong',
    /192\.0\.2\.7/,
  ],
  [
    'the same on premises',
    { 'CNAME autodiscover.contoso.com': [], 'A autodiscover.contoso.com': ['192.0.2.7'] },
    { platform: 'onprem', hybrid: false },
    'AUTODISCOVER',
    'ok',
    /192\.0\.2\.7/,
  ],
  [
    'a hybrid organisation that asks the cloud first',
    {},
    { platform: 'exo', hybrid: true },
    'AUTODISCOVER',
    'wrong',
    /on premises/,
  ],
  [
    'an SRV record alone',
    { 'CNAME autodiscover.contoso.com': [], 'SRV _autodiscover._tcp.contoso.com': ['0 0 443 mail.contoso.com'] },
    EXO,
    'AUTODISCOVER',
    'look',
    /SRV/,
  ],
]

test.each(CASES)('%s', async (_, records, where, code, verdict, says) => {
  const { of } = await openTestDns({ records: { ...RIGHT, ...records } })
  const found = await of(code, where)
  expect([found.verdict, found.says]).toEqual([verdict, expect.stringMatching(says)])
})

test('a domain below another inherits its DMARC, names beyond ASCII are asked for as DNS has them', async () => {
  const { of, server } = await openTestDns({ records: RIGHT })
  expect((await of('DMARC', EXO, 'mail.contoso.com')).verdict).toBe('ok')
  await of('MX', EXO, 'bücher.example')
  expect(server.asked).toContain('MX xn--bcher-kva.example')
  expect((await of('AUTODISCOVER', EXO, 'contoso.onmicrosoft.com')).says).toContain('Microsoft keeps')
})

test('each domain of user, mailbox and computer is asked once', async () => {
  const { dns } = await openTestDns({ records: RIGHT })
  const found = await askAutodiscover(dns, ['contoso.com', 'fabrikam.com'], EXO)
  expect(found.map(({ domain, autodiscover }) => [domain, autodiscover.verdict])).toEqual([
    ['contoso.com', 'ok'],
    ['fabrikam.com', 'missing'],
  ])
})
