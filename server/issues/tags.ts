import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { type Issue, issues, issueTags, type Member, type Tag, tags } from '../../db/schema.ts'
import { TAG_COLOURS, type TagColour } from '../../db/vocabulary.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { record } from './event.ts'
import { change } from './issue.ts'

export const MAX_TAG_CHARACTERS = 40
const MAX_TAGS_OF_AN_ISSUE = 20
const MAX_TAGS = 500
/** So many issues are changed in one transaction where a tag becomes another. */
const ISSUES_AT_ONCE = 200

/** All tags, by name. */
export async function listTags(read: Reader): Promise<Tag[]> {
  return await read.select().from(tags).orderBy(asc(tags.folded))
}

/** @throws NotFound */
export async function findTag(read: Reader, id: string): Promise<Tag> {
  const [tag] = await read.select().from(tags).where(eq(tags.id, id))
  if (!tag) throw new NotFound('There is no such tag.')
  return tag
}

/** Puts tags on an issue and takes others off, by their names. A tag that is put on and does not exist is made. */
export async function changeTags(
  tx: Tx,
  issue: Issue,
  names: { add: string[]; remove: string[] },
  by: Member,
  now: number,
): Promise<Issue> {
  const added: Tag[] = []
  for (const name of names.add) {
    const tag = await tagNamed(tx, name, by, now)
    if (!issue.tagIds.includes(tag.id) && !added.some(({ id }) => id === tag.id)) added.push(tag)
  }
  const off = names.remove.map(fold)
  const removed =
    off.length === 0 || issue.tagIds.length === 0
      ? []
      : await tx
          .select()
          .from(tags)
          .where(and(inArray(tags.folded, off), inArray(tags.id, issue.tagIds)))
  if (added.length + removed.length === 0) return issue
  const gone = new Set(removed.map(({ id }) => id))
  const tagIds = [...issue.tagIds.filter((id) => !gone.has(id)), ...added.map(({ id }) => id)]
  if (tagIds.length > MAX_TAGS_OF_AN_ISSUE)
    throw new Refused(`An issue has at most ${MAX_TAGS_OF_AN_ISSUE} tags. Take one off first.`)
  const { id: issueId, status, listedAt } = issue
  if (gone.size > 0)
    await tx.delete(issueTags).where(and(eq(issueTags.issueId, issueId), inArray(issueTags.tagId, [...gone])))
  if (added.length > 0)
    await tx.insert(issueTags).values(added.map(({ id: tagId }) => ({ issueId, tagId, status, listedAt })))
  const brief = ({ id, name }: Tag) => ({ id, name })
  const detail = { added: added.map(brief), removed: removed.map(brief) }
  return await change(tx, issue, { tagIds }, { action: 'tagged', memberId: by.id, detail }, now)
}

/** Puts tags on an issue without a word; the caller changes the issue to have them. */
export async function attachTags(
  tx: Tx,
  { id: issueId, status, listedAt, tagIds }: Issue,
  put: Tag[],
): Promise<string[]> {
  const fresh = put.filter(({ id }) => !tagIds.includes(id)).slice(0, Math.max(0, MAX_TAGS_OF_AN_ISSUE - tagIds.length))
  if (fresh.length > 0)
    await tx
      .insert(issueTags)
      .values(fresh.map(({ id: tagId }) => ({ issueId, tagId, status, listedAt })))
      .onConflictDoNothing()
  return [...new Set([...tagIds, ...fresh.map(({ id }) => id)])]
}

/** Keeps what the lists of tags go by as it is in the issue. */
export async function relistTags(tx: Tx, before: Issue, { id, status, listedAt, tagIds }: Issue): Promise<void> {
  if (tagIds.length === 0 || (before.status === status && before.listedAt === listedAt)) return
  await tx.update(issueTags).set({ status, listedAt }).where(eq(issueTags.issueId, id))
}

async function tagNamed(tx: Tx, name: string, by: Member, now: number): Promise<Tag> {
  const folded = fold(name)
  if (folded === '') throw new Invalid([{ field: 'add', message: 'add must name tags by at least one letter.' }])
  const [known] = await tx.select().from(tags).where(eq(tags.folded, folded))
  if (known) return known
  if ((await tx.$count(tags)) >= MAX_TAGS) throw new Refused(`There are ${MAX_TAGS} tags already. Merge some first.`)
  const tag: Tag = { id: uuidv7(), name: name.trim(), folded, colour: colourOf(folded), createdAt: now }
  await tx.insert(tags).values(tag)
  await tell(tx, 'tag added', tag, by, now)
  return tag
}

/** Gives a tag another name or colour: everywhere at once. */
export async function changeTag(
  tx: Tx,
  tag: Tag,
  to: { name?: string | undefined; colour?: TagColour | undefined },
  by: Member,
  now: number,
): Promise<Tag> {
  const name = to.name?.trim() ?? tag.name
  const changed: Tag = { ...tag, name, folded: fold(name), colour: to.colour ?? tag.colour }
  const [taken] = await tx.select().from(tags).where(eq(tags.folded, changed.folded))
  if (taken && taken.id !== tag.id) throw new Refused(`There is a tag ${taken.name} already. Merge the two instead.`)
  await tx.update(tags).set(changed).where(eq(tags.id, tag.id))
  await tell(tx, 'tag changed', changed, by, now)
  return changed
}

/**
 * Makes one tag of two: what had the first has the second; without a second, the tag is removed. In steps, so that
 * nobody waits for it; broken off, it goes on where it was when it is asked for again.
 */
export async function mergeTag(db: Db, from: Tag, into: Tag | null, by: Member, now: number): Promise<void> {
  if (into?.id === from.id) throw new Refused('A tag can not be merged with itself. Choose another.')
  for (;;) {
    const left = await db.write(async (tx) => {
      const some = await tx
        .select({ issue: issues })
        .from(issueTags)
        .innerJoin(issues, eq(issues.id, issueTags.issueId))
        .where(eq(issueTags.tagId, from.id))
        .limit(ISSUES_AT_ONCE)
      for (const { issue } of some) await replaceTag(tx, issue, from.id, into?.id ?? null)
      if (some.length < ISSUES_AT_ONCE) {
        await tx.delete(tags).where(eq(tags.id, from.id))
        await tell(tx, into ? 'tags merged' : 'tag removed', from, by, now, into ?? undefined)
      }
      return some.length
    })
    if (left < ISSUES_AT_ONCE) return
  }
}

async function replaceTag(tx: Tx, { id, status, listedAt, tagIds }: Issue, fromId: string, intoId: string | null) {
  const next = [...new Set(tagIds.flatMap((tagId) => (tagId === fromId ? (intoId ?? []) : tagId)))]
  await tx.delete(issueTags).where(and(eq(issueTags.issueId, id), eq(issueTags.tagId, fromId)))
  if (intoId) await tx.insert(issueTags).values({ issueId: id, tagId: intoId, status, listedAt }).onConflictDoNothing()
  await tx
    .update(issues)
    .set({ tagIds: next, version: sql`${issues.version} + 1` })
    .where(eq(issues.id, id))
}

const fold = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase()

/** A colour that stays the same for a name. Grey is for those who choose it. */
function colourOf(folded: string): TagColour {
  const sum = [...folded].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 65_521, 7)
  return TAG_COLOURS[1 + (sum % (TAG_COLOURS.length - 1))]!
}

async function tell(tx: Tx, what: string, tag: Tag, by: Member, at: number, into?: Tag): Promise<void> {
  const detail = { change: what, tag: tag.id, name: tag.name, ...(into && { into: into.id, intoName: into.name }) }
  await record(tx, { action: 'tags_changed', at, memberId: by.id, detail })
}
