import { expect, test } from 'vitest'
import { type MailGround, readMail } from '../../server/proposals/read/read-mail.ts'

/** Saturday, 21 November 2026, noon UTC. */
const GROUND: MailGround = {
  now: Date.parse('2026-11-21T12:00:00Z'),
  zone: 'America/Chicago',
  zoneWhy: 'No time zone is written.',
  home: null,
  usFederal: false,
  dollarsAreUs: true,
}
const read = (text: string, ground: Partial<MailGround> = {}) =>
  readMail({ subject: 'Fleet telematics', text }, { ...GROUND, ...ground })

/** Every deadline of a text: which, when, where, how sure. */
const deadlinesOf = (text: string) => {
  const { due, questionsDue } = read(text)
  return [...due.map((one) => ['due', one] as const), ...questionsDue.map((one) => ['questions', one] as const)].map(
    ([which, { value, certainty }]) => `${which} ${value.local} ${value.zone} ${certainty}`,
  )
}
const ET = 'America/New_York'
const PT = 'America/Los_Angeles'

test.each<[text: string, ...deadlines: string[]]>([
  // English
  ['Proposals are due December 15, 2026 at 2:00 PM Pacific.', `due 2026-12-15T14:00 ${PT} sure`],
  ['Bids must be received no later than 4:30 p.m. Eastern Time on January 8, 2027.', `due 2027-01-08T16:30 ${ET} sure`],
  [
    'Questions are due by December 1, 2026, 12:00 noon ET; proposals are due December 15, 2026, 2:00 PM ET.',
    `due 2026-12-15T14:00 ${ET} sure`,
    `questions 2026-12-01T12:00 ${ET} sure`,
  ],
  ['Quotes are due by noon UTC on 3 March 2027.', 'due 2027-03-03T12:00 UTC sure'],
  ['The RFP closes on 2026-12-15 at 17:00 Europe/Dublin.', 'due 2026-12-15T17:00 Europe/Dublin sure'],
  ['Tenders must be submitted by 15th January 2027, 12:30 pm London time.', 'due 2027-01-15T12:30 Europe/London sure'],
  ['Proposal due date: Tuesday, 15-Dec-2026, 1400 hrs MST', 'due 2026-12-15T14:00 America/Denver sure'],
  ['Bids are due 12/15/2026 3pm PST.', `due 2026-12-15T15:00 ${PT} sure`],
  ['Proposals are due 12/12/2026 3pm PST.', `due 2026-12-12T15:00 ${PT} sure`],
  ['Responses are due December 15, 2026 at 10:00 a.m. UTC-5.', 'due 2026-12-15T10:00 Etc/GMT+5 sure'],
  [
    'The deadline has been extended from December 1, 2026 to December 15, 2026 at 3:00 PM Mountain Time.',
    'due 2026-12-15T15:00 America/Denver sure',
  ],
  ['The due date was moved to December 18, 2026, 2:00 PM ET.', `due 2026-12-18T14:00 ${ET} sure`],
  ['All times are Pacific Time.\n\nProposals are due December 15, 2026 at 14:00.', `due 2026-12-15T14:00 ${PT} sure`],
  [
    'Please submit your proposal, together with all of the signed forms, no later than\n2:00 PM Central Time on\nFriday, December 18, 2026.',
    'due 2026-12-18T14:00 America/Chicago sure',
  ],
  [
    'Please note that the RFP due date has changed. The new due date is December 22, 2026 at 2:00 PM ET.',
    `due 2026-12-22T14:00 ${ET} sure`,
  ],
  // English, in doubt
  ['Bids close on 12/15/2026 at 14:00 CST.', 'due 2026-12-15T14:00 America/Chicago offered'],
  [
    'Please submit your offer by 05/06/2027 5:00 PM ET.',
    `due 2027-05-06T17:00 ${ET} offered`,
    `due 2027-06-05T17:00 ${ET} offered`,
  ],
  ['Responses are due COB December 18, 2026.', 'due 2026-12-18T17:00 America/Chicago offered'],
  ['Proposals are due December 18, 2026.', 'due 2026-12-18 America/Chicago offered'],
  ['Proposals are due December 18 at 2:00 PM ET.', `due 2026-12-18T14:00 ${ET} offered`],
  ['Proposals are due January 8 at 2:00 PM ET.', `due 2027-01-08T14:00 ${ET} offered`],
  ['Proposals are due December 18, 2026 at 2:00 PM.', 'due 2026-12-18T14:00 America/Chicago offered'],
  ['Proposals are due December 18, 2026 at 2:00 PM local time.', 'due 2026-12-18T14:00 America/Chicago offered'],
  ['Proposals are due December 18, 2026 at 5:00 ET.', `due 2026-12-18T05:00 ${ET} offered`],
  ['Proposals are due at midnight ET on December 18, 2026.', `due 2026-12-18T23:59 ${ET} offered`],
  ['Proposals are due December 18, 2026 at 12:00 AM ET.', `due 2026-12-18T00:00 ${ET} offered`],
  ['Proposals are due July 15, 2027 at 2:00 PM EST.', `due 2027-07-15T14:00 ${ET} offered`],
  ['Proposals are due Monday, December 15, 2026 at 2:00 PM ET.', `due 2026-12-15T14:00 ${ET} offered`],
  ['Proposals were due November 2, 2026 at 2:00 PM ET.', `due 2026-11-02T14:00 ${ET} offered`],
  [
    'We expect that proposals will tentatively be due December 18, 2026 at 2:00 PM ET.',
    `due 2026-12-18T14:00 ${ET} offered`,
  ],
  ['Are proposals due December 18, 2026 at 2:00 PM ET?', `due 2026-12-18T14:00 ${ET} offered`],
  ['Proposals are due December 18, 2026, 2:00 PM ET (11:00 AM PT).', `due 2026-12-18T14:00 ${ET} offered`],
  ['Proposals are due March 14, 2027 at 2:30 AM ET.', `due 2027-03-14T02:30 ${ET} offered`],
  ['Proposals are due November 7, 2027 at 1:30 AM ET.', `due 2027-11-07T01:30 ${ET} offered`],
  [
    'The proposal deadline of December 1, 2026 has been extended by two weeks.',
    'due 2026-12-01 America/Chicago offered',
  ],
  ['Proposals are due by 5 PM ET on 12/1.', `due 2026-12-01T17:00 ${ET} offered`, `due 2027-01-12T17:00 ${ET} offered`],
  ['Our offer is valid until December 31, 2026, 5 PM ET.', `due 2026-12-31T17:00 ${ET} offered`],
  ['Please come back to us by December 10, 2026, 5 PM ET.', `due 2026-12-10T17:00 ${ET} offered`],
  // English, no deadline
  ['Your invoice is due December 10, 2026 at 5 PM ET.'],
  ['Please register by December 10, 2026, 5 PM ET for the webinar.'],
  ['Thank you for your proposal of December 1, 2026.'],
  ['The site visit is on December 3, 2026 at 9:00 AM ET.'],
  ['Answers to questions will be posted by December 5, 2026 at 5:00 PM ET.'],
  ['The RFP was issued on November 2, 2026.'],
  ['The contract is expected to start March 1, 2027.'],
  ['Proposals are due February 30, 2027 at 2:00 PM ET.'],
  ['Proposals are due within 24 hours.'],
  ['Please quote version 10.12.2026.4 of the software by return.'],
  ['Our quote 12-15-2026-7 is attached; call 555-12-15.'],
  // German
  ['Die Angebotsfrist endet am 15.12.2026 um 17:00 Uhr MEZ.', 'due 2026-12-15T17:00 Europe/Berlin sure'],
  [
    'Angebote sind bis spätestens 15. Dezember 2026, 12 Uhr mittags (Ortszeit Berlin), einzureichen.',
    'due 2026-12-15T12:00 Europe/Berlin sure',
  ],
  ['Bieterfragen bitte bis zum 01.12.2026, 24:00 Uhr MEZ.', 'questions 2026-12-01T23:59 Europe/Berlin sure'],
  [
    'Die Abgabefrist wird vom 01.12.2026 auf den 15.12.2026, 10.00 Uhr MEZ verschoben.',
    'due 2026-12-15T10:00 Europe/Berlin sure',
  ],
  ['Einsendeschluss für Ihr Angebot ist der 3. Juli 2027, 16 Uhr MESZ.', 'due 2027-07-03T16:00 Europe/Berlin sure'],
  [
    'Das Angebot ist bis 10.01.2027, 5 Uhr nachmittags Wiener Zeit abzugeben.',
    'due 2027-01-10T17:00 Europe/Vienna sure',
  ],
  ['Angebote bitte bis zum 15.12.2026 um 17:00 Uhr.', 'due 2026-12-15T17:00 America/Chicago offered'],
  ['Die Frist für das Angebot endet am 03.07.2027 um 16 Uhr MEZ.', 'due 2027-07-03T16:00 Europe/Berlin offered'],
  ['Wir bitten um Ihr Angebot bis zum 15.12. um 12:00 Uhr MEZ.', 'due 2026-12-15T12:00 Europe/Berlin offered'],
  ['Angebote sind bis 15.12.2026, Dienstschluss, einzureichen.', 'due 2026-12-15T17:00 America/Chicago offered'],
  ['Der Ortstermin ist am 03.12.2026 um 9:00 Uhr.'],
  ['Die Bindefrist der Angebote endet am 31.03.2027.'],
  ['Vielen Dank für Ihre Anfrage vom 12.11.2026.'],
  // French
  [
    'Date limite de remise des offres : le 15 décembre 2026 à 16h30 heure de Paris.',
    'due 2026-12-15T16:30 Europe/Paris sure',
  ],
  [
    'Les plis doivent être remis avant le 08/01/2027 à 12 h 00 (heure de Paris).',
    'due 2027-01-08T12:00 Europe/Paris sure',
  ],
  [
    'Les offres sont à remettre au plus tard le 15 décembre 2026 à midi, heure de Bruxelles.',
    'due 2026-12-15T12:00 Europe/Brussels sure',
  ],
  [
    'La date limite de remise des offres est reportée du 1er décembre 2026 au 15 décembre 2026 à 17 heures, heure de Paris.',
    'due 2026-12-15T17:00 Europe/Paris sure',
  ],
  [
    'Les demandes de renseignements sont à déposer avant le 4 décembre 2026 à 18h00 (heure de Paris).',
    'questions 2026-12-04T18:00 Europe/Paris sure',
  ],
  ['Les offres doivent être remises le 15/12/2026 à 12h00.', 'due 2026-12-15T12:00 America/Chicago offered'],
  ['La date limite de dépôt des offres est fixée au 15 décembre 2026.', 'due 2026-12-15 America/Chicago offered'],
  [
    'La remise des offres est prévue vers le 15 décembre 2026 à 12h00, heure de Paris.',
    'due 2026-12-15T12:00 Europe/Paris offered',
  ],
  ['La visite du site est le 3 décembre 2026 à 9h00.'],
  ['La validité des offres court pour nous dans tous les cas.'],
  // Spanish
  [
    'Las ofertas deben presentarse antes del 15 de diciembre de 2026 a las 14:00 (hora peninsular).',
    'due 2026-12-15T14:00 Europe/Madrid sure',
  ],
  [
    'El plazo de las ofertas se ha ampliado del 1 de diciembre de 2026 al 20 de diciembre de 2026 a las 5 de la tarde, hora de Bogotá.',
    'due 2026-12-20T17:00 America/Bogota sure',
  ],
  [
    'La fecha límite para las propuestas es el 08/01/2027 a las 13:00 h, hora canaria.',
    'due 2027-01-08T13:00 Atlantic/Canary sure',
  ],
  [
    'Las preguntas deben enviarse hasta el 4 de diciembre de 2026 a las 18:00 horas (hora de Lima).',
    'questions 2026-12-04T18:00 America/Lima sure',
  ],
  [
    'El plazo de presentación de las ofertas termina el 15 de diciembre de 2026 al mediodía, hora peninsular.',
    'due 2026-12-15T12:00 Europe/Madrid sure',
  ],
  [
    'Las ofertas deben presentarse hasta el 15 de diciembre de 2026 a las 5, hora de Bogotá.',
    'due 2026-12-15T05:00 America/Bogota offered',
  ],
  [
    'Las ofertas deben presentarse hasta el 15 de diciembre a las 14:00, hora de Bogotá.',
    'due 2026-12-15T14:00 America/Bogota offered',
  ],
  ['El plazo de las ofertas termina el 15/12/2026.', 'due 2026-12-15 America/Chicago offered'],
  ['La visita a la obra es el 3 de diciembre de 2026 a las 9:00.'],
])('%s', (text, ...deadlines) => {
  expect(deadlinesOf(text)).toEqual(deadlines)
})

test('why a value is only offered is said in words, with the sentence', () => {
  expect(read('Good morning. Bids are due 18 December 2026, 2 PM. Thank you.').due).toEqual([
    {
      value: { local: '2026-12-18T14:00', zone: 'America/Chicago' },
      certainty: 'offered',
      sentence: 'Bids are due 18 December 2026, 2 PM.',
      why: 'No time zone is written.',
    },
  ])
  expect(read('Bids are due 18 December 2026.', { usFederal: true }).due).toMatchObject([
    { value: { local: '2026-12-18T16:30' }, why: expect.stringContaining('FAR 52.215-1') },
  ])
  expect(read('Bids are due 18 December 2026, 14:00 CST.', { home: 'America/Chicago' }).due).toMatchObject([
    { certainty: 'sure' },
  ])
})

test('what has no digit gives no date', () => {
  const words = 'due by deadline proposals noon ET friday december questions bis zum angebot midi heure de paris mañana'
  const all = words.split(' ')
  let state = 7
  for (let round = 0; round < 300; round++) {
    const picked: (string | undefined)[] = []
    while (picked.length < 20) {
      state = (state * 1103515245 + 12345) % 2147483648
      picked.push(all[state % all.length])
    }
    expect(deadlinesOf(`${picked.join(' ')}.`)).toEqual([])
  }
})

test('reading ends soon, whatever the text', () => {
  for (const unit of [
    '1',
    '12/',
    '1.',
    '1 ',
    '12:',
    'due 12/12/2026 ',
    'a.',
    '$1,',
    '1 de ',
    ' ',
    '\n',
    'RFP-',
    '000 ',
    'é',
    '1h',
  ])
    for (const how of [unit.repeat(40_000), `${`${unit}due `.repeat(5_000)}.`])
      expect(read(how).questionsDue).toEqual([])
})
