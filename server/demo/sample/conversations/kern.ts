import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet } from '../file.ts'

export const kern: Conversation[] = [
  {
    key: 'kern-dispatch',
    subject: 'County of Kern, dispatch console refresh',
    language: 'en',
    mails: [
      line(
        'ravi',
        '28 10:15',
        `Hello,

The County plans to refresh 14 dispatch positions in the Bakersfield center and 4 in the backup site at Mojave. We have used your consoles since 2017. Before we write the solicitation we are asking vendors for budgetary numbers.

Could you give me a range per position, with and without furniture?

Thank you,`,
      ),
      line(
        'jane',
        '27 09:45',
        `Dear Ravi,

Good to hear from you. For budgeting: $38,000 to $46,000 per position without furniture, $52,000 to $61,000 with it. The spread comes mostly from the number of radio talk paths.

Best regards,`,
      ),
      line(
        'ravi',
        '26 08:50',
        `Very helpful. Does that include the logging recorder interface? Ours is from another maker.`,
      ),
      line(
        'omar',
        '26 11:20',
        `Hi Ravi,

It does, if the recorder speaks SIP. If it is the older analog one with the punch-down block, add about $1,100 per position for the gateway.`,
      ),
      line('ravi', '25 13:30', `SIP since last year. Good.`),
      line(
        'gloria',
        '22 14:00',
        `Good afternoon,

RFP 26-0087, Dispatch Console Replacement, was published today. It is attached. All contact from now on goes through me as the Purchasing Agent; please do not write to the department about it.

A mandatory job walk takes place {-17} at 9:00 AM. Proposals are due {+7y} at 11:00 AM Pacific.

Sincerely,`,
        {
          answers: false,
          subject: 'RFP 26-0087: Dispatch Console Replacement',
          files: [
            pdf(
              'RFP-26-0087.pdf',
              'RFP 26-0087 Dispatch Console Replacement',
              'County of Kern, Purchasing',
              'Mandatory job walk: {-17y}, 9:00 AM',
              'Proposals due: {+7y}, 11:00 AM Pacific',
              'Bid bond: 10 percent',
              '18 positions on two sites',
            ),
          ],
        },
      ),
      line(
        'jane',
        '22 15:10',
        `Dear Gloria,

Receipt confirmed. Omar Kaya and Mia Lund will attend the job walk.

Best regards,`,
        { answers: 5 },
      ),
      line(
        'gloria',
        '20 09:25',
        `Thank you. Please note that the job walk starts at the loading dock on Victor Street. Latecomers can't be admitted and can't propose.

Sincerely,`,
      ),
      line(
        'omar',
        '16 10:00',
        `Dear Gloria,

Thank you for the job walk. Our questions:

1. The raised floor at Mojave is 4 inches. May conduits run overhead?
2. Are existing footswitches to be reused?
3. Drawing E-4 shows two power feeds per position, we saw one. Which is right?`,
      ),
      line(
        'gloria',
        '15 11:40',
        `Questions received. Answers by addendum.

Sincerely,`,
      ),
      line(
        'gloria',
        '11 16:20',
        `Addendum 1 is attached. It answers 31 questions and corrects drawing E-4 (one feed, UPS at the end of the row).

Sincerely,`,
        {
          files: [
            csv(
              'Addendum-1-answers.csv',
              ['No', 'Question', 'Answer'],
              [14, 'Overhead conduit at Mojave?', 'Yes, in the existing tray.'],
              [15, 'Reuse footswitches?', 'No, provide new.'],
              [16, 'Power feeds per position', 'One. E-4 is corrected.'],
            ),
          ],
        },
      ),
      line(
        'mia',
        '10 09:00',
        `Dear Gloria,

We acknowledge addendum 1. May the bid bond be electronic? Our surety issues them through a verification service.

Best regards,`,
      ),
      line(
        'gloria',
        '9 10:30',
        `Electronic bonds are accepted if they can be verified at the time of opening. Please include the verification code in the envelope.

Sincerely,`,
      ),
      line(
        'mia',
        '9 11:15',
        `Thank you, we will include it.

Best regards,`,
      ),
      line(
        'ravi',
        '8 08:05',
        `Jane, I know Gloria wants everything through her and I won't talk about the RFP. But position 9 in our current system drops talk path 3 since the weekend, ticket 60418. That is support, not sales. Can someone look?`,
        { answers: 4 },
      ),
      line(
        'omar',
        '8 09:10',
        `Hi Ravi,

Understood, support only. It is the line card in slot 6, we see it restarting. A replacement leaves Reno today and should be with you tomorrow before noon.`,
        { answers: 14 },
      ),
      line('ravi', '7 12:20', `Card came, swapped it, talk path 3 is back. Thank you for the fast turn.`, {
        answers: 15,
      }),
      line(
        'gloria',
        '5 13:00',
        `Addendum 2: the training requirement in section 7 goes from 24 to 40 hours, in two shifts. The due date is unchanged.

Sincerely,`,
        {
          answers: 12,
          files: [
            pdf(
              'Addendum-2.pdf',
              'RFP 26-0087 Addendum 2',
              'Section 7.1 Training: 40 hours on site in two shifts.',
              'Proposals remain due {+7y}, 11:00 AM Pacific.',
            ),
          ],
        },
      ),
      line(
        'jane',
        '5 14:35',
        `Dear Gloria,

We acknowledge addendum 2.

Best regards,`,
        { answers: 17 },
      ),
      line(
        'gloria',
        '3 15:50',
        `Ms. Doe,

The committee asks all proposers: may the County record the demonstration for members who can't attend? A yes or no is enough.

Sincerely,`,
      ),
      line(
        'jane',
        '3 16:30',
        `Dear Gloria,

Yes, with pleasure.

Best regards,`,
      ),
      line(
        'ravi',
        '2 17:05',
        `Ms. Doe, sending this with Gloria's knowledge, she is on copy. The committee has set demonstrations for {+11} and {+12}, two hours each, on site. Please give us your preferred slot and the power you need for the demo rack.`,
        {
          answers: 20,
          cc: ['gloria'],
          files: [
            sheet(
              'Demonstration-slots.xlsx',
              ['Slot', 'Day', 'Time'],
              [1, '{+11}', '08:30'],
              [2, '{+11}', '13:00'],
              [3, '{+12}', '08:30'],
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'gloria',
        '0m',
        `Slot 3 has been withdrawn, the room is needed for elections. Slots 1 and 2 on {+11} remain. Please answer by noon tomorrow.

Sincerely,`,
        { cc: ['ravi'] },
      ),
    ],
  },
]
