import type { Command } from './command.ts'

import { demo } from './demo.ts'
import { dev } from './dev.ts'
import { importFiles } from './import.ts'
import { inspectFiles } from './inspect.ts'
import { mailboxAdd, mailboxList, mailboxTest } from './mailbox.ts'
import { adminCreate, memberAdd } from './member.ts'
import { serve } from './serve.ts'
import { tokenCreate } from './token.ts'

/** Every command by its name of one word or two, in the order of the help. */
export const commands: Record<string, Command> = {
  serve,
  demo,
  dev,
  'admin create': adminCreate,
  'member add': memberAdd,
  'mailbox add': mailboxAdd,
  'mailbox list': mailboxList,
  'mailbox test': mailboxTest,
  'token create': tokenCreate,
  import: importFiles,
  inspect: inspectFiles,
}
