import { type Conversation, line } from '../conversation.ts'
import { word } from '../file.ts'

export const bluewater: Conversation[] = [
  {
    key: 'bluewater-nda',
    subject: 'NDA redlines from Bluewater',
    language: 'en',
    mails: [
      line(
        'tomas',
        '27 09:20',
        `Hi,

We met at the workboat show. We're looking at engine-hour and position data for 46 tugs and crew boats, and need an NDA before I can send vessel specs. Lea Brandt in our legal team is on copy, please send her your template.`,
        { cc: ['lea'], subject: 'NDA before vessel data' },
      ),
      line(
        'mia',
        '27 10:45',
        `Hello Tomás, hello Lea,

Good to meet you. Our mutual NDA is attached, two pages. Happy to look at yours if you prefer.

Best regards,`,
        {
          cc: ['lea'],
          files: [
            word(
              'Northwind-Mutual-NDA.docx',
              'Mutual Non-Disclosure Agreement',
              '1. Purpose: evaluation of vessel telematics.',
              '2. Term: two years.',
              '3. Confidentiality survives for three years.',
              '4. Governing law: Washington.',
            ),
          ],
        },
      ),
      line(
        'lea',
        '25 15:30',
        `Hello Mia,

Thank you. Redlines attached. The main points:

- Clause 1: purpose limited to the 46 vessels named in exhibit A
- Clause 3: five years instead of three, trade secrets without limit
- Clause 4: Louisiana
- New clause 7: no reverse engineering, no benchmarking

Regards,`,
        {
          subject: 'NDA redlines from Bluewater',
          files: [
            word(
              'NDA-Bluewater-redline-1.docx',
              'Mutual Non-Disclosure Agreement, redline 1',
              '3. Confidentiality survives for [three] five years.',
              '4. Governing law: [Washington] Louisiana.',
              '7. No reverse engineering.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '24 11:00',
        `Hello Lea,

Clauses 1 and 7 are fine. On 3 we can do five years, but for trade secrets we would need them to be marked as such. On 4, may I suggest Delaware as neutral ground?

Best regards,`,
      ),
      line(
        'lea',
        '23 09:15',
        `Marking is acceptable for documents. Oral disclosures could be confirmed in writing within 30 days. Delaware I have to ask about.

Regards,`,
      ),
      line(
        'mia',
        '23 09:50',
        `30 days is fine. I wait for your word on Delaware.

Best regards,`,
      ),
      line(
        'lea',
        '21 16:40',
        `Delaware is fine for us. However our board now wants a residuals clause struck that I don't find in your draft. Did you mean to have one?

Regards,`,
      ),
      line(
        'mia',
        '20 09:05',
        `No, our template has none, so nothing to strike.

Best regards,`,
      ),
      line(
        'lea',
        '20 10:20',
        `Even better.

Regards,`,
      ),
      line(
        'tomas',
        '19 13:00',
        `Folks, two weeks on an NDA. I have a dry dock window coming and need the sensor list by {-8w}. Can we get this over the line?`,
        { cc: ['lea'] },
      ),
      line(
        'mia',
        '19 13:40',
        `Tomás, we are down to one clause. If Lea sends a clean version today, we sign today.

Best regards,`,
        { cc: ['lea'] },
      ),
      line(
        'lea',
        '18 17:10',
        `Clean version with exhibit A attached. I added affiliates in the definition of "Representatives", since our vessels belong to six companies.

Regards,`,
        {
          files: [
            word(
              'NDA-Bluewater-clean-2.docx',
              'Mutual Non-Disclosure Agreement, clean 2',
              'Representatives include affiliates listed in exhibit A.',
              'Exhibit A: 46 vessels, six owning companies.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '17 10:30',
        `Hello Lea,

Affiliates are fine if Bluewater is responsible for what they do. Our usual sentence: "Each party is liable for its Representatives as for itself." Could you add it to clause 2?

Best regards,`,
      ),
      line(
        'lea',
        '16 09:45',
        `I would soften it: "shall be responsible for any breach of this Agreement by its Representatives." Same thing, gentler.

Regards,`,
      ),
      line(
        'mia',
        '16 10:02',
        `Agreed.

Best regards,`,
      ),
      line(
        'lea',
        '14 14:55',
        `Thank you. One question from our insurer: does your cyber policy cover data of third parties, and to what amount? They want it in writing before we exchange data.

Regards,`,
      ),
      line(
        'mia',
        '13 11:10',
        `Hello Lea,

Yes, $5M per claim, third party included. A letter from our broker is on its way; Tina Abbott at Stonebridge writes it.

Best regards,`,
      ),
      line(
        'lea',
        '11 10:00',
        `Received the broker's letter, our insurer is content.

Regards,`,
      ),
      line('tomas', '10 08:30', `So are we signing?`, { cc: ['lea'] }),
      line(
        'lea',
        '10 09:40',
        `Tomás, as soon as Northwind confirms the notice address. Mia, the draft still shows your old office on Elliott Avenue.

Regards,`,
        { cc: ['tomas'] },
      ),
      line(
        'mia',
        '9 09:00',
        `Good catch. Please use 1400 Alder Way, Suite 300, Seattle, WA 98101.

Best regards,`,
        { cc: ['tomas'] },
      ),
      line(
        'lea',
        '8 15:25',
        `Corrected. But exhibit A has changed meanwhile: we sold two crew boats and bought a tug, so it is 45 vessels. I attach redline 3 with only that change.

Regards,`,
        {
          files: [
            word(
              'NDA-Bluewater-redline-3.docx',
              'Mutual Non-Disclosure Agreement, redline 3',
              'Exhibit A: [46] 45 vessels.',
            ),
          ],
        },
      ),
      line(
        'mia',
        '6 11:30',
        `Hello Lea,

45 vessels is fine. Before I have it signed, see my one question in clause 2: the word "solely" has come back. Is that on purpose?

Best regards,`,
      ),
      line(
        'lea',
        '4 16:15',
        `Hello Mia,

See our answer in the margin: "solely" comes from our template and we would like to keep it, but would accept "primarily" if you explain which other use you have in mind. Redline 4 attached. We would be glad to close this by {-3w}.

Regards,`,
        {
          files: [
            word(
              'NDA-Bluewater-redline-4.docx',
              'Mutual Non-Disclosure Agreement, redline 4',
              '2. Recipient shall use Confidential Information [solely] primarily for the Purpose.',
              'Comment LB: please explain other use.',
            ),
          ],
        },
      ),
    ],
    next: [
      line(
        'tomas',
        '0m',
        `I have to give the dry dock a date for the cabling. If the NDA is not signed this week we install nothing before spring. What is still open?`,
        { cc: ['lea'] },
      ),
      line(
        'lea',
        '0m',
        `Hello Mia,

In the interest of time: we accept "primarily" without the explanation. Please send the signature version.

Regards,`,
      ),
    ],
  },
]
