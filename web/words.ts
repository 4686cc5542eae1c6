import type { Role, Security, Status, View } from '../db/vocabulary.ts'

// The words for what the database names. One place, so that a thing is called the same on every screen.

export const STATUS_WORDS: Record<Status, string> = {
  new: 'Needs triage',
  open: 'Ours to move',
  snoozed: 'Snoozed',
  waiting: 'Waiting on them',
  done: 'Done',
  spam: 'Spam',
  trash: 'Trash',
  merged: 'Part of another issue',
}

export const VIEW_WORDS: Record<View | 'search', string> = {
  search: 'Search',
  inbox: 'Inbox',
  mine: 'Assigned to me',
  team: 'Team',
  unassigned: 'Unassigned',
  snoozed: 'Snoozed',
  waiting: 'Waiting on them',
  done: 'Done',
  spam: 'Spam',
  trash: 'Trash',
  all: 'All issues',
}

/** What a view says when it holds nothing: that this is fine, or what would be here. */
export const EMPTY_WORDS: Record<View | 'search', [title: string, sentence: string]> = {
  search: [
    'Nothing is found',
    'Try fewer words, or the beginning of one with a * behind it. Spam and trash: is:spam, is:trash.',
  ],
  inbox: ['Nothing to move', 'Every issue waits on them or is done. New mail appears here by itself.'],
  mine: ['Nothing is assigned to you', 'Take an issue with I, or assign it to somebody with A.'],
  team: ['Nothing for this team', 'What is assigned to the team appears here, until one of you takes it.'],
  unassigned: ['Everything has somebody', 'Issues that nobody takes care of appear here.'],
  snoozed: ['Nothing is snoozed', 'Put an issue off with H: it comes back at its time, or when they write.'],
  waiting: ['Waiting on nobody', 'An issue comes here when you answer, and returns to the inbox when they do.'],
  done: ['Nothing is done yet', 'Issues that you finish with E are kept here. An answer brings them back.'],
  spam: ['No spam', 'What you mark with ! is kept here, out of the counts.'],
  trash: ['The trash is empty', 'What you throw away with # is kept here.'],
  all: ['No issues yet', 'Each mail that starts something new becomes an issue.'],
}

export const ROLE_WORDS: Record<Role, string> = {
  admin: 'Admin',
  manager: 'Manager',
  member: 'Member',
  viewer: 'Viewer',
}

/** What a role may do, for the form that gives it. */
export const ROLE_SENTENCES: Record<Role, string> = {
  admin: 'Works on issues in every mailbox, and manages mailboxes, people and teams.',
  manager: 'Works on issues, and looks after reports.',
  member: 'Works on issues: assigns, answers, writes notes.',
  viewer: 'Reads along, and changes nothing.',
}

export const SECURITY_WORDS: Record<Security, string> = {
  tls: 'TLS',
  starttls: 'STARTTLS',
  none: 'Not encrypted',
}
