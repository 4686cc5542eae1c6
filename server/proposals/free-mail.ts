/**
 * Providers at which anybody has an address: never an organization, and two people there have nothing in common.
 * The large ones of the world and of the countries that our mail comes from.
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

/** Whether anybody may have an address at this domain. */
export const isFreeMail = (domain: string): boolean => FREE.has(domain.toLowerCase())
