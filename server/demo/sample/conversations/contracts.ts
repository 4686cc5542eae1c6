import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet, word } from '../file.ts'

/** Renewals, terms, questionnaires and the papers around them. */
export const contracts: Conversation[] = [
  {
    key: 'skybridge-renewal',
    subject: 'Skybridge ground equipment tracking: renewal 2027',
    language: 'en',
    mails: [
      line(
        'ana',
        '22 09:15',
        `Hi Jane,

Our contract for 430 tugs, belt loaders and dollies ends on 31 January. Procurement policy obliges me to test the market, but operations would rather keep you. Please send your renewal proposal by {-16}.

Regards,`,
      ),
      line(
        'jane',
        '21 10:00',
        `Hi Ana,

Understood. Shall I base it on 430, or do the non-motorised dollies drop out as you mentioned in the summer?

Best,`,
      ),
      line(
        'ana',
        '20 08:50',
        `Dollies drop out: 268 motorised units remain. And we open Glasgow in May with 35 more.

Regards,`,
      ),
      line(
        'jane',
        '17 11:30',
        `Hi Ana,

Proposal attached: £7.95 per unit, Glasgow at the same price from the day it opens.

Best,`,
        {
          files: [
            pdf(
              'Skybridge-renewal-2027.pdf',
              'Renewal proposal 2027',
              '268 units at GBP 7.95 per month',
              'Glasgow: 35 units from May',
              'Term 36 months',
            ),
          ],
        },
      ),
      line(
        'ana',
        '14 13:20',
        `Thank you. You're not the cheapest, but there is not much in it. Two points operations raised: the geofence alarms come two minutes late at stand 41 to 46, and the battery report is wrong for the electric tugs.

Regards,`,
      ),
      line(
        'omar',
        '13 09:10',
        `Hi Ana,

Stand 41 to 46 is the radar shadow of the new pier; a repeater on the lighting mast cures that, we would include it. The battery report reads lead-acid curves for lithium packs, corrected in the release of {-8s}.`,
      ),
      line(
        'ana',
        '9 10:05',
        `The battery report is right now, thank you. Who pays for the mast work? The airport wants a permit and a lift.

Regards,`,
      ),
      line(
        'omar',
        '8 09:30',
        `We bring the repeater and the labour. Permit and lift would have to be yours, because the airport only issues them to tenants.`,
      ),
      line(
        'ana',
        '5 14:50',
        `Fair. Please put that sentence in the proposal, and confirm the price is firm if we sign before {+7}.

Regards,`,
      ),
    ],
    next: [
      line(
        'ana',
        '0m',
        `Hi Jane,

Good news: the board prefers you. They ask for a break clause if Skybridge loses the Manchester licence. Can you word something?

Regards,`,
      ),
    ],
  },
  {
    key: 'ironpeak-nda',
    subject: 'Iron Peak: confidentiality deed before site data',
    language: 'en',
    mails: [
      line(
        'peter',
        '19 11:20',
        `G'day,

Before we release haul road data for the truck tracking EOI we need our deed of confidentiality signed. It is a deed, so it needs a witness.

Cheers,`,
        {
          files: [
            word(
              'Deed-of-Confidentiality.docx',
              'Deed of Confidentiality',
              'Executed as a deed.',
              'Governing law: Western Australia.',
              'Clause 6: unlimited liability for breach.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '18 16:00',
        `Hello Peter,

Thank you. We can sign a deed. Clause 6 (unlimited liability) is beyond what our insurer accepts; would AUD 5 million work?

Best regards,`,
      ),
      line(
        'peter',
        '17 12:10',
        `Legal says AUD 10 million and they'll live with it.

Cheers,`,
      ),
      line(
        'mia',
        '16 16:30',
        `AUD 10 million is fine.

Best regards,`,
      ),
      line(
        'peter',
        '13 10:40',
        `Beauty. Updated deed attached. Sign in blue or black, witness to print their name and address. Scan is fine.

Cheers,`,
        {
          files: [
            word(
              'Deed-of-Confidentiality-v2.docx',
              'Deed of Confidentiality',
              'Clause 6: liability limited to AUD 10 million.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '11 15:20',
        `Hello Peter,

Signed and witnessed copy attached.

Best regards,`,
        { files: [pdf('Deed-signed.pdf', 'Deed of Confidentiality', 'Signed for Northwind', 'Witness: O. Kaya')] },
      ),
      line(
        'peter',
        '9 09:00',
        `Received. Haul road data is in the data room, logins went to Omar. EOI closes {+9y}, 4 pm Perth time.

Cheers,`,
      ),
    ],
    next: [
      line(
        'peter',
        '0m',
        `Heads up, the data room locks for two days from {+2w} while IT moves it. Pull what you need before that.

Cheers,`,
      ),
    ],
  },
  {
    key: 'meridian-security',
    subject: 'Vendor security questionnaire, Meridian Water',
    language: 'en',
    mails: [
      line(
        'sofia',
        '17 13:00',
        `Hello,

As part of onboarding the leak patrol tablets we need our vendor security questionnaire back, 118 questions. Please complete it by {-9}.

Regards,`,
        {
          files: [
            sheet(
              'Vendor-security-questionnaire.xlsx',
              ['No', 'Question', 'Answer'],
              [1, 'Do you have an information security policy?', ''],
              [2, 'Is data encrypted at rest?', ''],
              [118, 'Date of last penetration test?', ''],
            ),
          ],
        },
      ),
      line(
        'omar',
        '16 10:30',
        `Hello Sofia,

On it. For questions 40 to 58 (data center), may we hand in our provider's certificate instead?`,
      ),
      line(
        'sofia',
        '15 09:20',
        `Yes, if it is not older than twelve months.

Regards,`,
      ),
      line(
        'omar',
        '10 17:00',
        `Hello Sofia,

Attached, all but 118. The penetration test runs next week, I will send the summary when it is done.`,
        {
          files: [
            csv(
              'Security-answers.csv',
              ['No', 'Answer'],
              [1, 'Yes, reviewed every year'],
              [2, 'Yes, AES-256'],
              [118, 'Follows'],
            ),
          ],
        },
      ),
      line(
        'sofia',
        '7 11:45',
        `Thank you. Follow-ups on 23 (who can read location history?), 61 (time to revoke access when somebody leaves) and 77 (where are backups?).

Regards,`,
      ),
      line(
        'omar',
        '6 10:20',
        `23: two support engineers per region, each access is logged and shown to you. 61: within one hour, by the HR system. 77: same country, other region, encrypted with your key if you bring one.`,
      ),
      line(
        'sofia',
        '4 15:35',
        `Good answers. 77 made somebody here smile. We wait for the test summary, otherwise approved.

Regards,`,
      ),
    ],
    next: [
      line(
        'sofia',
        '0m',
        `Hello Omar,

Our auditor asks whether the penetration test was done by an outside firm, and by which. Could you add that to the summary?

Regards,`,
      ),
    ],
  },
  {
    key: 'stonebridge-certificates',
    subject: 'Certificate holder wording',
    language: 'en',
    mails: [
      line(
        'mia',
        '15 09:45',
        `Hello Tina,

We need a letter for Bluewater Shipping that our cyber policy covers third-party data up to $5M per claim. And the wording for additional insureds on the general liability certificate, we get asked for it every week now.

Best regards,`,
        { to: 'tina' },
      ),
      line(
        'tina',
        '14 11:10',
        `Hi Mia,

Letter attached. For the certificate: "is included as additional insured where required by written contract." If the contract says "primary and non-contributory", tell me, that is an endorsement and takes two days.

Best,`,
        {
          files: [
            pdf(
              'Letter-Bluewater.pdf',
              'To whom it may concern',
              'Cyber liability: $5,000,000 per claim, third parties included.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '14 12:00',
        `Thank you, very clear.

Best regards,`,
      ),
      line(
        'tina',
        '4 10:30',
        `Hi Mia,

Your policies renewed on the first. The new master certificate is attached; the old one on file with your customers is no longer valid. Shall I send it to all certificate holders (41), or do you?

Best,`,
        {
          files: [
            pdf(
              'Master-certificate.pdf',
              'Certificate of liability insurance',
              'General liability: $2,000,000 per occurrence',
              'Automobile: $1,000,000',
              'Umbrella: $5,000,000',
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'tina',
        '0m',
        `Hi Mia,

Three certificate holders bounced: addresses no longer exist. The list is below, could you check?

- County of Lewis, risk office
- Westmark Foods
- Port of Everett, leasing

Best,`,
      ),
    ],
  },
  {
    key: 'westmark-invoice',
    subject: 'Remittance and W-9 request',
    language: 'en',
    mails: [
      line(
        'accounts',
        '13 08:00',
        `Hello,

Invoice 20931 ($4,118.40) can't be paid: the remit-to address doesn't match your vendor record. Please send a current W-9 and a bank letter on letterhead.

This mailbox is for vendors only.`,
      ),
      line(
        'mia',
        '13 09:50',
        `Hello,

This address is our proposal desk, so I have passed your request to our accounting. The W-9 is attached to save you time; the bank letter will come from accounting@northwind.example.

Best regards,`,
        { files: [pdf('W-9-Northwind.pdf', 'Form W-9', 'Northwind', '1400 Alder Way, Suite 300, Seattle, WA 98101')] },
      ),
      line('accounts', '12 08:00', `Thank you. Vendor record updated. Invoice 20931 is scheduled for the next run.`),
    ],
  },
]
