import type { Conversation } from './conversation.ts'
import { bluewater } from './conversations/bluewater.ts'
import { contracts } from './conversations/contracts.ts'
import { dutch } from './conversations/dutch.ts'
import { everett } from './conversations/everett.ts'
import { french } from './conversations/french.ts'
import { german } from './conversations/german.ts'
import { harbor } from './conversations/harbor.ts'
import { iberia } from './conversations/iberia.ts'
import { japanese } from './conversations/japanese.ts'
import { kern } from './conversations/kern.ts'
import { quotes } from './conversations/quotes.ts'
import { suppliers } from './conversations/suppliers.ts'
import { tacoma } from './conversations/tacoma.ts'
import { tenders } from './conversations/tenders.ts'

/** Everything that people write in the sample. */
export const conversations: Conversation[] = [
  ...tacoma,
  ...harbor,
  ...kern,
  ...bluewater,
  ...tenders,
  ...quotes,
  ...contracts,
  ...suppliers,
  ...german,
  ...french,
  ...iberia,
  ...dutch,
  ...japanese,
  ...everett,
]
