import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openMachine } from './terminal.ts'

const ONE = `From: Ada Lovelace <Ada@example.org>
To: proposals@northwind.example
Subject: Re: Cranes
Date: Thu, 5 Nov 2026 09:41:07 +0100
Message-ID: <2@example.org>
In-Reply-To: <1@northwind.example>

Four, please.

On Wed, 4 Nov 2026, Northwind wrote:
> How many?
`
const TWO = `From: Bo <bo@example.org>
Auto-Submitted: auto-replied
Subject: Away
Message-ID: <3@example.org>

I am away.
`

test('inspect shows people how a mail is understood', async () => {
  const { folder, run } = await openMachine()
  const file = path.join(folder, 'one.eml')
  await writeFile(file, ONE)

  expect(await run(['inspect', file])).toEqual({
    status: 0,
    err: '',
    out: `File:        ${file}
From:        Ada Lovelace <ada@example.org>
To:          proposals@northwind.example
Subject:     Re: Cranes
Date:        2026-11-05T08:41:07.000Z
Message-ID:  2@example.org
In reply to: 1@northwind.example
Thread:      1@northwind.example
             cranes
Written by:  person

Reply text, without what is quoted:
  Four, please.

Text:
  Four, please.

  On Wed, 4 Nov 2026, Northwind wrote:
  > How many?
`,
  })
})

test('inspect --jsonl gives each mail of an mbox a line with everything', async () => {
  const { folder, run } = await openMachine()
  const file = path.join(folder, 'all.mbox')
  const from = 'From x@example.org Thu Nov  5 09:41:07 2026\n'
  await writeFile(file, `${from}${ONE}\n${from}${TWO}`)

  const { status, out } = await run(['inspect', '--jsonl', file])

  expect(status).toBe(0)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toMatchObject([
    {
      file: `${file}, mail 1`,
      sender: { address: 'ada@example.org' },
      replyText: 'Four, please.',
      automatic: 'person',
    },
    {
      file: `${file}, mail 2`,
      messageId: '3@example.org',
      text: 'I am away.\n',
      automatic: expect.not.stringMatching('person'),
    },
  ])
})
