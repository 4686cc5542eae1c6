import { type Conversation, line } from './conversation.ts'
import { csv, pdf, sheet } from './file.ts'
import type { Language, PersonKey } from './people.ts'

/** New matters that begin while the demo runs, each with its first mail. */
export const newMatters: Conversation[] = [
  matter(
    'jens',
    'de',
    'Bitte um Musterexemplar Feldtablet',
    `Sehr geehrte Damen und Herren,

unabhängig von der laufenden Vergabe sucht unser Netzbetrieb 15 Tablets für die Zählerablesung (IP65, bis -20 °C). Könnten wir ein Muster für zwei Wochen bekommen?

Mit freundlichen Grüßen`,
  ),
  matter(
    'bruno',
    'fr',
    'Contrat 2024-117 : révision annuelle du prix',
    `Bonjour,

L'article 8 du contrat 2024-117 prévoit une révision au 1er janvier. Merci de nous proposer le nouveau prix avec le calcul de l'indice avant le {+6}.`,
  ),
  matter(
    'ana',
    'en',
    'How do we get our history out?',
    `Hello,

A question for the file, unrelated to the renewal: in what form would we get our history if we ever left? IT wants it for their exit plan.

Regards,`,
  ),
  matter(
    'colin',
    'en',
    'Deal registration DR-20418: expiring',
    `Hi,

Your deal registration DR-20418 (Tri-Rivers Energy, 280 tablets) expires {+1}. Without an update the 6% goes away.

Regards,`,
  ),
  matter(
    'ruth',
    'en',
    'RFQ 91-26 fire apparatus tablets',
    `Dear vendor,

The City of Alder requests quotes for 26 vehicle tablets for fire apparatus. Forms attached. Quotes are due {+7y} at 4:00 PM, by email is fine. Questions until {+4}.`,
    [pdf('RFQ-91-26.pdf', 'RFQ 91-26', '26 vehicle tablets with mounts', 'Quotes due {+7y}, 4:00 PM Pacific')],
  ),
  matter(
    'helen',
    'en',
    'Fuel cards?',
    `Hello, can your boxes read the fuel card at the pump or do the lads still have to type the mileage? If so what is it extra per lorry.`,
  ),
  matter(
    'luis',
    'en',
    'Tablet screen cracked, rig 14',
    `Dropped from the rig, glass is gone, touch still works. Is that under the accident plan? Need a loaner by {+1w}, rig 14 goes back in service then.`,
  ),
  matter(
    'marcus',
    'en',
    'Forecast call for the 2027 framework',
    `Hi Mia,

Could you do a 30-minute call on {+2} or {+3}, any time before noon Eastern? I'd like to go through volumes before the award goes to the committee.

Marcus`,
  ),
  matter(
    'dana',
    'en',
    'Certificate of insurance for work on Port property',
    `Good morning,

Before anybody may install test units on Port property we need a certificate naming the Port of Tacoma as additional insured, with waiver of subrogation. Please send it by {+3}.

Regards,`,
  ),
  matter(
    'tina',
    'en',
    'Waiver of subrogation: one signature',
    `Hi Mia,

The waiver endorsement is ready. It needs one signature from an officer, page 3. Please send it back by {+2} so that it is in force before your Tacoma visit.

Best,`,
    [pdf('Waiver-endorsement.pdf', 'Waiver of subrogation', 'Applies where required by written contract.')],
  ),
  matter(
    'karen',
    'en',
    'Contract 22-1180: notice of renewal option',
    `Good morning,

The Department intends to exercise the second renewal option of contract 22-1180 (district 2 pilot, 48 plows). Please confirm in writing that prices remain unchanged by {+5}.

Thank you,`,
  ),
  matter(
    'gloria',
    'en',
    'Public records request touching your 2017 proposal',
    `Good afternoon,

The County received a public records request for your 2017 console proposal. If you hold parts of it to be trade secrets, mark them and tell us why by {+6} at 5:00 PM. After that it will be released whole.

Sincerely,`,
  ),
  matter(
    'denise',
    'en',
    'Substitute driver logins',
    `Hi! Unrelated to the bid: for the demo bus, can three substitute drivers share one login, or does each need their own? They swap every morning.

Denise`,
  ),
  matter(
    'noel',
    'en',
    'Contract UB-2023-55: quarterly sales report overdue',
    `Good morning,

The report for the third quarter is fourteen days overdue. Please send it with the administrative fee of 1.5 percent. A report of zero sales is also a report.

Regards,`,
  ),
  matter(
    'sofia',
    'en',
    'Breach notification contact',
    `Hello,

For our records, please name a contact who would call us within 24 hours of an incident, with a number that is answered at night.

Regards,`,
  ),
  matter(
    'yolanda',
    'en',
    'IFB 3309: your bidder registration',
    `Good day,

You attended the conference for IFB 3309 but did not register as a bidder. Addenda go to registered bidders only. The form takes five minutes; the last day is {+3}.

Sincerely,`,
  ),
  matter(
    'callum',
    'en',
    'Car deck sensors: early market engagement',
    `Good morning,

As promised, the car decks: we start with early market engagement. Could you spare an hour on {+7} to tell us what is possible on open decks with salt spray?`,
  ),
  matter(
    'peter',
    'en',
    'EOI haul road trucks: clarification 1',
    `G'day,

Clarification 1 is attached. Short version: 64 trucks became 71, and the ambient temperature goes to 55 °C. EOI still closes {+9}, 4 pm Perth time.

Cheers,`,
    [pdf('Clarification-1.pdf', 'EOI clarification 1', '71 haul trucks', 'Ambient temperature: up to 55 degrees C')],
  ),
  matter(
    'walt',
    'en',
    'Invoice 21044',
    `Jane,

Invoice 21044 bills the eight Lomita trucks twice, once as Lomita and once as Harbor. Please credit one of them. I pay the rest {+2w}.`,
  ),
  matter(
    'dev',
    'en',
    'Second probe failed in truck 22',
    `Hey, truck 22 shows 85 °C in the box. Either we are brewing in there or the probe is dead. Can you swap it before the weekend run?`,
  ),
  matter(
    'camille',
    'fr',
    'Plan de prévention à signer avant la visite',
    `Bonjour,

Vous trouverez ci-joint le plan de prévention à nous retourner signé avant le {+3}. Sans ce document, l'accès au quai ne sera pas possible.

Cordialement,`,
    [pdf('Plan-de-prevention.pdf', 'Plan de prévention', 'Risques: circulation des cavaliers, travail en hauteur')],
  ),
  matter(
    'ines',
    'en',
    'Tablet holders for forklifts',
    `Hello,

Could you please also tell me if the docks fit Linde forklifts? We have 9 of them in Lille. If they do, add 9 docks to the quote.

Best regards,`,
  ),
  matter(
    'sylvie',
    'fr',
    'Relance : bon de commande 5521 non confirmé',
    `Bonjour,

Nous n'avons pas reçu de confirmation pour le bon de commande 5521 (4 boîtiers). Pouvez-vous nous indiquer la date de livraison ?

Bonne journée,`,
  ),
  matter(
    'uwe',
    'de',
    'Anfrage: 6 Geräte für Kehrmaschinen',
    `Sehr geehrte Damen und Herren,

für sechs Kehrmaschinen (Baujahr 2021) suchen wir Ortungsgeräte mit Erfassung des Besens. Bitte Angebot bis {+5}, gern per E-Mail.

Mit freundlichen Grüßen`,
  ),
  matter(
    'petra',
    'de',
    'Gerät 3317 meldet keine Position',
    `Guten Tag,

Gerät 3317 (Kennzeichen OA-AK 118) steht seit gestern laut Karte im Bodensee. Der Fahrer ist trocken. Was tun?

Viele Grüße`,
  ),
  matter(
    'elena',
    'es',
    'Consulta sobre la garantía de los equipos',
    `Estimados señores:

¿La garantía de los equipos empieza a contar desde la entrega o desde la instalación? Necesitamos la respuesta por escrito antes del {+3} para el expediente.

Atentamente,`,
  ),
  matter(
    'rodrigo',
    'es',
    'Cotización por 35 camiones nuevos',
    `Hola:

En marzo llegan 35 camiones nuevos. ¿Me cotizas el equipo con antena reforzada? Entrega en Antofagasta.

Saludos,`,
  ),
  matter(
    'joost',
    'nl',
    'Storing bij tablet 14',
    `Goedemorgen,

Proeftablet 14 start niet meer op na een val in de sloot. Valt dat onder de garantie, en kunt u een vervanger sturen voor {+2}?

Met vriendelijke groet,`,
  ),
  matter(
    'paulo',
    'pt',
    'Pedido de certificado de origem',
    `Bom dia,

Para a alfândega precisamos do certificado de origem das consolas. Podem enviar uma minuta até {+5}?

Com os melhores cumprimentos,`,
  ),
  matter(
    'sato',
    'ja',
    '手袋対応フィルムの在庫について',
    `お世話になっております。北斗建設の佐藤です。

F8C用の手袋対応フィルム60枚の在庫はございますか。{+5}までに必要です。`,
  ),
  matter(
    'grace',
    'en',
    'New combined antenna AW-50',
    `Dear team,

Our new AW-50 combines two 5G, two Wi-Fi and GNSS in the housing of the AW-35. Samples are free for partners. Would two pieces help your Valley Transit bid?

Warm regards,`,
    [sheet('AW-50.xlsx', ['Band', 'Gain'], ['5G', 4.1], ['Wi-Fi', 3.6], ['GNSS', 26])],
  ),
  matter(
    'accounts',
    'en',
    'Statement of account',
    `Hello,

Our records show invoice 20931 as paid and 20988 as missing. Please send a copy of 20988 or confirm it was cancelled.

This mailbox is for vendors only.`,
    [csv('Statement.csv', ['Invoice', 'Amount', 'Status'], [20931, 4118.4, 'paid'], [20988, 960, 'missing'])],
  ),
]

function matter(
  by: PersonKey,
  language: Language,
  subject: string,
  text: string,
  files: NonNullable<Parameters<typeof line>[3]>['files'] = [],
): Conversation {
  return { key: `new/${subject}`, subject, language, mails: [line(by, '0m', text, { files })] }
}
