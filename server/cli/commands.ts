import type { Command } from './command.ts'

/** A command as the help lists it; what it needs is loaded when it runs, so that nobody waits for the rest. */
export type Listed = {
  /** One line: what it does. */
  summary: string
  load(): Promise<Command>
}

/** Every command by its name of one word or two, in the order of the help. */
export const commands: Record<string, Listed> = {
  serve: {
    summary: 'Starts Downfield: the pages, the API, and the watch over the mailboxes.',
    load: async () => (await import('./serve.ts')).serve,
  },
  demo: {
    summary: 'Starts Downfield with an invented mailbox. Needs no settings and no network.',
    load: async () => (await import('./demo.ts')).demo,
  },
  dev: {
    summary: 'Starts Downfield for who works on it: pages reload, the server starts again.',
    load: async () => (await import('./dev.ts')).dev,
  },
  'admin create': {
    summary: 'Makes an account that may do everything.',
    load: async () => (await import('./member.ts')).adminCreate,
  },
  'member add': {
    summary: 'Makes an account for a member of the team.',
    load: async () => (await import('./member.ts')).memberAdd,
  },
  'mailbox add': {
    summary: 'Connects a shared mailbox by IMAP and SMTP.',
    load: async () => (await import('./mailbox.ts')).mailboxAdd,
  },
  'mailbox list': {
    summary: 'Lists the mailboxes and how the watch over each goes.',
    load: async () => (await import('./mailbox.ts')).mailboxList,
  },
  'mailbox check': {
    summary: 'Compares a mailbox with what is here of it, and puts right what differs.',
    load: async () => (await import('./mailbox-check.ts')).mailboxCheck,
  },
  'mailbox test': {
    summary: 'Tries the servers of a mailbox with the settings that are stored.',
    load: async () => (await import('./mailbox.ts')).mailboxTest,
  },
  'mailbox send-test': {
    summary: 'Sends a mail from a mailbox to itself, and says what became of it.',
    load: async () => (await import('./mailbox-send-test.ts')).mailboxSendTest,
  },
  'token create': {
    summary: 'Makes a token with which a program may use the API for a member.',
    load: async () => (await import('./token.ts')).tokenCreate,
  },
  import: {
    summary: 'Brings in mail from files: an mbox, a Maildir, or .eml files.',
    load: async () => (await import('./import.ts')).importFiles,
  },
  reindex: {
    summary: 'Makes all mail searchable anew.',
    load: async () => (await import('./reindex.ts')).reindex,
  },
  backup: {
    summary: 'Backs up rows, raw mails and files while the server runs.',
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: {
    summary: 'Brings a backup back into an empty installation.',
    load: async () => (await import('./backup.ts')).restore,
  },
  verify: {
    summary: 'Checks every row, every reference and every raw mail of this installation, or of a backup.',
    load: async () => (await import('./backup.ts')).verify,
  },
  move: {
    summary: 'Moves an installation from SQLite to PostgreSQL, and compares both.',
    load: async () => (await import('./backup.ts')).move,
  },
  inspect: {
    summary: 'Prints how Downfield understands raw mails. Needs no database.',
    load: async () => (await import('./inspect.ts')).inspectFiles,
  },
  'exchange plan': {
    summary: 'Plans the steps from a snapshot of Exchange to the shared mailbox that is wanted.',
    load: async () => (await import('./exchange.ts')).exchangePlan,
  },
  'exchange apply': {
    summary: 'Carries such a plan out by a connection to Exchange, and sees that it led there.',
    load: async () => (await import('./exchange-apply.ts')).exchangeApply,
  },
  'exchange doctor': {
    summary: 'Says why somebody does not see a shared mailbox in Outlook, and what mends it.',
    load: async () => (await import('./exchange.ts')).exchangeDoctor,
  },
  'exchange check': {
    summary: 'Shows who has which rights on a shared mailbox, and what each means.',
    load: async () => (await import('./exchange.ts')).exchangeCheck,
  },
  'exchange dns': {
    summary: 'Asks DNS what mail and Outlook need of a domain, and says what is wrong.',
    load: async () => (await import('./exchange-dns.ts')).exchangeDns,
  },
  'exchange options': {
    summary: 'Shows the five ways to share an address, what each leads to, and where this one stands.',
    load: async () => (await import('./exchange.ts')).exchangeOptions,
  },
  'exchange outlook': {
    summary: 'Prints settings for Outlook: where sent and deleted mail of a shared mailbox goes.',
    load: async () => (await import('./exchange.ts')).exchangeOutlook,
  },
  'exchange collect': {
    summary: 'Prints the script that collects such a snapshot; it reads only.',
    load: async () => (await import('./exchange.ts')).exchangeCollect,
  },
}
