import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { inspect } from '../../server/mail/read/inspect.ts'

test('a mail can be looked at as plain data', async () => {
  const raw = readFileSync(path.join(import.meta.dirname, '../emails/russian-koi8.eml'))
  expect(await inspect(raw)).toEqual({
    sender: { name: 'Иван Петров', address: 'ivan@mebel.example' },
    to: [{ name: '', address: 'info@downfield.example' }],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: 'Запрос',
    date: '2026-03-04T09:00:00.000Z',
    messageId: '1@mebel.example',
    inReplyTo: null,
    references: [],
    text: 'Здравствуйте, пришлите каталог.\n\n04.03.2026 11:20, Info пишет:\n> Чем можем помочь?\n',
    replyText: 'Здравствуйте, пришлите каталог.',
    html: null,
    attachments: [],
    automatic: 'person',
    awayUntil: null,
    bounce: null,
    calendar: null,
    protection: null,
    forwarded: null,
    threadKey: { root: '1@mebel.example', parents: [], subject: 'запрос' },
    flaws: {},
  })
})
