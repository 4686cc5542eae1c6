import { timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../../access/secrets.ts'

const PURPOSE = 'message-id'
/** 48 bits: who guesses gains no more than a mail attached to an issue, and each guess is a mail. */
const MAC_CHARACTERS = 12
const OWN = /^i([0-9a-f-]{36})\.([0-9a-f-]{36})\.([0-9a-f]{12})@/

/**
 * The Message-ID of a mail we send, without angle brackets. It names its issue, so that an answer finds it even where
 * nothing else does, and is signed, so that nobody else can name one.
 */
export function ownMessageId(
  secrets: Pick<Secrets, 'sign'>,
  issueId: string,
  messageId: string,
  domain: string,
): string {
  return `i${issueId}.${messageId}.${macOf(secrets, issueId, messageId)}@${domain}`
}

/** The issue that a Message-ID of ours names; null where it is not ours. The id may stand in angle brackets. */
export function verifyOwnMessageId(secrets: Pick<Secrets, 'sign'>, internetMessageId: string): string | null {
  const [, issueId, messageId, mac] = OWN.exec(internetMessageId.replace(/^</, '')) ?? []
  if (!issueId || !messageId || !mac) return null
  return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(secrets, issueId, messageId))) ? issueId : null
}

/** The part of an address after its @. */
export function domainOf(address: string): string {
  return address.split('@').at(-1) || 'localhost'
}

const TEST_PURPOSE = 'send-test'
const TEST = /^t([0-9a-f-]{36})\.([0-9a-f]{12})@/

/** The Message-ID of a mail that a mailbox sends to itself as a test (send-test.ts), without angle brackets. */
export function testMessageId(secrets: Pick<Secrets, 'sign'>, testId: string, domain: string): string {
  return `t${testId}.${testMacOf(secrets, testId)}@${domain}`
}

/** Whether a mail is such a test of ours: nobody else can make one. */
export function isTestMessageId(secrets: Pick<Secrets, 'sign'>, internetMessageId: string): boolean {
  const [, testId, mac] = TEST.exec(internetMessageId) ?? []
  if (!testId || !mac) return false
  return timingSafeEqual(Buffer.from(mac), Buffer.from(testMacOf(secrets, testId)))
}

const NOTIFICATION_PURPOSE = 'notification'
const NOTIFICATION = /^n([0-9a-f-]{36})\.([0-9a-f]{12})@/

/** The Message-ID of a mail that tells a member what happened, without angle brackets. */
export function notificationMessageId(secrets: Pick<Secrets, 'sign'>, mailId: string, domain: string): string {
  return `n${mailId}.${notificationMacOf(secrets, mailId)}@${domain}`
}

/** The mail to a member that a Message-ID of ours names; null where it names none, or is not ours. */
export function verifyNotificationId(secrets: Pick<Secrets, 'sign'>, internetMessageId: string): string | null {
  const [, mailId, mac] = NOTIFICATION.exec(internetMessageId) ?? []
  if (!mailId || !mac) return null
  return timingSafeEqual(Buffer.from(mac), Buffer.from(notificationMacOf(secrets, mailId))) ? mailId : null
}

function notificationMacOf(secrets: Pick<Secrets, 'sign'>, mailId: string): string {
  return secrets.sign(NOTIFICATION_PURPOSE, mailId).toString('hex').slice(0, MAC_CHARACTERS)
}

function testMacOf(secrets: Pick<Secrets, 'sign'>, testId: string): string {
  return secrets.sign(TEST_PURPOSE, testId).toString('hex').slice(0, MAC_CHARACTERS)
}

function macOf(secrets: Pick<Secrets, 'sign'>, issueId: string, messageId: string): string {
  return secrets.sign(PURPOSE, `${issueId}.${messageId}`).toString('hex').slice(0, MAC_CHARACTERS)
}
