import { type ClientResponse, DetailedError, hc, type InferResponseType, parseResponse } from 'hono/client'
import type { App } from '../server/api/app.ts'
import type { Problem } from '../server/api/problem.ts'

/** The only way to the server. Routes give the types; nothing is declared again. */
export const api = hc<App>('/').api

export type FoundIssues = InferResponseType<typeof api.search.$get, 200>
/** Where a search found something in an issue. */
export type Hit = NonNullable<FoundIssues['issues'][number]['hit']>
export type Piece = Hit['excerpt'][number]
export type Misread = FoundIssues['explained']['problems'][number]
export type Suggestion = InferResponseType<typeof api.search.suggestions.$get, 200>[number]
export type ListedIssue = InferResponseType<typeof api.issues.$get, 200>['issues'][number] & { hit?: Hit | null }
/** A page of a list, or of what a search found. */
export type IssueList = { issues: ListedIssue[]; next: string | null; explained?: FoundIssues['explained'] }
export type IssuePage = InferResponseType<(typeof api.issues)[':id']['$get'], 200>
/** An issue that may be about the same matter, and why. */
export type Suggested = InferResponseType<(typeof api.issues)[':id']['suggestions']['$get'], 200>[number]
export type Entry = IssuePage['timeline'][number]
export type ShownMessage = Extract<Entry, { kind: 'message' }>['message']
export type Address = ShownMessage['from']
export type Counts = InferResponseType<typeof api.issues.counts.$get, 200>
export type Answering = InferResponseType<(typeof api.issues)[':id']['recipients']['$get'], 200>
export type SignedIn = InferResponseType<typeof api.session.$get, 200>
export type Right = SignedIn['rights'][number]
export type Member = InferResponseType<typeof api.members.$get, 200>[number]
export type Team = InferResponseType<typeof api.teams.$get, 200>[number]
export type Tag = InferResponseType<typeof api.tags.$get, 200>[number]
export type SavedView = InferResponseType<typeof api.views.$get, 200>[number]
export type ViewCounts = InferResponseType<typeof api.views.counts.$get, 200>
export type Hours = InferResponseType<typeof api.hours.$get, 200>
export type Told = InferResponseType<typeof api.notifications.$get, 200>['notifications'][number]
export type DigestChoice = InferResponseType<typeof api.notifications.digest.$get, 200>
export type NotificationSettings = InferResponseType<typeof api.notifications.settings.$get, 200>
export type Rule = InferResponseType<typeof api.rules.$get, 200>[number]
export type DryRun = InferResponseType<(typeof api.rules)['dry-run']['$post'], 200>
export type Mailbox = InferResponseType<typeof api.mailboxes.$get, 200>[number]
export type MailboxDetails = InferResponseType<(typeof api.mailboxes)[':id']['$get'], 200>
export type Signature = InferResponseType<(typeof api)['signatures']['$get'], 200>[number]
export type SavedReply = InferResponseType<(typeof api)['saved-replies']['$get'], 200>[number]
export type Tested = InferResponseType<typeof api.mailboxes.test.$post, 200>

export type Arrived = NonNullable<Problem['arrived']>[number]
export type Crossed = { arrived: Arrived[]; newest: string }

/** The server refused, or could not be reached. `message` is a sentence for the person; `fields` names what is wrong. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly fields: ReadonlyMap<string, string>
  /** What came in while an answer was being written, and the newest event: it was not sent because of that. */
  readonly crossed: Crossed | undefined
  /** A draft as it stands on the server, where it was not saved because it went on there. */
  readonly draft: Omit<IssuePage['drafts'][number], 'read'> | undefined
  /** The issue as it is now, where somebody changed it in between. */
  readonly issue: ListedIssue | undefined
  constructor(
    message: string,
    status: number,
    fields: ReadonlyMap<string, string>,
    { crossed, draft, issue }: Partial<Pick<ApiError, 'crossed' | 'draft' | 'issue'>> = {},
  ) {
    super(message)
    this.status = status
    this.fields = fields
    this.crossed = crossed
    this.draft = draft
    this.issue = issue
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as below.
type Answer<R extends ClientResponse<any>> = Awaited<ReturnType<typeof parseResponse<R>>>

/** What a request answers; an error with the server's words where it refuses (RFC 9457). */
// biome-ignore lint/suspicious/noExplicitAny: hono's own bound; the type of the answer is inferred from it.
export async function call<R extends ClientResponse<any>>(request: Promise<R>): Promise<Answer<R>> {
  try {
    // The cast: the compiler does not see that awaiting what was awaited changes nothing.
    return (await parseResponse(request)) as Answer<R>
  } catch (error) {
    throw asApiError(error)
  }
}

function asApiError(error: unknown): ApiError {
  if (!(error instanceof DetailedError))
    return new ApiError('The server does not answer. Check the connection, then try again.', 0, new Map())
  // The cast: an answer that is no problem document lacks the fields, which are asked for one by one.
  return refusal(error.statusCode ?? 0, (error.detail?.data ?? {}) as Partial<Problem>)
}

/** A refusal of the server as an error with its words. */
export function refusal(status: number, problem: Partial<Problem>): ApiError {
  const fields = new Map((problem.errors ?? []).map(({ field, message }) => [field, sentenceOf(field, message)]))
  const message = fields.size > 0 ? [...fields.values()].join(' ') : problem.detail
  const { arrived, newest, draft } = problem
  const crossed = arrived && newest ? { arrived, newest } : undefined
  return new ApiError(message || `The server answered with ${status}. Try again.`, status, fields, {
    crossed,
    draft: draft ?? undefined,
    issue: problem.issue,
  })
}

/** "imapHost must not be empty." at its field reads as "Must not be empty." */
function sentenceOf(field: string, message: string): string {
  const rest = message.startsWith(`${field} `) ? message.slice(field.length + 1) : message
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** The words for any error. */
export const wordsOf = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'Something went wrong in the page. Load it again.'
