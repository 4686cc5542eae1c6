import { api, call, type ListedIssue, type Suggested, wordsOf } from './api.ts'
import { show } from './changes.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

// One matter, one issue: bringing issues together and taking them apart. Each can be undone, now by Z and for ever from the
// timeline.

/** What is read anew when emails moved between issues. */
function reload(...ids: string[]): void {
  for (const id of ids) void client.invalidateQueries({ queryKey: issueKey(id) })
  for (const key of ['issues', 'counts', 'suggestions-of']) void client.invalidateQueries({ queryKey: [key] })
}

async function act(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    complain(wordsOf(error))
    reload()
  }
}

/** Brings an issue into another. */
export async function bringIn(issue: ListedIssue, into: Pick<ListedIssue, 'id' | 'number' | 'subject'>): Promise<void> {
  const param = { id: issue.id }
  show({ ...issue, status: 'merged' })
  const sent = call(api.issues[':id'].merge.$put({ param, json: { intoId: into.id } }))
  say(
    `Part of "${into.subject || `issue ${into.number}`}" now.`,
    () => void act(() => sent.then(() => takeOut(issue.id))),
  )
  await act(async () => {
    show(await sent)
    reload(issue.id, into.id)
  })
}

/** Takes an issue out of the one that it was brought into. */
export async function takeOut(id: string): Promise<void> {
  await act(async () => {
    const { from, into } = await call(api.issues[':id'].merge.$delete({ param: { id } }))
    show(from)
    show(into)
    say(`Issue ${from.number} is on its own again.`)
    reload(from.id, into.id)
  })
}

/** Takes emails out into an issue of their own. */
export async function splitOut(issueId: string, messageIds: string[]): Promise<void> {
  await act(async () => {
    const made = await call(
      api.issues[':id'].splits.$post({ param: { id: issueId }, json: { id: crypto.randomUUID(), messageIds } }),
    )
    show(made)
    say(`Issue ${made.number} was made of it.`, () => void putBack(made.id))
    reload(issueId)
  })
}

/** Puts the emails of a split back. */
export async function putBack(id: string): Promise<void> {
  await act(async () => {
    const home = await call(api.issues[':id'].split.$delete({ param: { id } }))
    show(home)
    say('The emails are back.')
    reload(id, home.id)
  })
}

/** Says that two issues are not about the same matter. */
export async function refuse(id: string, otherId: string): Promise<void> {
  await act(async () => {
    await call(api.issues[':id'].refusals[':otherId'].$put({ param: { id, otherId } }))
    say('It will not be suggested again.')
    reload()
  })
}

/** Why an issue is suggested: "the number 2026-17, and somebody of tacoma.example". */
export function reasonWords(reasons: Suggested['reasons']): string {
  return reasons.slice(0, 2).map(wordsFor).join(', ')
}

function wordsFor(reason: Suggested['reasons'][number]): string {
  switch (reason.of) {
    case 'number':
      return `the number ${reason.value}`
    case 'quote':
      return 'one quotes the other'
    case 'subject':
      return 'the same subject'
    case 'likeness':
      return 'a similar subject'
    case 'sender':
      return 'the same sender'
    case 'organization':
    case 'people':
      return `both with ${reason.value}`
  }
}
