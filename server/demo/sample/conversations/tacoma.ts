import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet } from '../file.ts'

/** One public tender in three threads: the tender itself, the pre-bid call, and a question about parking. */
export const tacoma: Conversation[] = [
  {
    key: 'tacoma-rfp',
    subject: 'RFP 2026-114: Fleet telematics',
    language: 'en',
    mails: [
      line(
        'dana',
        '24 09:05',
        `Good morning,

The Port of Tacoma invites proposals for RFP 2026-114, Fleet Telematics for 212 terminal tractors, 40 light vehicles and 18 top handlers. The solicitation is attached.

Proposals are due {+9y} at 2:00 PM Pacific. Please acknowledge receipt and tell us who your point of contact is.

Regards,`,
        {
          files: [
            pdf(
              'RFP-2026-114.pdf',
              'RFP 2026-114 Fleet Telematics',
              'Port of Tacoma, Contracts and Purchasing',
              '',
              '1. Scope: 270 vehicles and handlers on four terminals',
              '2. Proposals due {+9y}, 2:00 PM Pacific',
              '3. Questions due {-2y}, 5:00 PM Pacific',
              '4.3 Offline buffering of position and engine data',
              '5. Term: three years with two options of one year',
            ),
          ],
        },
      ),
      line(
        'jane',
        '24 10:40',
        `Dear Dana,

Thank you for including us. We confirm receipt of RFP 2026-114 and intend to respond. I am your point of contact, with Omar Kaya for technical questions.

Best regards,`,
      ),
      line(
        'dana',
        '21 14:12',
        `Jane,

Please find amendment 1 attached. It replaces the price sheet: the top handlers are now a separate line because they run 24 hours a day. Please use the new sheet only.

Regards,`,
        {
          files: [
            pdf(
              'Amendment-1.pdf',
              'RFP 2026-114 Amendment 1',
              'Attachment C (price sheet) is replaced.',
              'All other terms remain unchanged.',
            ),
            sheet(
              'Price-sheet-v1.xlsx',
              ['Line', 'Item', 'Quantity', 'Unit price'],
              ['C.1', 'Tractor unit', 212, ''],
              ['C.2', 'Light vehicle unit', 40, ''],
              ['C.3', 'Top handler unit', 18, ''],
            ),
          ],
        },
      ),
      line(
        'omar',
        '20 11:30',
        `Hello Dana,

Two technical questions for the record:

1. Section 4.1 asks for CAN data from the tractors. Are the 2014 model year units J1939 or still J1708?
2. Section 4.6: is there Wi-Fi at the gates, or should we assume cellular only?

Thank you,`,
      ),
      line(
        'dana',
        '19 16:05',
        `Omar,

I have passed these to our fleet shop. Answers will be published to all proposers in the next addendum, as the rules require.

Regards,`,
      ),
      line(
        'hector',
        '18 08:20',
        `Omar, Hector Salas from the fleet shop here. Unofficially, so you can plan: the 2014 units are J1939 except eleven that we bought used from Oakland, those are J1708. Wi-Fi at gates 2 and 4 only. Dana will put it in writing.`,
        { cc: ['dana'] },
      ),
      line(
        'omar',
        '18 09:02',
        `Thanks Hector, that is just what we needed. For the eleven we have an adapter harness, part NW-J17, which we will list as an option.`,
        { cc: ['dana'] },
      ),
      line(
        'dana',
        '12 15:44',
        `All,

Answers to questions 1 to 26 are attached. Number 7 (J1708) and number 12 (Wi-Fi) are yours.

Regards,`,
        {
          answers: 4,
          files: [
            csv(
              'Questions-and-answers.csv',
              ['No', 'Question', 'Answer'],
              [7, 'Are all tractors J1939?', 'All but eleven, which are J1708.'],
              [12, 'Is there Wi-Fi at the gates?', 'Gates 2 and 4 only.'],
              [19, 'May pricing be per month?', 'Yes, state both monthly and total.'],
            ),
          ],
        },
      ),
      line(
        'jane',
        '7 13:20',
        `Dear Dana,

Thank you. One more, before the question period ends: section 6.2 asks for three references of the same size. May one of them be a private terminal operator rather than a port authority?

Best regards,`,
      ),
      line(
        'dana',
        '6 10:11',
        `Jane,

Yes. At least one of the three must be a public agency; the other two may be private.

Regards,`,
      ),
      line(
        'dana',
        '41m',
        `Good morning,

We have attached amendment 2, which moves the question deadline to {+4} at 17:00 Pacific. The submission date does not change.

Section 4.3 now asks for offline buffering of at least 72 hours. Can you confirm that your units support this?

Regards,`,
        {
          subject: 'RFP 2026-114: Fleet telematics, questions due {+4w}',
          files: [
            pdf(
              'Amendment-2.pdf',
              'RFP 2026-114 Amendment 2',
              'The question deadline moves to {+4y}, 5:00 PM Pacific.',
              'Section 4.3 is replaced: units shall buffer at least 72 hours of data offline.',
              'Proposals remain due {+9y}, 2:00 PM Pacific.',
            ),
            sheet(
              'Price-sheet-v2.xlsx',
              ['Line', 'Item', 'Quantity', 'Monthly', 'Total'],
              ['C.1', 'Tractor unit', 212, '', ''],
              ['C.2', 'Light vehicle unit', 40, '', ''],
              ['C.3', 'Top handler unit', 18, '', ''],
              ['C.4', 'J1708 adapter', 11, '', ''],
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'dana',
        '0m',
        `Jane,

A reminder that proposals must be uploaded through the portal; we can't accept them by email. The portal closes by itself at 2:00 PM Pacific and does not wait for an upload to finish.

Regards,`,
      ),
      line(
        'hector',
        '0m',
        `Quick one from the shop: would your install crew need a lift, or do you work from ladders? I am planning bays for the week after award.`,
      ),
    ],
  },
  {
    key: 'tacoma-call',
    subject: 'Telematics pre-bid call',
    language: 'en',
    mails: [
      line(
        'dana',
        '16 09:30',
        `Good morning,

The non-mandatory pre-bid call for RFP 2026-114 is {-13} at 10:00 Pacific. Please send names of those who will dial in by the day before.

Regards,`,
      ),
      line(
        'omar',
        '15 10:00',
        `Hello Dana,

From Northwind: Omar Kaya and Jane Doe. We will both be on the call.`,
      ),
      line(
        'hector',
        '12 16:30',
        `Thanks to all who dialed in. As promised, the count of vehicles by terminal is below.

Terminal | Tractors | Handlers
Husky | 74 | 6
Washington United | 68 | 5
Pierce County | 41 | 4
East Blair | 29 | 3`,
        { cc: ['dana'] },
      ),
    ],
  },
  {
    key: 'tacoma-parking',
    subject: 'Telematics pre-bid parking',
    language: 'en',
    mails: [
      line(
        'mia',
        '14 14:10',
        `Hello,

Two of us would like to walk the yard after the pre-bid call for RFP 2026-114. Where may visitors park, and do we need high-visibility vests of our own?

Thank you,`,
        { to: 'reception' },
      ),
      line(
        'reception',
        '13 08:45',
        `Good morning,

Visitors for RFP 2026-114 park in lot C behind the administration building, spaces 40 to 52. Please bring vest, hard hat and closed shoes. A TWIC card is not needed if you are escorted; bring a photo ID.

The shuttle to the yard leaves at a quarter past the hour.`,
      ),
    ],
  },
]
