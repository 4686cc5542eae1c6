import { Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import type { Member, SavedReplyFile } from '../../db/schema.ts'
import { mailboxForMember, may } from '../access/may.ts'
import { Invalid } from '../errors.ts'
import {
  countUse,
  deleteSavedReply,
  type Editor,
  findSavedReply,
  listSavedReplies,
  MAX_SAVED_REPLY_CHARACTERS,
  writeSavedReply,
} from '../issues/saved-reply.ts'
import { addUpload, asBlob, findUploads, MAX_ATTACHED_BYTES, MAX_ATTACHED_FILES, readUpload } from '../issues/upload.ts'
import { variableValues } from '../issues/variable-values.ts'
import { fillIn, VARIABLES } from '../issues/variables.ts'
import { writtenHtml } from '../mail/send/written-html.ts'
import { writtenText } from '../mail/send/written-text.ts'
import type { Deps, Env } from './deps.ts'
import { idInPath, language, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const input = z.object({
  name: line(120),
  /** Only for who writes it; else for the team, and without one for everybody. */
  own: z.boolean(),
  teamId: z.uuid().nullable(),
  language,
  html: z.string().min(1).max(MAX_SAVED_REPLY_CHARACTERS),
  /** Ids of files that it has already, and of files that POST /api/uploads took. */
  files: z.array(z.uuid()).max(MAX_ATTACHED_FILES).default([]),
})
/** `language`: the one that is written in, for a reply that is for any. */
const insertion = z.object({ issueId: z.string().nullish(), mailboxId: z.string().nullish(), language })

/** Replies that are kept to be inserted, with variables and files. */
export const savedReplies = new Hono<Env>()
  .get('/', rule('reply', 'The saved replies that you may insert'), async (c) =>
    c.json(await listSavedReplies(c.var.db.read, editor(c.var.member))),
  )
  .get('/variables', rule('reply', 'The variables of saved replies and signatures'), (c) => c.json(VARIABLES))
  .put('/:id', rule('reply', 'Writes a saved reply'), idInPath, valid('json', input), async (c) => {
    const { db, deps, member, now } = c.var
    const { id } = c.req.valid('param')
    const { files: fileIds, html: written, ...said } = c.req.valid('json')
    const { html } = writtenHtml(written, '')
    const text = writtenText(html)
    if (!text.trim()) throw new Invalid([{ field: 'html', message: 'html must not be empty. Write something first.' }])
    const files = await keptFiles(deps, id, fileIds, member)
    const gone = await db.write((tx) => writeSavedReply(tx, { ...said, id, html, text, files }, editor(member), now))
    for (const hash of gone) await deps.blobs.delete(hash)
    return c.body(null, 204)
  })
  .delete('/:id', rule('reply', 'Deletes a saved reply'), idInPath, async (c) => {
    const { db, deps, member } = c.var
    const gone = await db.write((tx) => deleteSavedReply(tx, c.req.valid('param').id, editor(member)))
    for (const hash of gone) await deps.blobs.delete(hash)
    return c.body(null, 204)
  })
  .post(
    '/:id/insertions',
    rule('reply', 'A saved reply as it reads in an issue, with its files made ready to send'),
    idInPath,
    valid('json', insertion),
    async (c) => {
      const { db, deps, member, now } = c.var
      const { issueId, mailboxId, language: written } = c.req.valid('json')
      const { reply, files } = await findSavedReply(db.read, c.req.valid('param').id, editor(member))
      const place = issueId
        ? await issueFor(db.read, member, issueId)
        : { issue: null, mailbox: await mailboxForMember(db.read, member, mailboxId ?? '') }
      const language = reply.language || written
      const values = await variableValues(db.read, { ...place, by: member }, { language, now })
      const text = fillIn(reply.text, values, 'text')
      const html = fillIn(reply.html, values, 'html')
      const attachments = await copies(deps, files, member, now)
      await db.write((tx) => countUse(tx, reply.id, now))
      return c.json({ html: html.filled, text: text.filled, missing: text.missing, attachments })
    },
  )

function editor(member: Member): Editor {
  return { id: member.id, managesAll: may(member, 'manage saved replies') }
}

/** The files of a saved reply: what it has stays, what was uploaded is copied, so that each can be let go alone. */
async function keptFiles(
  { db, blobs }: Deps,
  savedReplyId: string,
  ids: string[],
  by: Member,
): Promise<SavedReplyFile[]> {
  if (ids.length === 0) return []
  const known = (await listSavedReplies(db.read, editor(by))).find(({ id }) => id === savedReplyId)
  const there = known ? (await findSavedReply(db.read, savedReplyId, editor(by))).files : []
  const isThere = new Set(there.map(({ id }) => id))
  const uploads = await findUploads(
    db.read,
    ids.filter((id) => !isThere.has(id)),
    by,
    MAX_ATTACHED_BYTES,
  )
  const made: SavedReplyFile[] = []
  for (const [position, id] of ids.entries()) {
    const before = there.find((file) => file.id === id)
    const upload = uploads.find((file) => file.id === id)
    const bytes = upload && (await readUpload(blobs, upload))
    if (before) made.push({ ...before, position })
    else if (upload && bytes) {
      const copy = uuidv7()
      const { filename, contentType, size } = upload
      const blobHash = await blobs.put(asBlob(copy, bytes))
      made.push({ id: copy, savedReplyId, position, filename, contentType, size, blobHash })
    }
  }
  return made
}

/** Its files as uploads of the member, to go along with what they write. */
async function copies({ db, blobs }: Deps, files: SavedReplyFile[], by: Member, now: number) {
  const made = []
  for (const file of files) {
    const bytes = await readUpload(blobs, file)
    if (!bytes) continue
    const id = uuidv7()
    const { filename, contentType, size } = file
    const blobHash = await blobs.put(asBlob(id, bytes))
    await db.write((tx) => addUpload(tx, by, { id, filename, contentType, size, blobHash }, now))
    made.push({ id, filename, contentType, size })
  }
  return made
}
