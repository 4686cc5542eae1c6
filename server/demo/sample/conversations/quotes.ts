import { type Conversation, line } from '../conversation.ts'
import { chart, csv, pdf, sheet } from '../file.ts'

/** Requests for a quote, price sheets and pilots. */
export const quotes: Conversation[] = [
  {
    key: 'marais-tablets',
    subject: 'Request for quote: 40 field tablets',
    language: 'en',
    mails: [
      line(
        'ines',
        '1 16:40',
        `Hello,

Could you please quote for 40 field tablets with vehicle docks for our Gennevilliers and Lille depots? 8 inch, scanner, 4G. Delivery in January if possible.

Best regards,`,
      ),
      line(
        'ines',
        '78m',
        `Hello again,

Could you please add 12 spare batteries and state the price with and without the docks? Our buyer compares three offers on {+2w}, so the sooner the better.

Best regards,`,
      ),
    ],
    next: [
      line(
        'ines',
        '0m',
        `Hello, small change: 44 tablets instead of 40, and only 36 docks. The Lille depot keeps its old cradles. Sorry for the back and forth.

Best regards,`,
      ),
    ],
  },
  {
    key: 'tririvers-rfq',
    subject: 'RFQ 5500017823 rugged tablets and docks',
    language: 'en',
    mails: [
      line(
        'sourcing',
        '20 06:05',
        `Tri-Rivers Energy invites you to quote.

RFQ: 5500017823
Title: Rugged tablets and docks, 2027 framework
Response due: {-9y} 17:00 Eastern

Log in to the sourcing portal to view line items. Do not reply to this message for portal support.`,
      ),
      line(
        'mia',
        '20 09:30',
        `Hello,

The portal shows us the lines, but no quantities. Could you tell us the expected volume per year?

Best regards,`,
        { to: 'marcus' },
      ),
      line(
        'marcus',
        '19 10:20',
        `Hi Mia, quantities are hidden by mistake, it will be fixed tonight. For planning: 280 tablets, 310 docks, 90 vehicle power kits a year.

Marcus`,
      ),
      line(
        'mia',
        '19 11:00',
        `Thank you Marcus, that helps.

Best regards,`,
      ),
      line('marcus', '14 15:45', `Mia, I see your bid as "draft" still. You know the portal locks at 17:00 sharp?`),
      line(
        'mia',
        '10 12:20',
        `Submitted, confirmation 77120. Two remarks: the docks need firmware 2.4 for your Ford trucks, and our price holds for 24 months.

Best regards,`,
      ),
      line(
        'marcus',
        '6 09:40',
        `You're shortlisted, congratulations. Second round: best and final offer by {+3} 17:00 Eastern. Target price for the tablet is $985. You were at $1,040.`,
      ),
      line(
        'marcus',
        '5 13:15',
        `One more: please price a trade-in for 190 old tablets. They all power on, the batteries are tired.`,
        { files: [csv('Trade-in-list.csv', ['Model', 'Year', 'Count'], ['RT-7', 2019, 120], ['RT-8', 2020, 70])] },
      ),
      line(
        'mia',
        '4 10:10',
        `Hello Marcus,

Received, both will be in our best and final offer. Could the trade-in units come in two shipments?

Best regards,`,
      ),
    ],
    next: [
      line(
        'marcus',
        '0m',
        `Two shipments is fine. And to save you a question: yes, you may bid the newer model at the same price if the dock stays the same.`,
      ),
    ],
  },
  {
    key: 'unitedbuyers-prices',
    subject: 'Contract UB-2023-55: price sheet update',
    language: 'en',
    mails: [
      line(
        'noel',
        '16 11:00',
        `Good morning,

The annual window for price changes under UB-2023-55 opens today and closes {+2}. Increases need a justification with an index. Please use the template.

Regards,`,
        {
          files: [
            sheet(
              'Price-sheet-template.xlsx',
              ['SKU', 'Description', 'Current', 'New', 'Index'],
              ['NW-T100', 'Tracker', 16.5, '', ''],
              ['NW-F8', 'Field tablet', 1120, '', ''],
            ),
          ],
        },
      ),
      line(
        'mia',
        '13 14:40',
        `Hello Noël,

Attached is our sheet. Trackers stay, the F8 goes up 2.1 percent (PPI computers), and five new items are added.

Best regards,`,
        {
          files: [
            sheet(
              'Price-sheet-UB-2023-55.xlsx',
              ['SKU', 'Description', 'Current', 'New', 'Index'],
              ['NW-T100', 'Tracker', 16.5, 16.5, ''],
              ['NW-F8', 'Field tablet', 1120, 1143.5, 'PPI 2.1'],
            ),
          ],
        },
      ),
      line(
        'noel',
        '8 09:25',
        `Thank you. New items can't come in through the price window; they need an addition request with three sales to other customers as proof.

Regards,`,
      ),
      line(
        'mia',
        '8 10:50',
        `Understood. I take them out and send a corrected sheet, and start the addition request separately.

Best regards,`,
      ),
      line(
        'noel',
        '7 08:55',
        `Good. Please also note that the freight column must show "included" rather than zero, the system reads zero as missing.

Regards,`,
      ),
    ],
    next: [
      line(
        'noel',
        '0m',
        `Good morning,

The window closes {+2} at midnight Eastern. I still have your sheet with the five new items in it. Will the corrected one come in time?

Regards,`,
      ),
    ],
  },
  {
    key: 'goldenhop-pilot',
    subject: 'Pilot results: keg trucks with temperature probes',
    language: 'en',
    mails: [
      line(
        'dev',
        '18 10:00',
        `Hey team,

Four weeks of pilot are over. Overall the drivers like it. The probe in truck 6 reads three degrees high, everything else matches our loggers. What are the next steps if we want all 31 trucks?`,
      ),
      line(
        'omar',
        '18 11:30',
        `Hi Dev,

Great to hear. Truck 6 has the probe next to the reefer outlet, I can see it in the data: it jumps each time the door closes. Moving it to the bulkhead will cure it.

{picture}

The bars are hours above 6 °C per week, before you ask: week three was the broken door seal.`,
        { picture: chart('hours-above-6.png', 0.12, 0.1, 0.82, 0.15) },
      ),
      line('dev', '17 09:15', `Makes sense, moved it. What would 31 trucks cost, two probes each?`),
      line(
        'jane',
        '16 10:20',
        `Hi Dev,

Tracker | Probes | Per truck and month
With one probe | 1 | $19.40
With two probes | 2 | $22.90

The pilot units stay in, their cost is credited.

Best,`,
      ),
      line(
        'dev',
        '13 14:05',
        `$22.90 times 31 is above what I can sign alone. Could you do a version for a seasonal fleet, 31 in summer and 18 from November to March?`,
      ),
      line(
        'jane',
        '11 11:40',
        `Hi Dev,

Yes: parked trucks cost $4 a month to keep the history and the SIM. I attach both versions side by side.

Best,`,
        {
          files: [
            sheet(
              'Golden-Hop-two-versions.xlsx',
              ['Version', 'Summer', 'Winter', 'Year'],
              ['Flat', 709.9, 709.9, 8518.8],
              ['Seasonal', 709.9, 464.2, 7290.3],
            ),
          ],
        },
      ),
      line(
        'dev',
        '8 16:20',
        `Seasonal is great. The owners meet {+1}. Two questions they will ask: who owns the data, and can we cancel if we sell the Bend brewery?`,
      ),
      line(
        'jane',
        '7 09:30',
        `Hi Dev,

You own it, export any time. And yes, if a site is sold its trucks can leave the agreement with 60 days' notice; I will have that written into the order form.

Best,`,
      ),
      line('dev', '3 15:10', `Awesome. Send me the order form before {+1} and I'll walk in with it printed.`),
    ],
    next: [line('dev', '0m', `They said yes!! 31 trucks, seasonal, start in March. Who sends me the order form?`)],
  },
  {
    key: 'sunrise-quote',
    subject: 'Quick quote for 9 ambulances?',
    language: 'en',
    mails: [
      line(
        'luis',
        '6 07:20',
        `Morning. Adding 9 rigs in Q1. Same gear as the first 22: tracker, tablet, mount. Same price? Need a number, not a brochure.`,
      ),
      line(
        'jane',
        '6 09:00',
        `Morning Luis. Same gear, same price: $1,685 per rig, plus $21.50 a month. Install $240 if we do it. Good until year end.

Best,`,
      ),
      line('luis', '6 09:25', `Perfect. We install. PO next week.`),
      line(
        'luis',
        '185m',
        `PO 4471 attached. Ship to the Mesa station please, not HQ, HQ loses everything. When does it ship?`,
        {
          files: [
            pdf(
              'PO-4471.pdf',
              'Purchase order 4471',
              '9 x tracker, tablet and mount at $1,685.00',
              'Total $15,165.00',
              'Ship to: Station 12, Mesa',
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'luis',
        '0m',
        `One of the 9 is a bariatric unit, the dash is different. Do you have a mount with a longer arm? Swap it in the PO if the price is the same.`,
      ),
    ],
  },
  {
    key: 'frost-late',
    subject: 'Still waiting for an answer',
    language: 'en',
    mails: [
      line(
        'helen',
        '12 08:10',
        `Hello, I run 14 lorries out of Leeds. I filled in your form a fortnight ago and heard nothing. Do you not want small firms? If so just say.`,
      ),
      line(
        'jane',
        '12 10:05',
        `Dear Helen,

I am sorry. We do want small firms, and your form was answered to an address with a typo in it, so you never got it. The short version: 14 trackers, £11.20 per lorry and month, tachograph download included, no minimum term.

Best regards,`,
      ),
      line(
        'helen',
        '11 07:30',
        `Right, thank you, that's decent of you. Does the tacho download work with the older Stoneridge units? Mine are 2012 to 2016.`,
      ),
      line(
        'omar',
        '10 09:40',
        `Hello Helen,

From Stoneridge release 7.1 on. Print a technical data ticket, the release is in the third line. Send me a photo if in doubt.`,
      ),
      line(
        'helen',
        '2 18:45',
        `I sent photos of four tickets on {-7w} and again heard nothing. Second time now. I have an offer from someone local and would rather have gone with you.`,
      ),
    ],
    next: [line('helen', '0m', `I'll give it until {+1w}. After that I sign with the other lot.`)],
  },
]
