import { type Account, primaryOf } from './account.ts'
import type { Tenant } from './tenant.ts'

/** What Autodiscover does: answers, or fails in one of its ways. */
export type Behaviour = 'answers' | 'error 500' | 'error 600' | 'redirects' | 'silent' | 'old names'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

type Entry = { type: string; displayName: string; smtp: string; owner: string; legacyDn: string }

/** The mailboxes that Outlook of an account is told to open beside its own, archives too. */
function entriesFor(tenant: Tenant, user: Account): Entry[] {
  const entries: Entry[] = []
  const archive = (one: Account) => {
    if (!one.hasArchive) return
    const smtp = `ExchangeGuid+${one.guid}@${tenant.domain.split('.')[0]}.mail.onmicrosoft.com`
    const displayName = `In-Place Archive – ${one.displayName}`
    entries.push({ type: 'Archive', displayName, smtp, owner: primaryOf(one), legacyDn: one.legacyDn })
  }
  archive(user)
  for (const mailbox of tenant.state.accounts.values()) {
    if (mailbox.id === user.id || !tenant.isAdvertised(mailbox, user)) continue
    const smtp = primaryOf(mailbox)
    entries.push({ type: 'Delegate', displayName: mailbox.displayName, smtp, owner: smtp, legacyDn: mailbox.legacyDn })
    archive(mailbox)
  }
  return entries
}

/** The answer of Outlook's own protocol. */
export function poxAnswer(tenant: Tenant, address: string, behaviour: Behaviour): string {
  const user = find(tenant, address)
  if (behaviour === 'redirects') return poxAction('redirectAddr', `<RedirectAddr>${escaped(address)}</RedirectAddr>`)
  if (!user || behaviour === 'error 500' || behaviour === 'error 600')
    return poxError(behaviour === 'error 600' ? 600 : 500)
  const mailboxes = entriesFor(tenant, user).map(({ type, displayName, smtp, owner, legacyDn }) =>
    behaviour === 'old names'
      ? `<AlternativeMailbox><Type>${type}</Type><DisplayName>${escaped(displayName)}</DisplayName><LegacyDN>${escaped(legacyDn)}</LegacyDN><Server>mail.contoso.local</Server></AlternativeMailbox>`
      : `<AlternativeMailbox><Type>${type}</Type><DisplayName>${escaped(displayName)}</DisplayName><SmtpAddress>${escaped(smtp)}</SmtpAddress><OwnerSmtpAddress>${escaped(owner)}</OwnerSmtpAddress></AlternativeMailbox>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
<User><DisplayName>${escaped(user.displayName)}</DisplayName><LegacyDN>${escaped(user.legacyDn)}</LegacyDN><AutoDiscoverSMTPAddress>${escaped(primaryOf(user))}</AutoDiscoverSMTPAddress></User>
<Account><AccountType>email</AccountType><Action>settings</Action><MicrosoftOnline>True</MicrosoftOnline><Protocol Type="mapiHttp"><Port>443</Port></Protocol>
${mailboxes.join('\n')}
</Account></Response></Autodiscover>`
}

function poxAction(action: string, inner: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><Action>${action}</Action>${inner}</Account></Response></Autodiscover>`
}

function poxError(code: number): string {
  return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response><Error Time="09:00:00.0000000" Id="1"><ErrorCode>${code}</ErrorCode><Message>${code === 600 ? 'Invalid Request' : "The email address can't be found."}</Message><DebugData /></Error></Response></Autodiscover>`
}

/** The answer to GetUserSettings. */
export function soapAnswer(tenant: Tenant, address: string, behaviour: Behaviour): string {
  const user = find(tenant, address)
  const envelope = (inner: string) =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action s:mustUnderstand="1">http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettingsResponse</a:Action></s:Header><s:Body><GetUserSettingsResponseMessage xmlns="http://schemas.microsoft.com/exchange/2010/Autodiscover"><Response xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><ErrorCode>NoError</ErrorCode><ErrorMessage /><UserResponses>${inner}</UserResponses></Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>`
  if (behaviour === 'redirects')
    return envelope(
      `<UserResponse><ErrorCode>RedirectAddress</ErrorCode><ErrorMessage>Redirection address.</ErrorMessage><RedirectTarget>${escaped(address)}</RedirectTarget><UserSettings /></UserResponse>`,
    )
  if (!user || behaviour === 'error 500' || behaviour === 'error 600')
    return envelope(
      `<UserResponse><ErrorCode>${user ? 'InternalServerError' : 'InvalidUser'}</ErrorCode><ErrorMessage>Invalid user: '${escaped(address)}'</ErrorMessage><UserSettings /></UserResponse>`,
    )
  const mailboxes = entriesFor(tenant, user).map(
    ({ type, displayName, smtp, owner, legacyDn }) =>
      `<AlternateMailbox><Type>${type}</Type><DisplayName>${escaped(displayName)}</DisplayName><LegacyDN>${escaped(legacyDn)}</LegacyDN><Server>x</Server><SmtpAddress>${escaped(smtp)}</SmtpAddress><OwnerSmtpAddress>${escaped(owner)}</OwnerSmtpAddress></AlternateMailbox>`,
  )
  return envelope(
    `<UserResponse><ErrorCode>NoError</ErrorCode><ErrorMessage>No error.</ErrorMessage><RedirectTarget i:nil="true" /><UserSettingErrors /><UserSettings><UserSetting i:type="AlternateMailboxCollectionSetting"><Name>AlternateMailboxes</Name><AlternateMailboxes>${mailboxes.join('')}</AlternateMailboxes></UserSetting></UserSettings></UserResponse>`,
  )
}

function find(tenant: Tenant, address: string): Account | undefined {
  const sought = address.toLowerCase()
  return [...tenant.state.accounts.values()].find(
    (one) => one.box && one.addresses.some((own) => own.toLowerCase() === `smtp:${sought}`),
  )
}
