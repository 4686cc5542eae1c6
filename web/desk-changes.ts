import type { InfiniteData } from '@tanstack/solid-query'
import { type Following, NO_DATE } from '../db/vocabulary.ts'
import { api, call, type IssuePage, type ListedIssue, wordsOf } from './api.ts'
import { change, snoozeAgain, undoUnlessChanged } from './changes.ts'
import { tags } from './desk.ts'
import { type Until, untilWords } from './format.ts'
import { issueKey, me } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

// Putting off, tagging and following: shown at once, each with its way back.

/** Puts an issue off. */
export async function snooze(issue: ListedIssue, until: Until): Promise<void> {
  const { id } = issue
  const snoozedUntil = until.at ?? NO_DATE
  const inverse = () => (issue.status === 'snoozed' ? snoozeAgain(issue) : wakeAsBefore(issue))
  const isAsMade = (now: ListedIssue) => now.status === 'snoozed' && now.snoozedUntil === snoozedUntil
  const made = change(
    id,
    { status: 'snoozed', snoozedUntil, wakesOnReply: until.onReply, waitingSince: null },
    () => call(api.issues[':id'].snooze.$put({ param: { id }, json: { until: until.at, onReply: until.onReply } })),
    {
      done: `Snoozed ${untilWords(until, Date.now())}.`,
      undo: () => void undoUnlessChanged(id, () => made, isAsMade, inverse),
    },
  )
  await made
}

/** Takes back that an issue was put off: it is what it was. */
async function wakeAsBefore({ id, status, waitingSince }: ListedIssue): Promise<boolean> {
  const send = () => call(api.issues[':id'].snooze.$delete({ param: { id } }))
  return await change(id, { status, waitingSince, snoozedUntil: null, wakesOnReply: false }, send, null)
}

/** Puts a tag on an issue or takes it off; one that does not exist is made. */
export async function toggleTag(issue: ListedIssue, name: string, isQuiet = false): Promise<boolean> {
  const { id } = issue
  const known = tags().find((tag) => tag.name.toLowerCase() === name.trim().toLowerCase())
  const isOn = known !== undefined && issue.tagIds.includes(known.id)
  const tagIds = !known
    ? issue.tagIds
    : isOn
      ? issue.tagIds.filter((one) => one !== known.id)
      : [...issue.tagIds, known.id]
  const json = isOn ? { remove: [name] } : { add: [name] }
  const inverse = async () => {
    const now = client.getQueryData<InfiniteData<IssuePage>>(issueKey(id))?.pages[0]?.issue
    return await toggleTag({ ...issue, tagIds: now?.tagIds ?? tagIds }, name, true)
  }
  const made = change(
    id,
    { tagIds },
    async () => {
      const answer = await call(api.issues[':id'].tags.$patch({ param: { id }, json }))
      if (!known) await client.invalidateQueries({ queryKey: ['tags'] })
      return answer
    },
    isQuiet
      ? null
      : {
          done: isOn ? `No longer tagged ${name}.` : `Tagged ${name}.`,
          undo: () =>
            void undoUnlessChanged(
              id,
              () => made,
              () => true,
              inverse,
            ),
        },
  )
  return await made
}

const FOLLOW_WORDS = {
  following: 'You follow this issue.',
  muted: 'Muted: you do not hear of this issue.',
  none: 'You hear of this issue as its assignee, and not otherwise.',
}

/** What the member said about hearing of an issue. */
export function followingOf(page: IssuePage | undefined): Following | null {
  const meId = me()?.member.id
  return page?.followers.find(({ memberId }) => memberId === meId)?.state ?? null
}

/** Begins to follow or to mute, or ends it where that is so already. */
export async function toggleFollowing(page: IssuePage, state: Following, isQuiet = false): Promise<void> {
  const before = followingOf(page)
  const next = before === state ? null : state
  await setFollowing(page.issue.id, next)
  if (!isQuiet) say(FOLLOW_WORDS[next ?? 'none'], () => void setFollowing(page.issue.id, before))
}

async function setFollowing(id: string, state: Following | null): Promise<void> {
  try {
    const followers = await call(api.issues[':id'].following.$put({ param: { id }, json: { state } }))
    client.setQueryData<InfiniteData<IssuePage>>(issueKey(id), (data) =>
      data ? { ...data, pages: data.pages.map((page) => ({ ...page, followers })) } : data,
    )
  } catch (error) {
    complain(wordsOf(error))
  }
}
