// Mail that says that our mail did not arrive: delivery status notifications (RFC 3464), and what older and other
// servers write in their own words.

import type { Address } from '../../../db/schema.ts'
import { hasNullReturnPath } from './automatic.ts'
import { bytesOf, leavesOf, type Part } from './mime.ts'
import { type Field, fieldOf, readFields } from './mime-fields.ts'
import { originalIdsOf } from './original-ids.ts'
import { messageIds } from './thread.ts'

export type Bounce = {
  /** The Message-ID of the mail that came back, without angle brackets. */
  messageId: string | null
  /** Whom it did not reach, lower case. */
  recipients: string[]
  /** `hard`: it will never arrive (class 5). `soft`: the server still tries, or another try may help (class 4). */
  kind: 'hard' | 'soft'
  /** The enhanced status code (RFC 3463), such as 5.1.1. */
  status: string | null
  /** What the server said, in its own words. */
  reason: string
}

const MAX_REPORT_BYTES = 256 * 1024
const MAX_RECIPIENTS = 100
const MAX_REASON = 500

const DAEMON =
  /^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail\.?administrator|mail delivery|system administrator|smtp|mailsystem|auto-?mailer|bounce)/i
const SUBJECT =
  /undeliver|delivery (?:status notification|failure|has failed|report|error|problem|unsuccessful|delayed)|deliver(?:y|ed)?.{0,20}fail|fail(?:ure|ed).{0,20}deliver|failure notice|failed mail|mail failed|メールエラー|returned (?:e?-?mail|to sender|message)|mail (?:system error|returned|failure|could not)|non[- ]?deliver|message delayed|delayed mail|could not (?:send|deliver)|can ?not (?:send|deliver)|unable to deliver|warning: (?:could not|message)|mail_delivery|unzustellbar|nicht zustellbar|zustellung.{0,20}(?:fehl|verzög)|zustellfehler|non remis|échec de (?:la )?remise|no se (?:ha )?(?:pudo|podido) entregar|no entregado|não (?:foi )?(?:entregue|entregável)|mancata consegna|onbestelbaar|kan inte levereras|olevererbart|kunne ikke leveres|ikke leveret|toimittaminen epäonnistui|nie(?:dostarczon| można dostarczyć)|nedoručiteln|kézbesíthetetlen|не доставлен|недоставлен|не удалось доставить|送信できま|配信(?:不能|できません|エラー)|配送(?:失敗|エラー)|送信できません|退信|無法傳遞|无法传递|投递失败|배달(?:되지|할 수)|반송/iu
const BODY =
  /(?:could ?n[o']t|can ?not|could not|unable to|was not able to|wasn't able to|not) (?:be )?(?:deliver|reach)|did not reach the following|delivery.{0,40}fail|permanent (?:fatal )?errors?|user (?:unknown|not found)|unknown user|no such (?:user|recipient|mailbox|address)|mailbox (?:is full|full|unavailable|not found|disabled)|over quota|address(?:es)? (?:had|failed|rejected|couldn't be found)|undeliverable|recipient (?:address )?rejected|returned to sender|host (?:unknown|not found)|konnte nicht zugestellt|nicht zugestellt|non è stato possibile|n'a pas pu être|no pudo ser entregad|не (?:было |может быть )?доставлен|宛先(?:不明|が)|ユーザーが|見つかりません/iu
const ORIGINAL =
  /^.{0,12}(?:original message|below this line is a copy|message headers? follow|copy of (?:the |your )?message|undelivered message|unsent message|returned message|headers? of the (?:original )?message|your message)[^\n]*$/gim
const EMAIL = /[^\s<>()[\]"',;:@]+@[a-z\d](?:[a-z\d.-]*[a-z\d])?/gi

/** What the mail says about one that did not arrive; null when it says nothing of that kind. */
export function findBounce(
  raw: Buffer,
  root: Part,
  mail: { subject: string; from: Address; text: string },
): Bounce | null {
  const leaves = [...leavesOf(root)]
  const status = leaves.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type.value))
  const report = status ? readReport(bytesOf(raw, status, MAX_REPORT_BYTES)) : null
  // A report of success or of a copy passed on is no bounce.
  if (
    report &&
    report.actions.length > 0 &&
    report.actions.every((action) => /^(?:deliver(?:ed|able)|relayed|expanded)/.test(action))
  ) {
    return null
  }
  const returned = returnedFields(raw, leaves)
  if (report && report.actions.length > 0) {
    return finish(mail, returned, { ...report, recipients: report.recipients })
  }
  const local = mail.from.address.split('@')[0]!
  const failed = fieldOf(root.fields, 'x-failed-recipients')
  const machine = DAEMON.test(local) || DAEMON.test(mail.from.name) || hasNullReturnPath(root.fields)
  const reported =
    root.type.value === 'multipart/report' && /delivery-status/i.test(root.type.params['report-type'] ?? '')
  const told = SUBJECT.test(mail.subject)
  const worded = () => BODY.test(mail.text.slice(0, 20_000))
  if (!(failed || reported || (machine && (told || worded())) || (told && returned !== null && worded()))) return null
  return finish(mail, returned, { recipients: emails(failed), actions: [], status: null, reason: '' })
}

type Report = { recipients: string[]; actions: string[]; status: string | null; reason: string }

/** The groups of fields of a message/delivery-status part (RFC 3464 section 2). */
function readReport(bytes: Buffer): Report {
  const report: Report = { recipients: [], actions: [], status: null, reason: '' }
  let at = 0
  for (let groups = 0; at < bytes.length && groups < MAX_RECIPIENTS + 10; groups++) {
    const { fields, bodyStart } = readFields(bytes, at)
    at = bodyStart
    const action = fieldOf(fields, 'action').toLowerCase()
    if (action) report.actions.push(action)
    const recipient = fieldOf(fields, 'original-recipient') || fieldOf(fields, 'final-recipient')
    if (/^(?:deliver(?:ed|able)|relayed|expanded)/.test(action)) continue
    report.recipients.push(...emails(recipient.replace(/^[^;]*;/, '')))
    report.status ??= /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fieldOf(fields, 'status'))?.[0] ?? null
    report.reason ||= fieldOf(fields, 'diagnostic-code').replace(/^[\w-]+\s*;\s*/, '')
  }
  return report
}

/** The header of the mail that came back, whole or only its header. */
function returnedFields(raw: Buffer, leaves: Part[]): Field[] | null {
  const part = leaves.find(({ type }) =>
    /^(?:message\/(?:rfc822|global|partial)|text\/rfc822-headers|message\/global-headers)$/.test(type.value),
  )
  return part ? readFields(bytesOf(raw, part, MAX_REPORT_BYTES), 0).fields : null
}

function finish(mail: { text: string }, returned: Field[] | null, found: Report): Bounce {
  const text = mail.text.slice(0, 50_000)
  ORIGINAL.lastIndex = 0
  const copy = ORIGINAL.exec(text)
  const told = copy ? text.slice(0, copy.index) : text
  // Where a server gave it another id on its way, ours is the one that we know it by.
  const id =
    originalIdsOf(returned ?? [])[0] ??
    messageIds(fieldOf(returned ?? [], 'message-id'))[0] ??
    /^\W{0,3}x-downfield-message-id:\s*<([^<>\s]+)>/im.exec(text)?.[1] ??
    /^\W{0,3}message-id:\s*<([^<>\s]+)>/im.exec(text)?.[1]
  const status = found.status ?? /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(told)?.[0] ?? null
  const reply = /\b([45])\d\d[ -]/.exec(found.reason || told)?.[1]
  const delayed = found.actions.length > 0 && found.actions.every((action) => action.startsWith('delayed'))
  const soft = delayed || (status ?? reply ?? '5').startsWith('4')
  const recipients = found.recipients.length > 0 ? found.recipients : recipientsIn(told, text, returned)
  return {
    messageId: id ?? null,
    recipients: [...new Set(recipients)].slice(0, MAX_RECIPIENTS),
    kind: soft ? 'soft' : 'hard',
    status,
    reason: (found.reason || reasonIn(told)).replace(/\s+/g, ' ').trim().slice(0, MAX_REASON).toWellFormed(),
  }
}

const LISTED =
  /^\s*(?:[-*>]\s*)?<?[^\s<>@:]+@[^\s<>@:]+>?[\s:.,)]*(?:$|\(|<|\.\.\.|failed|user|unknown|generated|sm[tp]{2};|on \d)|^\s*(?:\d{3}[ -]\S*\s*)?<[^\s<>@]+@[^\s<>@]+>(?:\.\.\.|[,:])/i
/** What servers say to each other, and in front of whom they could not reach. */
const NAMED =
  /RCPT TO:|deliver\S* (?:your |the )?(?:mail|message) to|(?:unknown|no such|invalid|exceeds|full)[^@\n]{0,60}:\s|^\s*(?:to|recipient|address|宛先)\s*[:：]/i

/**
 * Who is named on a line of their own, as servers list them; else in the words of the failure; else whom the returned
 * mail was for.
 */
function recipientsIn(told: string, text: string, returned: Field[] | null): string[] {
  const lines = told.split('\n').slice(0, 400)
  for (const says of [LISTED, NAMED]) {
    const found = lines.flatMap((line) => (says.test(line) ? emails(line).slice(0, 1) : []))
    if (found.length > 0) return found
  }
  const to = fieldOf(returned ?? [], 'to') || (/^\W{0,3}to:([^\n]+)/im.exec(text)?.[1] ?? '')
  return emails(to)
}

/** The first line with a status code or an SMTP answer says best what went wrong. */
const reasonIn = (told: string): string =>
  told.split('\n').find((line) => /\b[45]\.\d{1,3}\.\d{1,3}\b|\b[45]\d\d[ -]/.test(line)) ??
  told.split('\n').find((line) => BODY.test(line)) ??
  ''

const emails = (text: string): string[] => (text.match(EMAIL) ?? []).map((address) => address.toLowerCase())
