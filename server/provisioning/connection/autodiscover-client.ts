import { isSafeUrl } from '../../mail/sign-in/oauth.ts'
import { type AutodiscoverAnswer, readAutodiscover } from '../doctor/autodiscover.ts'
import { limitedText } from './limited-text.ts'

/** Where Autodiscover is asked, and with which token. */
export type AutodiscoverPlace = {
  /** https://autodiscover-s.outlook.com */
  url: string
  protocol: 'soap' | 'pox'
  token: string
}

const ANSWER_MS = 30_000
const MAX_ANSWER_BYTES = 512 * 1024
const MAX_REDIRECTS = 5
const PATHS = { soap: '/autodiscover/autodiscover.svc', pox: '/autodiscover/autodiscover.xml' }

/**
 * Asks which mailboxes the Outlook of somebody is told to open. Never throws: what fails tells nothing, least of all
 * that auto-mapping is off. Where it is sent to another host, it goes there without the token, which is to say not at all.
 */
export async function askAutodiscover(
  { url, protocol, token }: AutodiscoverPlace,
  address: string,
): Promise<AutodiscoverAnswer> {
  const to = new URL(PATHS[protocol], url)
  if (!isSafeUrl(to.href)) return failed(`${to.origin} is not reached over TLS.`)
  let asked = address
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await ask(to, protocol, asked, token)
    if (answer.is !== 'redirect') return answer
    if (!/^[^\s@<>&]+@[^\s@<>&]+$/.test(answer.to))
      return failed('Autodiscover sends to another host, where nobody of ours is asked for a token.')
    asked = answer.to
  }
  return failed('Autodiscover sends round in circles.')
}

async function ask(to: URL, protocol: 'soap' | 'pox', address: string, token: string): Promise<AutodiscoverAnswer> {
  try {
    const response = await fetch(to, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'text/xml; charset=utf-8',
        'x-anchormailbox': address,
        ...(protocol === 'pox' ? { 'x-mapihttpcapability': '1' } : {}),
      },
      body: protocol === 'soap' ? soapQuestion(to.href, address) : poxQuestion(address),
    })
    const text = await limitedText(response, MAX_ANSWER_BYTES)
    if (response.status !== 200) return failed(`Autodiscover answered with status ${response.status}.`)
    return readAutodiscover(text)
  } catch {
    return failed(`Autodiscover at ${to.host} does not answer.`)
  }
}

const failed = (reason: string): AutodiscoverAnswer => ({ is: 'failed', reason })
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The question of Outlook's own protocol. */
function poxQuestion(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request><EMailAddress>${escaped(address)}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request>
</Autodiscover>`
}

/** GetUserSettings, which an app may ask for anybody. */
function soapQuestion(to: string, address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover" xmlns:wsa="http://www.w3.org/2005/08/addressing">
  <soap:Header><a:RequestedServerVersion>Exchange2016</a:RequestedServerVersion><wsa:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings</wsa:Action><wsa:To>${escaped(to)}</wsa:To></soap:Header>
  <soap:Body><a:GetUserSettingsRequestMessage><a:Request><a:Users><a:User><a:Mailbox>${escaped(address)}</a:Mailbox></a:User></a:Users><a:RequestedSettings><a:Setting>AlternateMailboxes</a:Setting><a:Setting>UserDN</a:Setting></a:RequestedSettings></a:Request></a:GetUserSettingsRequestMessage></soap:Body>
</soap:Envelope>`
}
