import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet } from '../file.ts'

/** Those who sell to us, and mail that a colleague passes on. */
export const suppliers: Conversation[] = [
  {
    key: 'antenna-prices',
    subject: 'Antenna Works: 2027 price list and lead times',
    language: 'en',
    mails: [
      line(
        'grace',
        '14 04:30',
        `Dear team,

Please find our 2027 price list. The shark fin AW-35 goes down 3%, the puck AW-12 goes up 5% because of the connector. Lead time is nine weeks.

Warm regards,`,
        {
          files: [
            sheet(
              'AntennaWorks-2027.xlsx',
              ['Part', 'Description', '2026', '2027'],
              ['AW-35', 'Shark fin', 21.4, 20.76],
              ['AW-12', 'Puck', 9.8, 10.29],
            ),
          ],
        },
      ),
      line(
        'mia',
        '14 10:20',
        `Hello Grace,

Thank you. We have two tenders out with the AW-12 at the old price. Could you hold $9.80 for 1,200 pieces if we order by {+6}?

Best regards,`,
      ),
      line(
        'grace',
        '13 03:10',
        `Dear Mia,

For 1,200 pieces I can hold $9.80 if it is one shipment. For two shipments $9.95.

Warm regards,`,
      ),
      line(
        'mia',
        '13 09:40',
        `One shipment is fine if it leaves in January. Do you need a forecast?

Best regards,`,
      ),
      line(
        'grace',
        '11 02:45',
        `Yes please, six months. And note the factory closes for the new year holidays, last vessel before that is the 28th.

Warm regards,`,
      ),
      line(
        'mia',
        '8 15:20',
        `Forecast attached. The order depends on the Tacoma award, which we should know by the end of next month.

Best regards,`,
        {
          files: [
            csv('Forecast.csv', ['Month', 'AW-12', 'AW-35'], ['Jan', 1200, 150], ['Feb', 0, 200], ['Mar', 300, 150]),
          ],
        },
      ),
    ],
    next: [
      line(
        'grace',
        '0m',
        `Dear Mia,

The vessel is nearly full. If you can give me a letter of intent for the 1,200 pieces by {+2}, I reserve the pallets without obligation.

Warm regards,`,
      ),
    ],
  },
  {
    key: 'ridgetab-eol',
    subject: 'End of life notice: RidgeTab RT-8',
    language: 'en',
    mails: [
      line(
        'colin',
        '12 10:00',
        `Dear partner,

The RT-8 reaches end of life. Last orders {+20y}, last shipments twelve weeks later, security updates for another three years. The successor RT-9 fits the same dock.

Regards,`,
        {
          files: [
            pdf(
              'EOL-RT-8.pdf',
              'End of life notice RT-8',
              'Last order: {+20y}',
              'Successor: RT-9',
              'Security updates: three years',
            ),
          ],
        },
      ),
      line(
        'omar',
        '12 11:20',
        `Hi Colin,

Does "fits the same dock" include the power pins? The RT-7 to RT-8 move broke our vehicle docks, and we have three offers out that promise they stay.`,
      ),
      line(
        'colin',
        '11 09:30',
        `Fair question. Pins are the same; the latch is 1.5 mm deeper, so docks made before 2024 need a shim (free, RT-SH9).

Regards,`,
      ),
      line('omar', '11 10:00', `Please send two RT-9 and ten shims so that we can try it in a real truck.`),
      line(
        'colin',
        '6 13:40',
        `On the way, should arrive {-4w}. By the way, I have 260 RT-8 left in the Dallas warehouse at 18% off, first come.

Regards,`,
      ),
    ],
    next: [
      line(
        'colin',
        '0m',
        `Hi Omar, did the RT-9 latch hold in the truck? Also, 140 of the 260 RT-8 are gone. Tell me if you want some.

Regards,`,
      ),
    ],
  },
  {
    key: 'tradeshow-forward',
    subject: 'Fwd: Tender enquiry from the trade show',
    language: 'en',
    mails: [
      line(
        'omar',
        '4 13:30',
        `For the desk, this came to me directly. Looks like a real tender, not our usual region.`,
        {
          inward: true,
          forwarded: `From: Marta Nowak <m.nowak@gdynia-terminal.example>
Subject: Tender enquiry from the trade show
Date: {-4y} at 11:52 AM
To: Omar Kaya <omar@northwind.example>

Dear Mr. Kaya,

We spoke at your stand about reach stackers. Gdynia Terminal will tender position units for 22 machines in January. May I put Northwind on the list of invited firms? I would need a contact for the documents by {+5}.

Kind regards,
Marta Nowak
Equipment planning, Gdynia Terminal`,
        },
      ),
    ],
  },
]
