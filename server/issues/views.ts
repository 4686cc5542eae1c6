import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type SavedView, views } from '../../db/schema.ts'
import { Forbidden, Invalid, NotFound, Refused } from '../errors.ts'
import { record } from './event.ts'

const MAX_VIEWS = 100

/** A view as its owner, or a manager for everybody, writes it down. */
export type ViewDraft = { name: string; query: string; oldestFirst: boolean; shared: boolean }

/** The views that a member has: those of everybody, then their own, each in their order. */
export async function listViews(read: Reader, memberId: string): Promise<SavedView[]> {
  const found = await read
    .select()
    .from(views)
    .where(or(isNull(views.ownerId), eq(views.ownerId, memberId)))
    .orderBy(asc(views.position), asc(views.id))
  return [...found.filter(({ ownerId }) => ownerId === null), ...found.filter(({ ownerId }) => ownerId !== null)]
}

/** Keeps a search as a view. Its id is chosen by who sends the request, so that sending it again keeps it once. */
export async function createView(
  tx: Tx,
  id: string,
  draft: ViewDraft,
  by: Member,
  mayShare: boolean,
  now: number,
): Promise<SavedView> {
  const [known] = await tx.select().from(views).where(eq(views.id, id))
  if (known?.ownerId === (draft.shared ? null : by.id)) return known
  if (known) throw new Invalid([{ field: 'id', message: 'id must be a new one.' }])
  const ownerId = ownerOf(draft.shared, by, mayShare)
  const [last] = await tx
    .select({
      position: sql<number>`coalesce(max(${views.position}), 0)`.mapWith(Number),
      n: sql<number>`count(*)`.mapWith(Number),
    })
    .from(views)
    .where(ownerId === null ? isNull(views.ownerId) : eq(views.ownerId, ownerId))
  if ((last?.n ?? 0) >= MAX_VIEWS) throw new Refused(`There are ${MAX_VIEWS} views already. Delete one first.`)
  const { name, query, oldestFirst } = draft
  const view: SavedView = { id, name, query, oldestFirst, ownerId, position: (last?.position ?? 0) + 1, createdAt: now }
  await tx.insert(views).values(view)
  await tell(tx, 'view added', view, by, now)
  return view
}

/** Changes what is given. */
export async function changeView(
  tx: Tx,
  id: string,
  to: Partial<ViewDraft>,
  by: Member,
  mayShare: boolean,
  now: number,
): Promise<SavedView> {
  const view = await findView(tx, id, by, mayShare)
  const ownerId = to.shared === undefined ? view.ownerId : ownerOf(to.shared, by, mayShare)
  const changed = {
    ...view,
    name: to.name ?? view.name,
    query: to.query ?? view.query,
    oldestFirst: to.oldestFirst ?? view.oldestFirst,
    ownerId,
  }
  await tx.update(views).set(changed).where(eq(views.id, id))
  await tell(tx, 'view changed', changed, by, now)
  return changed
}

/** Removes a view; the issues in it stay what they are. */
export async function deleteView(tx: Tx, id: string, by: Member, mayShare: boolean, now: number): Promise<SavedView> {
  const view = await findView(tx, id, by, mayShare)
  await tx.delete(views).where(eq(views.id, id))
  await tell(tx, 'view deleted', view, by, now)
  return view
}

/** Puts views in this order. Those that are not named, or not theirs to order, stay where they are. */
export async function orderViews(tx: Tx, ids: string[], by: Member, mayShare: boolean, now: number): Promise<void> {
  for (const [position, id] of ids.entries()) {
    const theirs = mayShare ? or(isNull(views.ownerId), eq(views.ownerId, by.id)) : eq(views.ownerId, by.id)
    await tx
      .update(views)
      .set({ position: position + 1 })
      .where(and(eq(views.id, id), theirs))
  }
  await record(tx, { action: 'views_changed', at: now, memberId: by.id, detail: { change: 'views ordered' } })
}

function ownerOf(shared: boolean, by: Member, mayShare: boolean): string | null {
  if (shared && !mayShare)
    throw new Forbidden('Only managers and admins keep views for everybody. Keep it for yourself.')
  return shared ? null : by.id
}

async function findView(read: Reader, id: string, by: Member, mayShare: boolean): Promise<SavedView> {
  const [view] = await read.select().from(views).where(eq(views.id, id))
  if (!view || (view.ownerId !== null && view.ownerId !== by.id)) throw new NotFound('There is no such view.')
  if (view.ownerId === null && !mayShare) throw new Forbidden('Only managers and admins change what everybody shares.')
  return view
}

async function tell(tx: Tx, what: string, { id, name }: SavedView, by: Member, at: number): Promise<void> {
  await record(tx, { action: 'views_changed', at, memberId: by.id, detail: { change: what, view: id, name } })
}
