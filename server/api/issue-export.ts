import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { z } from 'zod'
import { record } from '../issues/event.ts'
import { exportIssue } from '../issues/export.ts'
import type { Env } from './deps.ts'
import { dispositionOf } from './disposition.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

/** An issue to take along. It is a change, since that somebody took it is written down. */
export const issueExport = new Hono<Env>().post(
  '/:id/export',
  rule('read', 'Export an issue: its mails as .eml files, its notes, and what happened, in a ZIP file'),
  valid('param', z.object({ id: z.string() })),
  async (c) => {
    const { db, deps, member, now } = c.var
    const { issue, mailbox } = await issueFor(db.read, member, c.req.valid('param').id)
    await db.write((tx) =>
      record(tx, { action: 'exported', at: now, memberId: member.id, mailboxId: mailbox.id, issueId: issue.id }),
    )
    const zip = await exportIssue(db.read, deps.blobs, issue)
    return c.body(Readable.toWeb(zip) as ReadableStream, 200, {
      'content-type': 'application/zip',
      'content-disposition': dispositionOf('attachment', `issue ${issue.number} ${issue.subject.slice(0, 60)}.zip`),
    })
  },
)
