import { type Conversation, line } from '../conversation.ts'
import { chart, pdf, sheet, word } from '../file.ts'

export const harbor: Conversation[] = [
  {
    key: 'harbor-renewal',
    subject: 'Harbor renewal, three years',
    language: 'en',
    mails: [
      line(
        'priya',
        '29 08:30',
        `Hi Jane,

Our agreement for the 340 drayage trackers runs out at the end of next month. We'd like to look at a three-year renewal, provided the price moves. Could you send an offer for one and for three years?

Thanks,`,
      ),
      line(
        'jane',
        '29 11:15',
        `Hi Priya,

With pleasure. Before I price it: does the count stay at 340, and do you want to keep the driver tablets on the same agreement?

Best,`,
      ),
      line(
        'priya',
        '28 09:10',
        `340 goes to 385, we bought Lomita Cartage in the spring. Tablets yes, 120 of them. And please drop the fuel card integration, nobody uses it.`,
      ),
      line(
        'jane',
        '27 16:00',
        `Hi Priya,

Attached is the offer for both terms. In short:

Term | Tracker per month | Tablet per month
One year | $14.90 | $9.50
Three years | $12.75 | $8.20

The three-year price is fixed; no index.

Best,`,
        {
          files: [
            sheet(
              'Harbor-renewal-offer.xlsx',
              ['Item', 'Quantity', 'One year', 'Three years'],
              ['Tracker', 385, 14.9, 12.75],
              ['Tablet', 120, 9.5, 8.2],
            ),
          ],
        },
      ),
      line(
        'priya',
        '26 10:22',
        `Thanks Jane. Walt, our CFO, is on copy from here. Walt, this is the three-year offer I mentioned.`,
        { cc: ['walt'] },
      ),
      line(
        'walt',
        '26 13:05',
        `Jane,

$12.75 is better than today's $15.20 but I have a competing number at $11.40. I won't tell you whose. What can you do?`,
        { cc: ['priya'] },
      ),
      line(
        'jane',
        '25 09:40',
        `Walt,

Thanks for being direct. Is the $11.40 with the hardware swap included? Ours needs none: the 340 units you have stay, and the 45 new ones are in the price. A swap would cost you about 40 minutes of truck time per vehicle.

Best,`,
        { cc: ['priya'] },
      ),
      line(
        'walt',
        '25 15:30',
        `Hardware included, installation not. Fair point on truck time. Priya, what does an hour of a truck cost us?`,
        { cc: ['priya'] },
      ),
      line(
        'priya',
        '24 08:15',
        `Between $92 and $110 an hour depending on the lane. So 385 trucks at 40 minutes is roughly $26,000 just in idle time, not counting the no-shows.`,
        { cc: ['walt'] },
      ),
      line('walt', '24 08:50', `Noted. Still want to see a better number.`, { cc: ['priya'] }),
      line(
        'omar',
        '23 10:30',
        `Hi both,

Jane asked me to add the technical side. The 340 units in your trucks are hardware revision C. They are supported with firmware until at least 2031, so the three years need no replacement. I checked: 11 of them show weak batteries, we will swap those under warranty whatever you decide.`,
        { cc: ['walt'] },
      ),
      line(
        'priya',
        '22 09:00',
        `Omar, can I have the list of those 11? My shop can pull them while the trucks are in for inspection.`,
      ),
      line('omar', '22 09:48', `Here is the list with the last voltage. Anything under 3.5 V goes first.`, {
        files: [
          sheet(
            'Weak-batteries.xlsx',
            ['Unit', 'Truck', 'Volts'],
            ['NW-40118', 'T-207', 3.41],
            ['NW-40125', 'T-214', 3.44],
            ['NW-40199', 'T-288', 3.38],
            ['NW-40231', 'T-301', 3.52],
          ),
        ],
      }),
      line('priya', '21 15:20', `Got it, first four are done. The new batteries read 4.1.`),
      line(
        'jane',
        '20 11:00',
        `Walt, Priya,

I took it to our pricing committee. We can do $12.10 for three years if all 385 trackers start on the first of the month after signature, and the tablets at $7.90. That is as far as I can go without taking out service hours.

Best,`,
        { cc: ['walt'] },
      ),
      line('walt', '19 14:45', `That is closer. What is in the service hours, and what do we actually use?`, {
        cc: ['priya'],
      }),
      line(
        'mia',
        '18 10:12',
        `Hello Walt,

You have 60 hours a year. Usage by quarter is in the picture below; last year you used 38.

{picture}

If you went down to 40 hours we could take another 15 cents off per tracker.

Best regards,`,
        { cc: ['priya'], picture: chart('service-hours.png', 0.35, 0.52, 0.71, 0.44) },
      ),
      line('walt', '18 16:40', `Now that is useful. 40 hours, $11.95, three years. Send me paper.`, { cc: ['priya'] }),
      line(
        'mia',
        '16 09:30',
        `Hello Walt,

The renewal amendment is attached. Changes against the current agreement are in section 2 (term), exhibit A (price) and exhibit C (service hours); everything else stays.

Best regards,`,
        {
          cc: ['priya'],
          files: [
            word(
              'Harbor-Amendment-4-draft.docx',
              'Amendment 4 to the Master Services Agreement',
              'Section 2. The term is extended by three years.',
              'Exhibit A. Tracker $11.95 per month; tablet $7.90 per month.',
              'Exhibit C. Service hours: 40 per year.',
            ),
          ],
        },
      ),
      line(
        'walt',
        '14 11:25',
        `Our counsel has three comments.

1. Termination for convenience after 24 months, 90 days' notice.
2. Data stays ours and comes back in CSV at the end.
3. Governing law California, not Washington.`,
        { cc: ['priya'] },
      ),
      line(
        'mia',
        '13 13:50',
        `Hello Walt,

2 is fine, it is already so in section 9. 3 is fine too. For 1 I would suggest month 30 rather than 24, since the price assumes three years.

Best regards,`,
        { cc: ['priya'] },
      ),
      line('walt', '12 10:02', `Month 27 and we have a deal on that point.`, { cc: ['priya'] }),
      line(
        'jane',
        '11 09:15',
        `Walt, month 27 is agreed. Mia will send the clean copy today.

Best,`,
        { cc: ['priya'] },
      ),
      line(
        'mia',
        '11 15:33',
        `Hello Walt,

Clean copy attached, with month 27 and California law.

Best regards,`,
        {
          cc: ['priya'],
          files: [
            word(
              'Harbor-Amendment-4-clean.docx',
              'Amendment 4 to the Master Services Agreement',
              'Section 2.3. Either party may terminate after month 27 with 90 days notice.',
              'Section 14. Governing law: California.',
            ),
          ],
        },
      ),
      line(
        'priya',
        '9 08:40',
        `One operational thing while legal reads: eight trucks from Lomita still have the old Trakline boxes. Can your installer take those out on the same visit?`,
      ),
      line(
        'omar',
        '9 10:05',
        `Yes, add 15 minutes per truck. If you can have the keys in the shop office by seven, the crew does all eight in one morning.`,
      ),
      line('priya', '8 09:30', `Keys at seven it is. {+5} works for us, bays 3 and 4.`),
      line('omar', '8 10:15', `Booked: {+5}, 07:00, bays 3 and 4, two installers.`),
      line(
        'walt',
        '5 14:20',
        `Legal is done. One last thing: the price sheet in exhibit A still says 340. Needs to be 385.`,
        { cc: ['priya'] },
      ),
      line(
        'mia',
        '4 09:05',
        `Hello Walt,

You are right, my mistake. Exhibit A with 385 is attached, the rest is unchanged.

Best regards,`,
        {
          cc: ['priya'],
          files: [
            pdf(
              'Harbor-Exhibit-A-revised.pdf',
              'Exhibit A, revised',
              'Tracker, 385 units: $11.95 per unit and month',
              'Tablet, 120 units: $7.90 per unit and month',
              'Total per month: $5,548.75',
            ),
          ],
        },
      ),
      line(
        'jane',
        '3 16:10',
        `Walt, Priya,

With the revised price sheet the paper should be complete. We would need the signature by {+3} to start on the first of the month.

Best,`,
        { cc: ['priya'] },
      ),
    ],
    next: [
      line('walt', '0m', `Board signs {+2w}. You will have it the day after. Send me the W-9 again, finance lost it.`),
      line(
        'priya',
        '0m',
        `Jane, could we start with 370 trackers and add the last 15 in the second month? The Lomita trucks at the Fontana yard are late.`,
      ),
    ],
  },
  {
    key: 'harbor-insurance',
    subject: 'Insurance certificate for the Harbor renewal',
    language: 'en',
    mails: [
      line(
        'sam',
        '127m',
        `Hello,

Our legal team needs your current insurance certificate before the renewal can be signed: general liability $2M per occurrence, auto $1M, and Harbor Freight Forwarding LLC as additional insured. The one on file expired last month.

Could you get it to me by {+2}? It is the last open item on my list.

Thanks,`,
      ),
    ],
    next: [
      line(
        'sam',
        '0m',
        `Sorry, one correction to the insurance certificate: the additional insured should read "Harbor Freight Forwarding LLC and its affiliates". Please use the address in Carson, not San Pedro.`,
      ),
    ],
  },
]
