import { useInfiniteQuery, useQuery } from '@tanstack/solid-query'
import { ApiError, api, call, type IssueList, type Member, type SignedIn, type Team } from './api.ts'
import type { Place } from './lists.ts'
import { client } from './query-client.ts'

// What the pages read. Keys begin with the name of the resource, so that live events know what to fetch again.

type Read<T> = { readonly isPending: boolean; readonly data: T | undefined }

/** What a query has, or nothing yet. Reading `data` of a query without any would suspend the whole page. */
export function dataOf<T>(query: Read<T>): T | undefined {
  return query.isPending ? undefined : query.data
}

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery(() => ({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        return await call(api.session.$get())
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  }))
}

export const listKey = ({ view, teamId, q, order }: Place) =>
  ['issues', view, teamId ?? q ?? '', order ?? 'newest'] as const

export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The issues of a list, page after page. */
export function useIssues(place: () => Place) {
  return useInfiniteQuery(() => ({
    queryKey: listKey(place()),
    queryFn: ({ pageParam }: { pageParam: string | null }): Promise<IssueList> => {
      const { view, teamId, q, order } = place()
      const further = { ...(order && { order }), ...(pageParam && { cursor: pageParam }) }
      if (view === 'search') {
        return call(api.search.$get({ query: { q: q ?? '', zone: zone(), ...further } }))
      }
      return call(api.issues.$get({ query: { view, ...(teamId && { teamId }), ...further } }))
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: IssueList) => last.next,
  }))
}

/** Ways to go on with a search that is being typed; none while nobody asks. */
export function useSuggestions(typed: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['suggestions', typed() ?? ''],
    queryFn: () => call(api.search.suggestions.$get({ query: { q: typed() ?? '' } })),
    enabled: typed() !== undefined,
  }))
}

export function useCounts() {
  return useQuery(() => ({ queryKey: ['counts'], queryFn: () => call(api.issues.counts.$get()) }))
}

export const issueKey = (id: string) => ['issue', id] as const

/** An issue with its timeline, the newest page first. */
export function useIssue(id: () => string) {
  return useInfiniteQuery(() => ({
    queryKey: issueKey(id()),
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      call(api.issues[':id'].$get({ param: { id: id() }, query: pageParam ? { before: pageParam } : {} })),
    initialPageParam: null as string | null,
    getNextPageParam: (last: { before: number | null }) => (last.before === null ? null : String(last.before)),
  }))
}

/** What is being written, by issue: theirs and ours. */
export function useDrafts() {
  return useQuery(() => ({ queryKey: ['drafts'], queryFn: () => call(api.drafts.$get()) }))
}

/** What goes out at a time, the next first. */
export function useScheduled() {
  return useQuery(() => ({ queryKey: ['drafts', 'scheduled'], queryFn: () => call(api.messages.scheduled.$get()) }))
}

/** One's own signatures, and those of the mailboxes that one sees. */
export function useSignatures() {
  return useQuery(() => ({ queryKey: ['signatures'], queryFn: () => call(api.signatures.$get()) }))
}

export function useTags() {
  return useQuery(() => ({ queryKey: ['tags'], queryFn: () => call(api.tags.$get()) }))
}

export function useViews() {
  return useQuery(() => ({ queryKey: ['views'], queryFn: () => call(api.views.$get()) }))
}

/** How many issues each saved view has; asked for anew with the other counts. */
export function useViewCounts() {
  return useQuery(() => ({
    queryKey: ['counts', 'views'],
    queryFn: () => call(api.views.counts.$get({ query: { zone: zone() } })),
  }))
}

/** What the member is told, page after page. */
export function useNotifications() {
  return useInfiniteQuery(() => ({
    queryKey: ['notifications', 'list'],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      call(api.notifications.$get({ query: pageParam ? { cursor: pageParam } : {} })),
    initialPageParam: null as string | null,
    getNextPageParam: (last: { next: string | null }) => last.next,
  }))
}

/** How many of that were not read. */
export function useUnread() {
  return useQuery(() => ({
    queryKey: ['notifications', 'unread'],
    queryFn: () => call(api.notifications.unread.$get()),
  }))
}

/** Whether and when one gets the weekly digest. */
export function useDigestChoice() {
  return useQuery(() => ({
    queryKey: ['notifications', 'digest'],
    queryFn: () => call(api.notifications.digest.$get()),
  }))
}

export function useNotificationSettings() {
  return useQuery(() => ({
    queryKey: ['notifications', 'settings'],
    queryFn: () => call(api.notifications.settings.$get()),
  }))
}

/** The browsers in which the member is told, and the key by which one subscribes. */
export function usePushDevices() {
  return useQuery(() => ({
    queryKey: ['notifications', 'devices'],
    queryFn: () => call(api.notifications.devices.$get()),
  }))
}

/** The mailbox that notifications are sent from. */
export function useNotificationMailbox() {
  return useQuery(() => ({
    queryKey: ['notifications', 'mailbox'],
    queryFn: () => call(api.notifications.mailbox.$get()),
  }))
}

export function useRules() {
  return useQuery(() => ({ queryKey: ['rules'], queryFn: () => call(api.rules.$get()) }))
}

export function useHours() {
  return useQuery(() => ({ queryKey: ['hours'], queryFn: () => call(api.hours.$get()) }))
}

export function useMembers() {
  return useQuery(() => ({ queryKey: ['members'], queryFn: () => call(api.members.$get()) }))
}

export function useSavedReplies() {
  return useQuery(() => ({ queryKey: ['saved-replies'], queryFn: () => call(api['saved-replies'].$get()) }))
}

/** The variables of saved replies, and what each stands for. */
export function useVariables() {
  return useQuery(() => ({
    queryKey: ['variables'],
    queryFn: () => call(api['saved-replies'].variables.$get()),
    staleTime: Number.POSITIVE_INFINITY,
  }))
}

export function useTeams() {
  return useQuery(() => ({ queryKey: ['teams'], queryFn: () => call(api.teams.$get()) }))
}

/** How often the freshness of mailboxes is asked for: it changes with every look, which is no event. */
const FRESH_EVERY_MS = 10_000

export function useMailboxes() {
  return useQuery(() => ({
    queryKey: ['mailboxes'],
    queryFn: () => call(api.mailboxes.$get()),
    refetchInterval: FRESH_EVERY_MS,
  }))
}

export function useMailbox(id: () => string) {
  return useQuery(() => ({
    queryKey: ['mailboxes', id()],
    queryFn: () => call(api.mailboxes[':id'].$get({ param: { id: id() } })),
    refetchInterval: FRESH_EVERY_MS,
  }))
}

export function useInvitations() {
  return useQuery(() => ({ queryKey: ['invitations'], queryFn: () => call(api.invitations.$get()) }))
}

export function useSessions() {
  return useQuery(() => ({ queryKey: ['sessions'], queryFn: () => call(api.sessions.$get()) }))
}

export function useTokens() {
  return useQuery(() => ({ queryKey: ['tokens'], queryFn: () => call(api.tokens.$get()) }))
}

/** The people and teams, by id, with words for those who are gone. */
export function useDirectory() {
  const members = useMembers()
  const teams = useTeams()
  const list = () => dataOf(members) ?? []
  const teamList = () => dataOf(teams) ?? []
  return {
    members: (): Member[] => list(),
    /** Who can be given an issue. */
    active: (): Member[] => list().filter(({ disabledAt, role }) => disabledAt === null && role !== 'viewer'),
    teams: (): Team[] => teamList(),
    member: (id: string | null | undefined): Member | undefined => list().find((member) => member.id === id),
    team: (id: string | null | undefined): Team | undefined => teamList().find((team) => team.id === id),
    name: (id: string | null): string => list().find((member) => member.id === id)?.name ?? 'Somebody',
  }
}

/** What the page last heard about who is signed in, outside of components. */
export const me = (): SignedIn | null | undefined => client.getQueryData<SignedIn | null>(['session'])
