import { expect, test } from 'vitest'
import { mailboxForMember, may, visibleMailboxIds } from '../../server/access/may.ts'
import { NotFound } from '../../server/errors.ts'
import { openWorld } from '../world.ts'

test('a member sees the mailboxes that are open to all and those of their teams, an admin sees every one', async () => {
  const { db, ada, mo, ben, vic, proposals, closed } = await openWorld()

  expect(await visibleMailboxIds(db.read, ada)).toBe('all')
  expect(new Set(await visibleMailboxIds(db.read, ben))).toEqual(new Set([proposals.id, closed.id]))
  expect(await visibleMailboxIds(db.read, mo)).toEqual([proposals.id])
  expect(await visibleMailboxIds(db.read, vic)).toEqual([proposals.id])
})

test('a mailbox that a member does not see is not there for them', async () => {
  const { db, ada, mo, ben, closed } = await openWorld()

  expect(await mailboxForMember(db.read, ada, closed.id)).toEqual(closed)
  expect(await mailboxForMember(db.read, ben, closed.id)).toEqual(closed)
  await expect(mailboxForMember(db.read, mo, closed.id)).rejects.toThrow(new NotFound('There is no such mailbox.'))
  await expect(mailboxForMember(db.read, ada, 'none')).rejects.toThrow(new NotFound('There is no such mailbox.'))
})

test('viewers read and do nothing else', () => {
  const viewer = { role: 'viewer' } as const
  expect([may(viewer, 'read'), may(viewer, 'read directory')]).toEqual([true, true])
  expect([may(viewer, 'triage'), may(viewer, 'note'), may(viewer, 'reply')]).toEqual([false, false, false])
})
