import { type Conversation, line } from '../conversation.ts'
import { csv, pdf, sheet } from '../file.ts'

/** Public tenders, from the first question to the debriefing. */
export const tenders: Conversation[] = [
  {
    key: 'bigsky-avl',
    subject: 'RFP 26-0418 AVL for winter maintenance',
    language: 'en',
    mails: [
      line(
        'karen',
        '25 09:00',
        `Good morning,

The Department seeks automatic vehicle location for 610 plows. RFP 26-0418 is attached. Submittals close {+12y} at 3:00 PM Mountain. Written questions close {+3} at noon Mountain.

Thank you,`,
        {
          files: [
            pdf(
              'RFP-26-0418.pdf',
              'RFP 26-0418',
              'AVL for 610 snow plows in five districts',
              'Written questions: {+3y}, noon Mountain',
              'Submittals: {+12y}, 3:00 PM Mountain',
            ),
          ],
        },
      ),
      line(
        'jane',
        '24 10:10',
        `Dear Karen,

Thank you, received. We plan to submit.

Best regards,`,
      ),
      line(
        'omar',
        '21 13:00',
        `Dear Karen,

Questions, first set:

1. How many of the 610 plows have a spreader controller, and of which make?
2. Is there cell coverage on MacDonald and Rogers passes, or is satellite back-up expected?
3. Who removes the existing units?`,
      ),
      line(
        'bill',
        '20 07:30',
        `I'm the maintenance chief, Karen asked me to answer number 2 for everybody. No coverage on the top four miles of either pass. Satellite is nice, but store and forward is what we ask for. I've driven that pass for 26 years and nobody has ever needed to see the plow live up there.`,
        { cc: ['karen'] },
      ),
      line(
        'karen',
        '17 15:20',
        `The full set of answers is attached (48 questions).

Thank you,`,
        {
          answers: 2,
          files: [
            csv(
              'Answers-26-0418.csv',
              ['No', 'Answer'],
              [1, '540 with controller: 310 of make A, 230 of make B'],
              [2, 'Store and forward suffices'],
              [3, 'The contractor removes old units'],
            ),
          ],
        },
      ),
      line(
        'omar',
        '16 11:45',
        `Thank you. A follow-up on 1: can we have the firmware versions of the 230 units of make B? Before version 4.2 they don't report the gate position.`,
      ),
      line(
        'bill',
        '15 08:05',
        `About half are on 3.9. We were going to upgrade them anyway, the dealer wants $60 apiece. If you can do it on the same visit, say so in your proposal, that would score with me.`,
        { cc: ['karen'] },
      ),
      line(
        'karen',
        '15 09:00',
        `For the record: Mr. Sorensen's note is not a change of the evaluation criteria.

Thank you,`,
        { answers: 6 },
      ),
      line('omar', '15 09:40', `Understood.`),
      line(
        'karen',
        '10 14:00',
        `Amendment 1: district 4 adds 22 plows, total 632. The cost form is replaced.

Thank you,`,
        {
          files: [
            sheet(
              'Cost-form-rev-1.xlsx',
              ['District', 'Plows', 'Unit', 'Install'],
              [1, 140, '', ''],
              [2, 118, '', ''],
              [3, 131, '', ''],
              [4, 125, '', ''],
              [5, 118, '', ''],
            ),
          ],
        },
      ),
      line(
        'jane',
        '10 15:30',
        `Amendment 1 acknowledged.

Best regards,`,
      ),
      line(
        'karen',
        '6 11:10',
        `Reminder: proposers need an active registration in the State's vendor portal. Northwind's shows as "pending tax document".

Thank you,`,
      ),
      line(
        'mia',
        '6 12:30',
        `Thank you for the warning, Karen. The W-9 has been uploaded, could you check that the status changed?

Best regards,`,
      ),
      line(
        'karen',
        '52m',
        `Ms. Lund,

The registration is active now. Unrelated: several firms have asked to extend the question period, so it now closes {+5} at noon Mountain. Submittals remain due {+12}. Do you still have open questions on district 4?

Thank you,`,
      ),
    ],
    next: [
      line(
        'bill',
        '0m',
        `Got a district 4 plow in the shop with the dash out until tomorrow. If your installer in Helena wants to see the harness, now is the time. No strings attached to the RFP.`,
        { cc: ['karen'] },
      ),
    ],
  },
  {
    key: 'lakeview-buses',
    subject: 'Bid 41-27: student bus tracking and parent app',
    language: 'en',
    mails: [
      line(
        'denise',
        '23 12:40',
        `Hello!

Lakeview School District is bidding GPS tracking for 64 buses with a parent app. It's a sealed bid, the packet is attached. Opening is {+3} at 10:00 am in the board room.

Denise`,
        {
          files: [
            pdf(
              'Bid-41-27.pdf',
              'Bid 41-27',
              '64 buses, parent app in English, Spanish and Polish',
              'Opening: {+3y}, 10:00 AM Central',
            ),
          ],
        },
      ),
      line(
        'mia',
        '22 10:00',
        `Hello Denise,

Thank you. Does the parent app have to show the bus live, or is "five minutes away" enough? Some districts don't want live positions for safety.

Best regards,`,
      ),
      line(
        'denise',
        '21 08:15',
        `Good question!! Our safety committee says five minutes away only. No live map for parents.`,
      ),
      line(
        'mia',
        '21 09:00',
        `Perfect, that is how our standard works.

Best regards,`,
      ),
      line(
        'denise',
        '13 14:25',
        `Hi again, two addenda at once: Polish is dropped, Ukrainian is added. And we need FERPA language in the contract.`,
      ),
      line(
        'mia',
        '12 11:20',
        `Both noted. Our FERPA addendum is attached so that your counsel can read it early.

Best regards,`,
        {
          files: [
            pdf(
              'FERPA-addendum.pdf',
              'FERPA addendum',
              'Student records remain the property of the district.',
              'Deletion within 30 days after the end of the contract.',
            ),
          ],
        },
      ),
      line(
        'denise',
        '4 13:50',
        `Counsel is happy with it. Please remember: sealed envelope, two paper copies, blue ink. I know, I know.`,
      ),
    ],
    next: [
      line(
        'denise',
        '0m',
        `Snow day forecast for the bid opening! If schools close, the opening moves to the next school day, same time. I'll write to everybody that morning.`,
      ),
    ],
  },
  {
    key: 'valley-prebid',
    subject: 'Valley Transit IFB 3309, pre-bid conference',
    language: 'en',
    mails: [
      line(
        'yolanda',
        '9 10:30',
        `Good morning,

Valley Transit Authority will hold a virtual pre-bid conference for IFB 3309 (automatic passenger counters, 88 coaches). A calendar invitation will follow. Attendance is optional, but bidders who miss it get no minutes.

Sincerely,`,
      ),
      line(
        'jane',
        '9 11:40',
        `Dear Yolanda,

Please invite Omar Kaya and me at this address.

Best regards,`,
      ),
      line(
        'yolanda',
        '3 14:00',
        `Thank you all for the lively questions. Minutes and the list of attendees are attached. Written questions by {+1}, bids by {+8y}, 2:00 PM Pacific.

Sincerely,`,
        {
          files: [
            pdf(
              'Minutes-IFB-3309.pdf',
              'Minutes of the pre-bid conference',
              '14 firms attended',
              'Accuracy: 95 percent per door, verified over 30 trips',
              'Bids due {+8y}, 2:00 PM Pacific',
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'yolanda',
        '0m',
        `Good day,

Question 11 has been answered wrongly in the minutes: accuracy is measured per trip, not per door. A corrected page will be issued tomorrow.

Sincerely,`,
      ),
    ],
  },
  {
    key: 'alder-debrief',
    subject: 'RFQ 88-26 light bar controllers: award and debriefing',
    language: 'en',
    mails: [
      line(
        'ruth',
        '15 13:10',
        `Dear bidder,

The City of Alder intends to award RFQ 88-26 to another firm. Your price was second lowest ($61,230 against $58,900). Protests must be filed within five working days.`,
      ),
      line(
        'jane',
        '15 15:00',
        `Dear Ruth,

Thank you for telling us. We won't protest, but would value a short debriefing: where did we lose points besides price?

Best regards,`,
      ),
      line(
        'ruth',
        '12 11:45',
        `Happy to. You had the best technical score (44 of 50). You lost on delivery: ten weeks against four. The committee also noted that your warranty statement was on page 31 and hard to find.`,
      ),
      line(
        'jane',
        '12 13:30',
        `That is very useful, thank you. May we have the score sheet for our files?

Best regards,`,
      ),
      line(
        'ruth',
        '11 10:20',
        `Attached, with other firms blacked out. Please do bid again, there will be a phase 2 for the fire trucks in the spring.`,
        {
          files: [
            csv(
              'Score-sheet.csv',
              ['Criterion', 'Max', 'Northwind'],
              ['Technical', 50, 44],
              ['Price', 30, 28.9],
              ['Delivery', 20, 8],
            ),
          ],
        },
      ),
    ],
  },
  {
    key: 'isles-nobid',
    subject: 'ITT 0092 passenger counting on ferries',
    language: 'en',
    mails: [
      line(
        'callum',
        '17 09:35',
        `Good morning,

Isles Ferries invites tenders for passenger counting on eleven vessels. Please tell us by {-14} whether you intend to bid, as the pack is 240 MB and I'd rather not send it to those who don't.`,
      ),
      line(
        'jane',
        '15 10:25',
        `Dear Callum,

Thank you for asking first. We have no product certified for passenger decks at sea, so we will not bid this time. For the car decks we would be glad to be asked again.

Best regards,`,
      ),
      line(
        'callum',
        '14 09:05',
        `Appreciate the straight answer, not everyone does that. I have put you down for the car decks, that will be next autumn.`,
      ),
    ],
  },
  {
    key: 'bigsky-reference',
    subject: 'Reference check for Northwind: plow tracking',
    language: 'en',
    mails: [
      line(
        'nora',
        '10 15:05',
        `Hello,

We are preparing a joint bid for the national roads authority in Ireland and would like to name Northwind as subcontractor for vehicle units. Could you let us have two references for winter fleets, with contact persons?

Kind regards,`,
      ),
      line(
        'jane',
        '9 09:50',
        `Hello Nora,

Gladly. I have to ask both before I pass on names, please give me until {-6w}.

Best regards,`,
      ),
      line(
        'jane',
        '6 10:15',
        `Hello Nora,

Both agreed: Bill Sorensen (Big Sky DOT, 610 plows, since 2019 as a pilot) and Jens Hölzl (Stadtwerke Lindau). Please don't call before nine their time.

Best regards,`,
      ),
      line(
        'nora',
        '2 16:30',
        `Lovely, thank you. One more thing: as subcontractor you'd have to sign the ESPD form, part II to IV. Deadline on our side is {+4}. I attach a filled example.

Kind regards,`,
        {
          files: [
            pdf(
              'ESPD-example.pdf',
              'European Single Procurement Document',
              'Part II: information on the economic operator',
              'Part III: exclusion grounds',
              'Part IV: selection criteria',
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'nora',
        '0m',
        `Hello Jane, the authority has moved the tender by three weeks, so no panic with the ESPD. New date is {+18}.

Kind regards,`,
      ),
    ],
  },
]
