import { expect, test } from 'vitest'
import { openWorld } from '../world.ts'

const MAILBOX = {
  address: 'bids@northwind.example',
  name: 'Northwind bids',
  imapHost: 'imap.northwind.example',
  imapPort: 993,
  imapSecurity: 'tls',
  imapUser: 'bids',
  imapPassword: 'secret',
  smtpHost: 'smtp.northwind.example',
  smtpPort: 465,
  smtpSecurity: 'tls',
  smtpUser: '',
  smtpPassword: '',
}

test.each([
  ['name', 'Northwind\r\nBcc: everybody@example.org'],
  ['imapUser', 'bids\r\nA1 DELETE INBOX'],
  ['smtpUser', 'bids\0somebody'],
])('the %s of a mailbox is one line', async (field, value) => {
  const world = await openWorld()
  const refused = await world.as(world.ada)('/api/mailboxes', { method: 'POST', json: { ...MAILBOX, [field]: value } })
  // The cast: a problem document is ours (server/api/problem.ts).
  const { errors } = (await refused.json()) as { errors: unknown }
  expect([refused.status, errors]).toEqual([
    400,
    [{ field, message: `${field} must be one line without control characters.` }],
  ])
})
