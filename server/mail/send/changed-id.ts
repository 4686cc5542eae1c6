// Some servers give a mail that they take a Message-ID of their own: others know it by that, and answer it by that.

/** A Message-ID between angle brackets, as Exchange says it: "250 2.6.0 <ID> [InternalId=…] Queued mail for delivery". */
const IN_BRACKETS = /<([!-;=?-~]{1,400}@[!-;=?-~]{1,255})>/g
/** What Amazon SES says: "250 Ok 0102018c…-000000", which stands before the @ of the new Message-ID. */
const SES = /\b([0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{6})\b/i
const SES_REGION = /\bemail-smtp(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\./i
/** The region in which SES names no region in a Message-ID. */
const SES_FIRST_REGION = 'us-east-1'

/**
 * The Message-ID that a server says it gave a mail, without angle brackets; null where it says none, or kept ours.
 * @param response the server's answer to the end of the text
 * @param host the name of the server: that of SES tells its region
 */
export function idInAnswer(
  response: string,
  host: string,
  mail: { ownId: string; addresses: string[] },
): string | null {
  // Some servers name who got it.
  const taken = new Set([mail.ownId, ...mail.addresses].map((one) => one.toLowerCase()))
  for (const [, id = ''] of response.matchAll(IN_BRACKETS)) if (!taken.has(id.toLowerCase())) return id
  const ses = SES.exec(response)?.[1]
  if (!ses) return null
  const region = SES_REGION.exec(host)?.[1]?.toLowerCase() ?? SES_FIRST_REGION
  return `${ses}@${region === SES_FIRST_REGION ? 'email' : region}.amazonses.com`
}
