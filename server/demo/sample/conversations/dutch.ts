import { type Conversation, line } from '../conversation.ts'
import { sheet, word } from '../file.ts'

export const dutch: Conversation[] = [
  {
    key: 'merwe-tablets',
    subject: 'Offerteaanvraag 60 tablets voor de buitendienst',
    language: 'nl',
    mails: [
      line(
        'joost',
        '21 09:30',
        `Goedemorgen,

Waterschap Merwe zoekt 60 robuuste tablets voor de muskusrattenvangers en peilbeheerders: waterdicht, leesbaar in de zon, met handschoenen te bedienen. Graag ontvang ik uw offerte uiterlijk {-11}.

Met vriendelijke groet,`,
      ),
      line(
        'jane',
        '21 17:20',
        `Beste Joost,

Dank voor de aanvraag. Wilt u laders voor in de boot meegeoffreerd hebben, en welke termijn voor garantie hanteert u?

Met vriendelijke groet,`,
      ),
      line(
        'joost',
        '20 10:15',
        `Ja graag, 22 bootladers. Garantie vijf jaar.

Met vriendelijke groet,`,
      ),
      line(
        'mia',
        '15 16:50',
        `Beste Joost,

Onze offerte in het kort:

Artikel | Aantal | Prijs per stuk
Tablet F8 | 60 | € 1.095
Bootlader | 22 | € 139
Vijf jaar garantie | 60 | € 118

Met vriendelijke groet,`,
        {
          files: [
            sheet(
              'Offerte-Merwe.xlsx',
              ['Artikel', 'Aantal', 'Prijs'],
              ['Tablet F8', 60, 1095],
              ['Bootlader', 22, 139],
              ['Garantie', 60, 118],
            ),
          ],
        },
      ),
      line(
        'joost',
        '9 11:40',
        `Dank u. Twee collega's hebben het toestel van de concurrent getest en vonden het scherm te glad bij regen. Kunnen we de F8 een week proberen?

Met vriendelijke groet,`,
      ),
      line('omar', '9 17:10', `Zeker. Twee stuks gaan {-7} mee met de koerier, met regenfolie erop.`),
      line(
        'joost',
        '1 15:35',
        `De proef was goed, de folie ook. Rest één vraag van onze CISO: hoe lang krijgen de tablets beveiligingsupdates? Als het antwoord minstens vijf jaar is, bestellen wij voor {+5}.

Met vriendelijke groet,`,
      ),
    ],
    next: [
      line(
        'joost',
        '0m',
        `Goedemiddag, kunt u de levering splitsen: 30 stuks in januari en 30 in maart? Ons budget loopt over twee jaren.

Met vriendelijke groet,`,
      ),
    ],
  },
  {
    key: 'koerier-verwerking',
    subject: 'Verwerkersovereenkomst voertuigdata',
    language: 'nl',
    mails: [
      line(
        'femke',
        '12 13:10',
        `Hallo,

Voordat wij 45 bestelbussen aansluiten hebben we een verwerkersovereenkomst nodig. Hebben jullie een model, of nemen we dat van ons?

Groet,`,
      ),
      line(
        'mia',
        '11 17:00',
        `Hallo Femke,

Ons model gaat hierbij. Bijlage 2 noemt de subverwerkers en waar de gegevens staan (Frankfurt).

Groet,`,
        {
          files: [
            word(
              'Verwerkersovereenkomst.docx',
              'Verwerkersovereenkomst',
              'Bijlage 1: soorten gegevens',
              'Bijlage 2: subverwerkers',
              'Bewaartermijn: 13 maanden',
            ),
          ],
        },
      ),
      line(
        'femke',
        '7 10:45',
        `Dank je. 13 maanden bewaren vindt de ondernemingsraad te lang voor ritten buiten werktijd. Kan dat op 30 dagen, of helemaal uit?`,
      ),
      line(
        'omar',
        '6 17:25',
        `Hallo Femke, dat kan per voertuig: buiten het ingestelde rooster slaan de kastjes dan niets op. Ik heb er een schermafdruk van, maar laat het liever even zien. Past {+2w} om 15 uur?`,
      ),
    ],
    next: [
      line(
        'femke',
        '0m',
        `Hallo, de OR is akkoord met het rooster. Kun je artikel 6 daarop aanpassen en de overeenkomst ter ondertekening sturen?`,
      ),
    ],
  },
]
