import { getDomain, getDomainWithoutSuffix } from 'tldts'

// What the domain of an address says about whom somebody works for.

/**
 * Providers at which anybody has an address: never an organization, and two people there have nothing in common. The large
 * ones of the world and of the countries that our mail comes from.
 */
const FREE = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de hotmail.es hotmail.it
  outlook.de outlook.fr outlook.es live.fr live.de live.nl live.co.uk yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.fr
  yahoo.de yahoo.es yahoo.it yahoo.co.jp yahoo.ca yahoo.com.br aol.com aim.com icloud.com me.com mac.com proton.me
  protonmail.com pm.me tutanota.com tuta.com tuta.io gmx.de gmx.net gmx.at gmx.ch gmx.com web.de freenet.de t-online.de
  online.de arcor.de mail.de posteo.de mailbox.org 1und1.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr
  numericable.fr libero.it virgilio.it tiscali.it alice.it tin.it terra.es telefonica.net ya.com ono.com mail.ru yandex.ru
  yandex.com bk.ru list.ru inbox.ru rambler.ru qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net
  docomo.ne.jp ezweb.ne.jp softbank.ne.jp comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
  earthlink.net juno.com optonline.net frontier.com btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com
  blueyonder.co.uk bigpond.com optusnet.com.au shaw.ca rogers.com sympatico.ca telus.net ziggo.nl kpnmail.nl planet.nl
  home.nl hetnet.nl xs4all.nl telenet.be skynet.be bluewin.ch hispeed.ch chello.at aon.at uol.com.br bol.com.br terra.com.br
  seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl fastmail.com fastmail.fm hey.com zoho.com mail.com email.com gmx.us
  hushmail.com inbox.com rediffmail.com`.split(/\s+/),
)
/** Those with a domain in each country. */
const FREE_EVERYWHERE =
  /^(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|aol|gmx|yandex|proton|protonmail|tutanota|zoho|fastmail)\.(com|net|org|co|com?\.[a-z]{2}|[a-z]{2})$/

/** Hosts under which each of their customers has a name: what is one label below is an organization. */
const LANDLORDS = /(?:^|\.)([a-z0-9-]+\.onmicrosoft\.com)$/

/** What stands behind the @, in lower case. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** Whether anybody may have an address at this domain. */
export const isFreeMail = (domain: string): boolean => FREE.has(domain) || FREE_EVERYWHERE.test(domain)

/**
 * The domain under which an organization is registered, by the Public Suffix List (publicsuffix.org): mail.tacoma.co.uk →
 * tacoma.co.uk. Empty where it is no name of an organization: an IP address, a single host, a suffix itself.
 */
export function registrableDomain(domain: string): string {
  return LANDLORDS.exec(domain)?.[1] ?? getDomain(domain, { allowPrivateDomains: true }) ?? ''
}

/** Hosts that mail comes from rather than names. */
const HOSTS = new Set('mail email mx smtp www news mailer notify'.split(' '))
/** Shorter names are initials. */
const INITIALS = 3

/** The name that a domain carries: tacoma of mail.tacoma.co.uk. Empty where it carries none. */
export function labelOf(domain: string): string {
  const registered = registrableDomain(domain)
  const label = LANDLORDS.test(registered)
    ? (registered.split('.')[0] ?? '')
    : (getDomainWithoutSuffix(registered, { allowPrivateDomains: true }) ?? '')
  return HOSTS.has(label) ? '' : label
}

/** The label as one would write a name: Port Of Tacoma of port-of-tacoma, IBM of ibm. */
export function nameFromLabel(label: string): string {
  if (label.length <= INITIALS) return label.toUpperCase()
  return label.replace(/(^|-)(\p{L})/gu, (_, dash: string, first: string) => (dash ? ' ' : '') + first.toUpperCase())
}
