/** Where anybody has a mailbox: such a domain says nothing about whom somebody works for. */
const FREE_MAIL =
  /^(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|icloud|me|mac|aol|gmx|web|t-online|freenet|arcor|posteo|mailbox|proton|protonmail|pm|tutanota|tuta|zoho|mail|inbox|fastmail|hey|orange|wanadoo|free|laposte|sfr|libero|virgilio|alice|tiscali|tin|yandex|bk|list|rambler|qq|163|126|sina|naver|daum|hanmail|seznam|wp|o2|onet|interia|bluewin|hispeed|telenet|skynet|ziggo|kpnmail|planet|home|xs4all|bigpond|btinternet|btopenworld|ntlworld|virginmedia|sky|talktalk|comcast|verizon|att|sbcglobal|bellsouth|cox|charter|earthlink|juno|terra|uol|bol)\.(com|net|org|de|at|ch|fr|it|es|nl|be|uk|co\.uk|ca|com\.au|com\.br|in|co\.in|jp|co\.jp|ru|pl|cz|eu|me|io|cn|kr|co\.kr|info|us)$/

/** Second levels under which organizations register, as in example.co.uk. */
const SECOND_LEVEL = /^(co|com|org|net|ac|edu|gov|govt|gob|gouv|or|ne|go|mil|nhs|sch)$/

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** Whether the address is of a provider where anybody may have one, so that its domain is no organization. */
export const isFreeMail = (address: string): boolean => FREE_MAIL.test(domainOf(address))

/** The domain under which an organization is registered, as far as that can be told without a list of all: a.b.co.uk → b.co.uk. */
export function organizationOf(address: string): string {
  const labels = domainOf(address).split('.')
  const top = labels.at(-1) ?? ''
  const takes = top.length === 2 && labels.length > 2 && SECOND_LEVEL.test(labels.at(-2) ?? '') ? 3 : 2
  return labels.length < 2 ? '' : labels.slice(-takes).join('.')
}
