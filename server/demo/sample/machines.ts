// Mail that no person wrote: a bounce, out-of-office replies, a newsletter and an invitation from a calendar.
import { filePart, headerText, multipart, type Part, textPart, writeMime } from './mime.ts'
import { type Person, people } from './people.ts'
import type { Written } from './tell.ts'
import { dateHeader, fillDates, workingDay } from './when.ts'
import { DESK, type SampleMail } from './write.ts'

const HOUR = 3_600_000

/** `find` gives a mail of a conversation by its place. */
export function machineMails(find: (key: string, index: number) => Written, now: number): SampleMail[] {
  return [
    bounce(find('everett-left', 0)),
    outOfOffice(
      find('skybridge-renewal', 7),
      people.ana,
      'Automatic reply',
      fillDates(
        'I am at the Glasgow site until {-6} and read mail in the evening. For anything urgent please call the procurement office at +44 161 496 0100.',
        now,
        'en',
      ),
    ),
    outOfOffice(
      find('bauhof-beschwerde', 1),
      people.uwe,
      'Automatische Antwort',
      'Ich bin außer Haus und ab morgen früh wieder erreichbar. Ihre Nachricht wird nicht weitergeleitet.',
    ),
    newsletter(now),
    invitation(now),
  ]
}

/** Exchange's report that a mail could not be delivered (RFC 3464), with the headers of what was sent. */
function bounce(sent: Written): SampleMail {
  const [to] = sent.to
  const at = sent.at + 40_000
  const reason = `550 5.1.1 <${to?.address}>: Recipient address rejected: User unknown`
  const text = `Delivery has failed to these recipients or groups:

${to?.name} (${to?.address})
The email address you entered couldn't be found. Please check the recipient's email address and try to resend the message.

Diagnostic information for administrators:
Generating server: mx.northwind.example
${reason}`
  const status = `Reporting-MTA: dns;mx.northwind.example
Received-From-MTA: dns;outbound.northwind.example
Arrival-Date: ${dateHeader(sent.at, 'UTC')}

Final-Recipient: rfc822;${to?.address}
Original-Recipient: rfc822;${to?.address}
Action: failed
Status: 5.1.1
Remote-MTA: dns;mail.portofeverett.example
Diagnostic-Code: smtp;${reason}`
  const headersOfSent = sent.raw.subarray(0, sent.raw.indexOf('\r\n\r\n') + 2)
  const report = multipart('report', '_bounce_7b1f20c4_', [
    textPart('plain', text, 'utf-8'),
    { headers: [['Content-Type', 'message/delivery-status']], content: crlf(status) },
    { headers: [['Content-Type', 'text/rfc822-headers']], content: headersOfSent },
  ])
  report.headers[0] = [
    'Content-Type',
    'multipart/report; report-type=delivery-status;\r\n boundary="_bounce_7b1f20c4_"',
  ]
  const raw = withHeaders(report, [
    ['Return-Path', '<>'],
    ['From', 'Mail Delivery System <postmaster@northwind.example>'],
    ['To', DESK.address],
    ['Subject', `Undeliverable: ${sent.subject}`],
    ['Date', dateHeader(at, 'UTC')],
    ['Message-ID', `<${idOf(sent)}.bounce@mx.northwind.example>`],
    ['In-Reply-To', sent.messageId],
    ['References', sent.messageId],
    ['Auto-Submitted', 'auto-replied'],
    ['Content-Language', 'en-US'],
  ])
  return { raw, at, direction: 'in' }
}

function outOfOffice(sent: Written, by: Person, prefix: string, text: string): SampleMail {
  const at = sent.at + 25_000
  const raw = withHeaders(textPart('plain', `${text}\n\n${by.name}`, by.charset), [
    ['Return-Path', '<>'],
    ['From', `${headerText(by.name, by.charset)} <${by.address}>`],
    ['To', `${DESK.name} <${DESK.address}>`],
    ['Subject', headerText(`${prefix}: ${sent.subject}`, by.charset)],
    ['Date', dateHeader(at, by.zone)],
    ['Message-ID', `<${idOf(sent)}.away@${by.address.split('@')[1]}>`],
    ['In-Reply-To', sent.messageId],
    ['References', [...sent.references, sent.messageId].join('\r\n ')],
    ['Auto-Submitted', 'auto-generated'],
    ['X-Auto-Response-Suppress', 'All'],
    ['X-MS-Exchange-Inbox-Rules-Loop', by.address],
    ['Content-Language', by.language === 'de' ? 'de-DE' : 'en-GB'],
  ])
  return { raw, at, direction: 'in' }
}

function newsletter(now: number): SampleMail {
  const at = now - 5 * HOUR
  const images = 'https://img.fleetprocurement.example/issue-212'
  const text = `FLEET PROCUREMENT WEEKLY, issue 212

Three states rewrite their telematics terms
What changes for data ownership from January, clause by clause.

Nine tenders that close this month
From eleven ferries to 632 plows.

Why bid bonds went electronic
A surety answers ten questions.

You get this mail because proposals@northwind.example subscribed at the spring conference.
Unsubscribe: https://fleetprocurement.example/u/8f3a`
  const html = `<!doctype html><html><body style="margin:0;background:#f2f2f2"><table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table width="600" cellpadding="16" style="background:#fff;font-family:Arial,sans-serif"><tr><td><img src="${images}/header.png" width="568" height="90" alt="Fleet Procurement Weekly"></td></tr>
<tr><td><h2>Three states rewrite their telematics terms</h2><p>What changes for data ownership from January, clause by clause.</p><a href="https://fleetprocurement.example/212/terms"><img src="${images}/map.jpg" width="568" alt="Map of the three states"></a></td></tr>
<tr><td><h3>Nine tenders that close this month</h3><p>From eleven ferries to 632 plows.</p><h3>Why bid bonds went electronic</h3><p>A surety answers ten questions.</p></td></tr>
<tr><td style="font-size:11px;color:#777">You get this mail because proposals@northwind.example subscribed at the spring conference. <a href="https://fleetprocurement.example/u/8f3a">Unsubscribe</a></td></tr></table>
<img src="https://track.fleetprocurement.example/open.gif?m=8f3a" width="1" height="1" alt=""></td></tr></table></body></html>`
  const both = multipart('alternative', 'news212', [textPart('plain', text, 'utf-8'), textPart('html', html, 'utf-8')])
  const raw = withHeaders(both, [
    ['Return-Path', '<bounces+8f3a@fleetprocurement.example>'],
    ['From', 'Fleet Procurement Weekly <news@fleetprocurement.example>'],
    ['To', DESK.address],
    ['Subject', 'Three states rewrite their telematics terms'],
    ['Date', dateHeader(at, 'UTC')],
    ['Message-ID', '<issue-212.8f3a@fleetprocurement.example>'],
    ['List-Id', 'Fleet Procurement Weekly <weekly.fleetprocurement.example>'],
    ['List-Unsubscribe', '<https://fleetprocurement.example/u/8f3a>, <mailto:leave+8f3a@fleetprocurement.example>'],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['Precedence', 'bulk'],
    ['Content-Language', 'en'],
  ])
  return { raw, at, direction: 'in' }
}

/** An invitation as Google Calendar sends it: as a part beside the text, and again as a file (RFC 5546, RFC 6047). */
function invitation(now: number): SampleMail {
  const by: Person = people.priya
  const at = now - 3 * HOUR
  const start = workingDay(now, 2) + 18 * HOUR
  const stamp = (at: number) => `${new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const calendar = `BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
DTSTART:${stamp(start)}
DTEND:${stamp(start + HOUR / 2)}
DTSTAMP:${stamp(at)}
ORGANIZER;CN=${by.name}:mailto:${by.address}
UID:harbor-signing@harborfreightforwarding.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE
 ;CN=${DESK.name}:mailto:${DESK.address}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Walt Jensen
 :mailto:${people.walt.address}
CREATED:${stamp(at)}
DESCRIPTION:Walk through amendment 4 once and sign.\\nDial-in: +1 310 555 0179
LAST-MODIFIED:${stamp(at)}
LOCATION:Video call
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Harbor renewal: signing call
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
`
  const day = fillDates('{+2y}', now, 'en')
  const text = `You have been invited to the following event.

Harbor renewal: signing call
When: ${day}, 18:00 to 18:30 UTC
Where: Video call
Who: ${by.name} (organizer), Walt Jensen, ${DESK.name}

Walk through amendment 4 once and sign. Dial-in: +1 310 555 0179`
  const html = `<div><h3>Harbor renewal: signing call</h3><p>${day}, 18:00 to 18:30 UTC<br>Video call</p><p>Walk through amendment 4 once and sign.<br>Dial-in: +1 310 555 0179</p></div>`
  const event = textPart('calendar', calendar, 'utf-8')
  event.headers[0] = ['Content-Type', 'text/calendar; charset="utf-8"; method=REQUEST']
  const parts = [textPart('plain', text, 'utf-8'), textPart('html', html, 'utf-8'), event]
  const file = filePart({ name: 'invite.ics', type: 'application/ics', content: crlf(calendar) })
  const whole = multipart('mixed', 'invitation0', [multipart('alternative', 'invitation1', parts), file])
  const raw = withHeaders(whole, [
    ['Return-Path', `<${by.address}>`],
    ['From', `${by.name} <${by.address}>`],
    ['To', DESK.address],
    ['Subject', `Invitation: Harbor renewal: signing call @ ${day} (${DESK.address})`],
    ['Date', dateHeader(at, by.zone)],
    ['Message-ID', '<calendar-harbor-signing@harborfreightforwarding.example>'],
    ['Sender', 'Google Calendar <calendar-notification@harborfreightforwarding.example>'],
    ['Content-Language', 'en-US'],
  ])
  return { raw, at, direction: 'in' }
}

function withHeaders(part: Part, headers: [string, string][]) {
  return writeMime({ ...part, headers: [...headers, ['MIME-Version', '1.0'], ...part.headers] })
}

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))
const idOf = (sent: Written) => sent.messageId.slice(1, 20)
