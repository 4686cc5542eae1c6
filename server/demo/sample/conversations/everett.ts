import { type Conversation, line } from '../conversation.ts'

/** A mail of ours to somebody who has left: it comes back as undeliverable (see ../machines.ts). */
export const everett: Conversation[] = [
  {
    key: 'everett-left',
    subject: 'Straddle carrier units: shall we renew the quote?',
    language: 'en',
    mails: [
      line(
        'jane',
        '2 10:20',
        `Dear Lars,

Our quote for twelve straddle carrier units runs out {+5}. Shall I renew it at the same price for another 60 days, or has the project moved?

Best regards,`,
        { to: 'lars' },
      ),
    ],
  },
]
