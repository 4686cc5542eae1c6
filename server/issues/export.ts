import type { Readable } from 'node:stream'
import { asc, eq } from 'drizzle-orm'
import yazl from 'yazl'
import type { Blobs } from '../../db/blobs.ts'
import type { Reader } from '../../db/index.ts'
import { events, type Issue, members, messages, notes, threads } from '../../db/schema.ts'

/** How much of a subject is in the name of a file. */
const NAME_CHARACTERS = 60
/** Blobs of an issue are opened one after the other, so that a long one does not hold all its files open. */
type Mail = {
  at: number
  direction: string
  fromName: string
  fromAddress: string
  subject: string
  rawHash: string | null
}

/**
 * An issue as a ZIP file: each mail as it was received or sent (.eml), notes as text, and everything that happened as
 * JSON. The stream ends in an error where a raw mail can not be read.
 */
export async function exportIssue(read: Reader, blobs: Pick<Blobs, 'stream'>, issue: Issue): Promise<Readable> {
  const mails: Mail[] = await read
    .select({
      at: messages.at,
      direction: messages.direction,
      fromName: messages.fromName,
      fromAddress: messages.fromAddress,
      subject: messages.subject,
      rawHash: messages.rawHash,
    })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, issue.id))
    .orderBy(asc(messages.at), asc(messages.id))
  const said = await read
    .select({ at: notes.at, name: members.name, text: notes.text })
    .from(notes)
    .innerJoin(members, eq(members.id, notes.memberId))
    .where(eq(notes.issueId, issue.id))
    .orderBy(asc(notes.at))
  const happened = await read.select().from(events).where(eq(events.issueId, issue.id)).orderBy(asc(events.id))

  const zip = new yazl.ZipFile()
  const width = String(mails.length).length
  const listed = mails.map((mail, i) => ({ ...mail, file: fileName(mail, String(i + 1).padStart(width, '0')) }))
  for (const { file, rawHash, at } of listed) {
    if (rawHash === null) continue
    zip.addReadStreamLazy(file, { mtime: new Date(at) }, (open) => {
      blobs.stream(rawHash).then(
        (raw) => (raw ? open(null, raw.bytes) : open(new Error(`the raw mail ${rawHash} is missing`), nothing)),
        (error: unknown) => open(error, nothing),
      )
    })
  }
  if (said.length > 0) zip.addBuffer(Buffer.from(said.map(noteText).join('\n')), 'notes.txt')
  const { number, subject, status, createdAt } = issue
  const mailList = listed.map(({ file, at, direction, subject, rawHash }) => ({
    at: new Date(at).toISOString(),
    direction,
    subject,
    // A mail that is still on its way out has no raw form yet.
    file: rawHash === null ? null : file,
  }))
  const about = {
    number,
    subject,
    status,
    createdAt: new Date(createdAt).toISOString(),
    mails: mailList,
    events: happened.map(({ at, action, memberId, detail }) => ({
      at: new Date(at).toISOString(),
      action,
      memberId,
      detail,
    })),
  }
  zip.addBuffer(Buffer.from(`${JSON.stringify(about, null, 2)}\n`), 'issue.json')
  zip.end()
  // The cast: yazl's stream is a PassThrough, which its types call a NodeJS.ReadableStream.
  return zip.outputStream as Readable
}

// The cast: with an error yazl looks at nothing else.
const nothing = null as unknown as Readable

const noteText = ({ at, name, text }: { at: number; name: string; text: string }) =>
  `${new Date(at).toISOString()}  ${name}\n\n${text}\n\n`

/** A name that every file system takes, in the order of the mails: "03 2026-11-20 Dana Whitfield - Fleet.eml". */
function fileName({ at, fromName, fromAddress, subject }: Mail, place: string): string {
  const words = `${fromName || fromAddress} - ${subject || 'no subject'}`
    .replace(/[^\p{L}\p{N} .,@_+-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, NAME_CHARACTERS)
    .replace(/[. ]+$/, '')
  return `${place} ${new Date(at).toISOString().slice(0, 10)} ${words}.eml`
}
