import { Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import { mailboxForMember, may, visibleMailboxIds } from '../access/may.ts'
import { Forbidden, Invalid } from '../errors.ts'
import {
  listSignatures,
  MAX_SIGNATURE_CHARACTERS,
  signatureFor,
  signatureLanguages,
  writeSignature,
} from '../issues/signature.ts'
import { variableValues } from '../issues/variable-values.ts'
import { fillIn } from '../issues/variables.ts'
import { writtenHtml } from '../mail/send/written-html.ts'
import { writtenText } from '../mail/send/written-text.ts'
import type { Env } from './deps.ts'
import { language } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const written = z.object({
  /** None: in every mailbox. */
  mailboxId: z.string().nullable(),
  /** One's own; else that of the mailbox, for everybody. */
  own: z.boolean(),
  language,
  /** Empty: takes it away. */
  html: z.string().max(MAX_SIGNATURE_CHARACTERS),
})

/** What stands below what members write. */
export const signatures = new Hono<Env>()
  .get('/', rule('reply', 'Your signatures, and those of the mailboxes that you see'), async (c) => {
    const { read } = c.var.db
    return c.json(await listSignatures(read, await visibleMailboxIds(read, c.var.member), c.var.member))
  })
  .get(
    '/here',
    rule(
      'reply',
      'The signature below what you write in an issue or a mailbox, filled in, and the languages there are',
    ),
    valid('query', z.object({ issueId: z.string().optional(), mailboxId: z.string().optional(), language })),
    async (c) => {
      const { member: by, now } = c.var
      const { read } = c.var.db
      const { issueId, mailboxId, language } = c.req.valid('query')
      const place = issueId
        ? await issueFor(read, by, issueId)
        : { issue: null, mailbox: await mailboxForMember(read, by, mailboxId ?? '') }
      const signature = await signatureFor(read, place.mailbox, by, language)
      const languages = await signatureLanguages(read, place.mailbox, by)
      if (!signature) return c.json({ html: '', text: '', languages })
      const values = await variableValues(read, { ...place, by }, { language, now })
      return c.json({
        html: fillIn(signature.html, values, 'html').filled,
        text: fillIn(signature.text, values, 'text').filled,
        languages,
      })
    },
  )
  .put('/', rule('reply', 'Writes a signature'), valid('json', written), async (c) => {
    const { db, member, now } = c.var
    const { mailboxId, own, language, html: input } = c.req.valid('json')
    if (!own && mailboxId === null)
      throw new Invalid([{ field: 'mailboxId', message: 'mailboxId must name a mailbox where own is false.' }])
    if (!own && !may(member, 'manage mailboxes'))
      throw new Forbidden('Only admins write the signature of a mailbox. Write one of your own.')
    const { html } = writtenHtml(input, '')
    const id = uuidv7()
    await db.write(async (tx) => {
      if (mailboxId !== null) await mailboxForMember(tx, member, mailboxId)
      const owner = { mailboxId, memberId: own ? member.id : null, language }
      await writeSignature(tx, id, owner, { html, text: writtenText(html) }, now)
    })
    return c.body(null, 204)
  })
