// What `downfield inspect` prints: a mail as we understand it, in the words of its header.

import { parseMail } from './parse.ts'
import { replyText } from './quoted.ts'
import { normalizedSubject } from './subject.ts'
import { parentIds } from './thread.ts'

/** A raw mail as plain data, for people and for scripts. */
export async function inspect(raw: Uint8Array) {
  const mail = await parseMail(raw)
  return {
    sender: mail.from,
    to: mail.to,
    cc: mail.cc,
    bcc: mail.bcc,
    replyTo: mail.replyTo,
    subject: mail.subject,
    date: mail.sentAt === null ? null : new Date(mail.sentAt).toISOString(),
    messageId: mail.internetMessageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    text: mail.text,
    replyText: mail.quotedFrom === null ? replyText(mail.text) : replyText(mail.text.slice(0, mail.quotedFrom)),
    html: mail.html,
    attachments: mail.attachments,
    automatic: mail.writer,
    awayUntil: mail.awayUntil === null ? null : new Date(mail.awayUntil).toISOString(),
    bounce: mail.bounce,
    calendar: mail.calendar,
    protection: mail.protection,
    forwarded: mail.forwarded,
    /** What this mail and those of the same conversation share: the oldest id they refer to, and the bare subject. */
    threadKey: {
      root: mail.references[0] ?? mail.inReplyTo ?? mail.internetMessageId,
      parents: parentIds(mail).map(({ id }) => id),
      subject: normalizedSubject(mail.subject).toLowerCase(),
    },
    flaws: mail.flaws,
  }
}
