import { expect, test } from 'vitest'
import { domainOf, isFreeMail, labelOf, nameFromLabel, registrableDomain } from '../../server/issues/domain.ts'

test.each([
  ['ada@mail.tacoma.example', 'tacoma.example'],
  ['ada@Tacoma.Example', 'tacoma.example'],
  ['ben@desk.city.gov.uk', 'city.gov.uk'],
  ['ben@b.kawasaki.jp', ''],
  ['ben@shop.b.kawasaki.jp', 'shop.b.kawasaki.jp'],
  ['cy@project.github.io', 'project.github.io'],
  ['cy@contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
  ['cy@eu.contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
  ['dee@co.uk', ''],
  ['dee@localhost', ''],
  ['dee@[192.0.2.1]', ''],
  ['dee', ''],
])('%s belongs to the organization %j', (address, domain) => {
  expect(registrableDomain(domainOf(address))).toBe(domain)
})

test('where anybody can have an address is known', () => {
  const domains = ['gmail.com', 'gmx.de', 'yahoo.com.ar', 'hotmail.co.nz', 'web.de', 'laposte.net']
  expect(domains.filter((domain) => !isFreeMail(domain))).toEqual([])
  expect(['tacoma.example', 'gmail.tacoma.example', 'notgmail.com', 'orange.com'].filter(isFreeMail)).toEqual([])
})

test.each([
  ['mail.port-of-tacoma.co.uk', 'Port Of Tacoma'],
  ['ibm.com', 'IBM'],
  ['contoso.onmicrosoft.com', 'Contoso'],
  ['bücher.example', 'Bücher'],
  ['mail.example', ''],
])('%s carries the name %j', (domain, name) => {
  expect(nameFromLabel(labelOf(domain))).toBe(name)
})
