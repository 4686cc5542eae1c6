import { expect, test } from 'vitest'
import { isAdvertised, readAutodiscover } from '../../server/provisioning/doctor/autodiscover.ts'
import { mailbox, read, snapshot } from './fixture.ts'

const POX = (inside: string) => `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
 <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
  <User><DisplayName>Jane Doe</DisplayName><AutoDiscoverSMTPAddress>jane@contoso.com</AutoDiscoverSMTPAddress></User>
  <Account><AccountType>email</AccountType><Action>settings</Action><Protocol><Type>EXCH</Type><Server>x</Server></Protocol>${inside}</Account>
 </Response></Autodiscover>`
const DELEGATE = `<AlternativeMailbox><Type>Delegate</Type><DisplayName>Bids &amp; proposals</DisplayName><SmtpAddress>Foo.User@contoso.com</SmtpAddress><OwnerSmtpAddress>foo.user@contoso.com</OwnerSmtpAddress></AlternativeMailbox>`
const none = { displayName: null, smtpAddress: null, ownerSmtpAddress: null, legacyDn: null, server: null }
const ours = read(snapshot({ mailbox: mailbox() })).mailbox!

test('D10 the XML of the second article is read as it was pasted', () => {
  const pasted = `[code language=”XML”]
< Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
…
< AlternativeMailbox>
< Type>Delegate
< DisplayName>! Shared Mailbox
< SmtpAddress>sharedmailbox@contoso.com
< OwnerSmtpAddress>sharedmailbox@contoso.com
< /AlternativeMailbox>
< AlternativeMailbox>
< Type>Archive
< DisplayName>In-Place Archive – ! Shared Mailbox
< SmtpAddress>ExchangeGuid+b44be8a9-61b3-4cb4-a1f5-0b845b1fb419@contoso.mail.onmicrosoft.com
< OwnerSmtpAddress>sharedmailbox@contoso.com
< /AlternativeMailbox>
…
< /Account>
< /Response>
< /Autodiscover>
[ /code]`
  expect(readAutodiscover(pasted)).toEqual({
    is: 'settings',
    user: null,
    mailboxes: [
      {
        ...none,
        type: 'Delegate',
        displayName: '! Shared Mailbox',
        smtpAddress: 'sharedmailbox@contoso.com',
        ownerSmtpAddress: 'sharedmailbox@contoso.com',
      },
      {
        ...none,
        type: 'Archive',
        displayName: 'In-Place Archive – ! Shared Mailbox',
        smtpAddress: 'ExchangeGuid+b44be8a9-61b3-4cb4-a1f5-0b845b1fb419@contoso.mail.onmicrosoft.com',
        ownerSmtpAddress: 'sharedmailbox@contoso.com',
      },
    ],
  })
})

test('an answer for Outlook is read', () => {
  const answer = readAutodiscover(POX(DELEGATE))
  expect(answer).toEqual({
    is: 'settings',
    user: 'jane@contoso.com',
    mailboxes: [
      {
        ...none,
        type: 'Delegate',
        displayName: 'Bids & proposals',
        smtpAddress: 'Foo.User@contoso.com',
        ownerSmtpAddress: 'foo.user@contoso.com',
      },
    ],
  })
  expect(answer.is === 'settings' && isAdvertised(answer.mailboxes, ours)).toBe(true)
})

test('an older server names the mailbox by its legacy DN', () => {
  const dn = '/O=ExchangeLabs/ou=x/cn=Recipients/cn=FOO'
  const answer = readAutodiscover(
    POX(`<AlternativeMailbox><Type>Delegate</Type><LegacyDN>${dn}</LegacyDN><Server>s</Server></AlternativeMailbox>`),
  )
  expect(answer.is === 'settings' && isAdvertised(answer.mailboxes, ours)).toBe(true)
})

test('an archive alone is not the mailbox', () => {
  const archive = DELEGATE.replace('Delegate', 'Archive')
  const answer = readAutodiscover(POX(archive))
  expect(answer.is === 'settings' && isAdvertised(answer.mailboxes, ours)).toBe(false)
})

test('an answer by SOAP is read', () => {
  const soap = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetUserSettingsResponseMessage><Response>
<ErrorCode>NoError</ErrorCode><ErrorMessage/><UserResponses><UserResponse><ErrorCode>NoError</ErrorCode><UserSettings><UserSetting i:type="AlternateMailboxCollectionSetting"><Name>AlternateMailboxes</Name><AlternateMailboxes><AlternateMailbox><Type>Delegate</Type><DisplayName>Foo</DisplayName><LegacyDN/><Server/><SmtpAddress>foo.user@contoso.com</SmtpAddress></AlternateMailbox></AlternateMailboxes></UserSetting></UserSettings></UserResponse></UserResponses></Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>`
  expect(readAutodiscover(soap)).toEqual({
    is: 'settings',
    user: null,
    mailboxes: [{ ...none, type: 'Delegate', displayName: 'Foo', smtpAddress: 'foo.user@contoso.com' }],
  })
})

test('a whole answer without mailboxes says that there are none', () => {
  expect(readAutodiscover(POX(''))).toEqual({ is: 'settings', user: 'jane@contoso.com', mailboxes: [] })
})

test.each([
  [
    'an error',
    '<Autodiscover><Response><Error Time="1" Id="2"><ErrorCode>500</ErrorCode><Message>The email address cannot be found.</Message></Error></Response></Autodiscover>',
    'Autodiscover answered with error 500: The email address cannot be found.',
  ],
  [
    'an answer that was cut off',
    POX('').slice(0, -20),
    'It is no whole answer of Autodiscover. Copy all of it, from the first < to the last >.',
  ],
  [
    'a page of a proxy',
    '<html><body>Sign in</body></html>',
    'It is no whole answer of Autodiscover. Copy all of it, from the first < to the last >.',
  ],
  ['nothing', '', 'It is no whole answer of Autodiscover. Copy all of it, from the first < to the last >.'],
  [
    'entities',
    '<!DOCTYPE a [<!ENTITY b "c">]><Autodiscover>&b;</Autodiscover>',
    'It declares a document type, which no answer of Autodiscover does.',
  ],
  ['too much', `<Autodiscover>${'x'.repeat(600_000)}</Autodiscover>`, 'It is longer than any answer of Autodiscover.'],
])('%s says nothing about mailboxes', (_, xml, reason) => {
  expect(readAutodiscover(xml)).toEqual({ is: 'failed', reason })
})

test('a redirect is told', () => {
  const xml =
    '<Autodiscover><Response><Account><Action>redirectAddr</Action><RedirectAddr>jane@contoso.mail.onmicrosoft.com</RedirectAddr></Account></Response></Autodiscover>'
  expect(readAutodiscover(xml)).toEqual({ is: 'redirect', to: 'jane@contoso.mail.onmicrosoft.com' })
})
