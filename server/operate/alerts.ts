import type { Status } from './status.ts'

/** What somebody should look at, in words, with what to do. */
export type Alert = {
  /** Stays the same while the matter lasts: `mailbox_stale:ID`. */
  key: string
  /** `now`: work stands still, or may be lost; `soon`: it will be, unless somebody sees to it. */
  urgency: 'now' | 'soon'
  summary: string
  whatToDo: string
  /** Where in Downfield it can be seen. */
  link: string
}

const MINUTE_MS = 60_000
/** A mailbox that nobody could look into for so long. A restart of its server takes less. */
export const STALE_MS = 15 * MINUTE_MS
/** A message that is due for so long and not sent. */
export const OUTBOX_LATE_MS = 15 * MINUTE_MS
/** How long a backup may take before it counts as missed. */
export const BACKUP_LATE_MS = 6 * 60 * MINUTE_MS
/** Less free disk than this, in bytes or as a share. */
export const DISK_LOW_BYTES = 2_000_000_000
export const DISK_LOW_SHARE = 0.05

/** What is wrong, most urgent first. */
export function alertsOf(status: Status, now: number): Alert[] {
  const alerts = [...disk(status), ...mailboxes(status, now), ...sending(status, now), ...backups(status, now)]
  return alerts.sort((a, b) => Number(a.urgency === 'soon') - Number(b.urgency === 'soon'))
}

function disk({ disk: { freeBytes, totalBytes } }: Status): Alert[] {
  if (freeBytes >= DISK_LOW_BYTES && freeBytes >= totalBytes * DISK_LOW_SHARE) return []
  return [
    {
      key: 'disk_low',
      urgency: 'now',
      summary: `The disk of the data folder has ${(freeBytes / 1e9).toFixed(1)} GB left.`,
      whatToDo: 'Make room. When it is full, mail stays on its server and comes in afterwards; answers wait.',
      link: '/status',
    },
  ]
}

function mailboxes(status: Status, now: number): Alert[] {
  return status.mailboxes.flatMap(({ id, address, paused, state, since, syncedAt, failed }): Alert[] => {
    const alerts: Alert[] = []
    const unseenFor = now - (syncedAt ?? since ?? now)
    if (!paused && unseenFor > STALE_MS) {
      alerts.push({
        key: `mailbox_stale:${id}`,
        urgency: 'now',
        summary: `Nobody could look into ${address} for ${Math.round(unseenFor / MINUTE_MS)} minutes.`,
        whatToDo:
          state === 'trouble'
            ? 'Its page says what the server answers, and what to do.'
            : 'See its page; start Downfield again if nothing moves.',
        link: `/mailboxes/${id}`,
      })
    }
    if (failed > 0) {
      alerts.push({
        key: `mails_failed:${id}`,
        urgency: 'soon',
        summary: `${failed === 1 ? 'A mail' : `${failed} mails`} to ${address} could not be understood.`,
        whatToDo: 'Each is an issue with its raw file; a newer version tries them again by itself.',
        link: `/mailboxes/${id}`,
      })
    }
    return alerts
  })
}

function sending({ outbox: { oldestDueAt, uncertain } }: Status, now: number): Alert[] {
  const alerts: Alert[] = []
  if (oldestDueAt !== null && now - oldestDueAt > OUTBOX_LATE_MS) {
    alerts.push({
      key: 'outbox_stuck',
      urgency: 'now',
      summary: `An answer has been waiting to be sent for ${Math.round((now - oldestDueAt) / MINUTE_MS)} minutes.`,
      whatToDo: 'The issue says why. Check the SMTP server of its mailbox.',
      link: '/status',
    })
  }
  if (uncertain > 0) {
    alerts.push({
      key: 'outbox_uncertain',
      urgency: 'soon',
      summary: `${uncertain === 1 ? 'An answer' : `${uncertain} answers`} may or may not have gone out.`,
      whatToDo: 'Open the issue: ask the recipient, or say that it arrived or is to be sent again.',
      link: '/status',
    })
  }
  return alerts
}

function backups({ backups: { on, newestAt, dueAt } }: Status, now: number): Alert[] {
  if (!on || (newestAt !== null && newestAt >= dueAt) || now - dueAt < BACKUP_LATE_MS) return []
  const last = newestAt === null ? 'There is none.' : `The newest is of ${new Date(newestAt).toISOString()}.`
  return [
    {
      key: 'backup_late',
      urgency: 'soon',
      summary: `Last night's backup is missing. ${last}`,
      whatToDo: 'The log says why. "downfield backup DIR" makes one now.',
      link: '/status',
    },
  ]
}
