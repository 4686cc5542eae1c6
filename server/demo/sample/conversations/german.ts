import { type Conversation, line } from '../conversation.ts'
import { csv, pdf } from '../file.ts'

export const german: Conversation[] = [
  {
    key: 'lindau-winterdienst',
    subject: 'Ausschreibung 2026/47: Fahrzeugortung Winterdienst',
    language: 'de',
    mails: [
      line(
        'jens',
        '26 08:15',
        `Sehr geehrte Damen und Herren,

die Stadtwerke Lindau schreiben die Fahrzeugortung für 34 Winterdienstfahrzeuge aus. Die Vergabeunterlagen finden Sie im Anhang. Angebotsfrist ist {+8y}, 12:00 Uhr. Bieterfragen bitte bis {+2}, 16:00 Uhr.

Mit freundlichen Grüßen`,
        {
          files: [
            pdf(
              'Vergabeunterlagen-2026-47.pdf',
              'Ausschreibung 2026/47',
              'Los 1: 34 Räum- und Streufahrzeuge',
              'Los 2: Auswertung der Streumengen',
              'Angebotsfrist: {+8y}, 12:00 Uhr',
            ),
          ],
        },
      ),
      line(
        'jane',
        '26 17:30',
        `Sehr geehrter Herr Hölzl,

vielen Dank für die Unterlagen. Wir werden ein Angebot für beide Lose abgeben.

Mit freundlichen Grüßen`,
      ),
      line(
        'omar',
        '23 18:05',
        `Sehr geehrter Herr Hölzl,

zwei Bieterfragen zu Los 2:

1. Welche Streusteuerungen sind verbaut (Hersteller, Protokoll)?
2. Genügt eine Auflösung von 10 g/m² oder werden 5 g/m² verlangt?

Mit freundlichen Grüßen`,
      ),
      line(
        'jens',
        '22 09:40',
        `Sehr geehrter Herr Kaya,

zu 1: 22 Fahrzeuge mit EN-15430-Schnittstelle, 12 ältere ohne. Zu 2: 5 g/m². Die Antworten werden allen Bietern bekannt gegeben.

Mit freundlichen Grüßen`,
      ),
      line(
        'omar',
        '22 17:15',
        `Vielen Dank. Für die 12 älteren Fahrzeuge würden wir einen Drehgeber am Streuteller vorschlagen. Ist das als Nebenangebot zugelassen?`,
      ),
      line(
        'jens',
        '21 10:05',
        `Nebenangebote sind zugelassen, wenn auch ein Hauptangebot abgegeben wird.

Mit freundlichen Grüßen`,
      ),
      line(
        'jens',
        '15 11:30',
        `Sehr geehrte Damen und Herren,

anbei die Bieterinformation Nr. 1. Die Stückzahl in Los 1 erhöht sich auf 37 Fahrzeuge. Bitte verwenden Sie das neue Leistungsverzeichnis.

Mit freundlichen Grüßen`,
        {
          files: [
            csv(
              'Leistungsverzeichnis-neu.csv',
              ['Pos', 'Bezeichnung', 'Menge'],
              ['1.1', 'Ortungsgerät', 37],
              ['1.2', 'Einbau', 37],
              ['2.1', 'Anbindung Streusteuerung', 22],
            ),
          ],
        },
      ),
      line(
        'jane',
        '14 17:45',
        `Sehr geehrter Herr Hölzl,

wir bestätigen den Erhalt der Bieterinformation Nr. 1.

Mit freundlichen Grüßen`,
      ),
      line(
        'jens',
        '9 08:50',
        `Sehr geehrte Frau Doe,

bitte reichen Sie die Eigenerklärung zur Tariftreue mit dem Angebot ein; sie fehlte bei der letzten Vergabe und wir durften sie nicht nachfordern.

Mit freundlichen Grüßen`,
      ),
      line(
        'mia',
        '8 17:20',
        `Sehr geehrter Herr Hölzl,

vielen Dank für den Hinweis, die Eigenerklärung liegt diesmal bei.

Mit freundlichen Grüßen`,
      ),
      line(
        'jens',
        '1 14:10',
        `Sehr geehrte Frau Doe,

auf Wunsch mehrerer Bieter verlängern wir die Frist für Bieterfragen auf {+4}, 16:00 Uhr. Die Angebotsfrist bleibt. Benötigen Sie einen Termin zur Besichtigung der Fahrzeuge?

Mit freundlichen Grüßen`,
      ),
    ],
    next: [
      line(
        'jens',
        '0m',
        `Sehr geehrte Damen und Herren,

für die Besichtigung ist noch {+3} um 10:00 Uhr frei, Bauhof, Tor 2. Bitte geben Sie bis morgen Mittag Bescheid, ob Sie kommen.

Mit freundlichen Grüßen`,
      ),
    ],
  },
  {
    key: 'kober-wartung',
    subject: 'Angebot Wartungsvertrag für 58 Bordgeräte',
    language: 'de',
    mails: [
      line(
        'petra',
        '19 07:45',
        `Guten Tag,

unser Wartungsvertrag läuft zum Jahresende aus. Bitte machen Sie uns ein Angebot für 58 Bordgeräte, wahlweise mit Vorabtausch innerhalb von 24 Stunden.

Viele Grüße aus Sonthofen`,
      ),
      line(
        'mia',
        '18 17:00',
        `Guten Tag Frau Müßig,

gern. Sollen die 6 Geräte in Österreich eingeschlossen sein? Dort liefert unser Tauschlager mit einem Tag mehr.

Viele Grüße`,
      ),
      line(
        'petra',
        '17 08:20',
        `Ja, bitte einschließen. Ein Tag mehr ist in Ordnung, die Fahrer sind ohnehin jede zweite Nacht hier.

Viele Grüße`,
      ),
      line(
        'mia',
        '15 16:40',
        `Guten Tag Frau Müßig,

anbei das Angebot: 4,10 € je Gerät und Monat, mit Vorabtausch 5,60 €. Laufzeit 24 Monate.

Viele Grüße`,
        {
          files: [
            pdf(
              'Angebot-8840.pdf',
              'Angebot 8840',
              '58 Bordgeräte, Wartung: 4,10 EUR je Monat',
              'mit Vorabtausch: 5,60 EUR je Monat',
              'Gültig bis {+5y}',
            ),
          ],
        },
      ),
      line(
        'petra',
        '6 13:15',
        `Guten Tag Frau Lund,

der Chef fragt, ob bei 36 Monaten die 5,60 € auf unter 5,20 € gehen. Dann unterschreibt er.

Viele Grüße`,
      ),
      line(
        'petra',
        '2 07:50',
        `Guten Tag, gibt es zu meiner Frage vom {-6} schon etwas Neues? Das Angebot gilt ja nur bis {+5}.

Viele Grüße`,
      ),
    ],
    next: [
      line(
        'petra',
        '0m',
        `Guten Tag, noch eine Kleinigkeit: bitte die Rechnung künftig an rechnung@alpenspedition.example, nicht mehr per Post.

Viele Grüße`,
      ),
    ],
  },
  {
    key: 'bauhof-beschwerde',
    subject: 'Rückmeldung zu Angebot 8812 fehlt',
    language: 'de',
    mails: [
      line(
        'uwe',
        '5 09:10',
        `Sehr geehrte Damen und Herren,

ich habe Ihnen vor gut zwei Wochen drei Fragen zum Angebot 8812 gestellt und bis heute keine Antwort. Unser Ausschuss tagt {+1}. Ohne Antwort nehme ich den Punkt von der Tagesordnung und wir kaufen beim Mitbewerber.

Mit freundlichen Grüßen`,
      ),
      line(
        'jane',
        '5 17:05',
        `Sehr geehrter Herr Gräber,

dafür möchte ich mich entschuldigen. Ihre Nachricht lag bei einer Kollegin, die erkrankt ist. Könnten Sie mir die drei Fragen noch einmal schicken? Sie bekommen die Antwort am selben Tag.

Mit freundlichen Grüßen`,
      ),
      line(
        'uwe',
        '4 08:25',
        `Hier noch einmal:

1. Passt das Gerät in den Unimog U430 ohne Bohren?
2. Wie lange sind die Ersatzteile lieferbar?
3. Was kostet die Schulung für 15 Fahrer vor Ort?

Mit freundlichen Grüßen`,
      ),
      line(
        'omar',
        '4 17:40',
        `Sehr geehrter Herr Gräber,

1. Ja, mit der Halterung NW-B12 an der Mittelkonsole. 2. Zehn Jahre ab Kauf. 3. 1.450 € für einen Tag, Anfahrt eingeschlossen.

Die Halterung ist auf Seite 2 des Datenblatts abgebildet.

Mit freundlichen Grüßen`,
        {
          files: [
            pdf(
              'Datenblatt-NW-B12.pdf',
              'Halterung NW-B12',
              'Für Unimog U423 bis U530',
              'Montage ohne Bohren, 20 Minuten',
            ),
          ],
        },
      ),
      line(
        'uwe',
        '3 07:55',
        `Danke, damit kann ich arbeiten. Die Vorlage bleibt auf der Tagesordnung. Bitte noch eine Referenz aus dem kommunalen Bereich bis {+0w}, 14 Uhr.

Mit freundlichen Grüßen`,
      ),
    ],
    next: [
      line(
        'uwe',
        '0m',
        `Guten Tag, der Ausschuss hat zugestimmt, vorbehaltlich einer Probestellung von vier Wochen. Können Sie zwei Geräte dafür bereitstellen?

Mit freundlichen Grüßen`,
      ),
    ],
  },
]
