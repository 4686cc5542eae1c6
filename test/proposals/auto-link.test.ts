import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events as written } from '../../db/schema.ts'
import type { Details } from '../../server/proposals/details.ts'
import { linkMail } from '../../server/proposals/linker.ts'
import { arrive, issuesOf, type Letter } from '../issues/story.ts'
import { openField } from './story.ts'

/** A proposal of the Port of Tacoma that began with a mail, and how to let more mail come. */
async function openFiled() {
  const world = await openField()
  const api = world.client(world.ben)
  await arrive(world, world.proposals, { id: 'first@t', subject: 'RFP 2026-114' })
  const [issue] = await issuesOf(world, world.proposals)
  await api.post('organizations', { id: uuidv7(), name: 'Port of Tacoma', domains: ['tacoma.example'] })
  const made = await api.post(`issues/${issue!.id}/proposal`, { id: uuidv7(), solicitationNumber: 'RFP 2026-114' })
  let minutes = 0
  return {
    ...world,
    api,
    made,
    async come(letter: Letter) {
      await arrive(world, world.proposals, { date: new Date(world.now() + ++minutes * 60_000), ...letter })
      // Twice, as after a crash.
      await linkMail(world.db, await world.db.read.select().from(written), world.now())
      await linkMail(world.db, await world.db.read.select().from(written), world.now())
      const { threads, events } = await api.get<Details>(`proposals/${made.id}`)
      return {
        threads: threads.map(({ subject, source, confidence, why }) => [subject, source, confidence, why]),
        events,
      }
    },
  }
}
const FIRST = ['RFP 2026-114', 'promoted', 100, 'All mail of issue 1, which became this proposal.']
const STRANGER = 'Omar <omar@elsewhere.example>'

test.each<[string, Letter, (string | number)[]]>([
  ['names its number', { from: STRANGER, subject: 'About PRP-1' }, ['About PRP-1', 'token', 95, 'It names PRP-1.']],
  [
    'names the solicitation',
    { from: STRANGER, subject: 'Teaming?', text: 'We saw RFP  2026-114 and would join you.' },
    ['Teaming?', 'solicitation_number', 90, 'It names the solicitation number RFP 2026-114.'],
  ],
  [
    'comes from a sender with one open proposal and mail filed before',
    { from: 'Ruth <ruth@tacoma.example>', subject: 'Site visit' },
    [
      'Site visit',
      'single_open',
      70,
      'The only open proposal of this sender, to which mail of theirs was filed before.',
    ],
  ],
])('a mail that %s is linked, and says why', async (_, letter, link) => {
  const { come } = await openFiled()
  expect((await come(letter)).threads).toEqual(expect.arrayContaining([FIRST, link]))
})

test('what no rule is sure of is left to people', async () => {
  const { come, api } = await openFiled()
  expect((await come({ from: STRANGER, subject: 'RFP 2026-1145' })).threads).toEqual([FIRST])
  expect((await come({ from: STRANGER, subject: 'PRP-11' })).threads).toEqual([FIRST])
  expect((await come({ subject: 'About PRP-1', headers: ['Auto-Submitted: auto-replied'] })).threads).toEqual([FIRST])
  const { id } = (await api.get<{ organizations: { id: string }[] }>('organizations?q=Port')).organizations[0]!
  await api.create({ organizationId: id, title: 'Another bid for the Port' })
  expect((await come({ from: 'Ruth <ruth@tacoma.example>', subject: 'Hello' })).threads).toEqual([FIRST])
})

test('what somebody took away stays away, and an automatic answer does not touch a proposal', async () => {
  const { come, api, made } = await openFiled()
  const linked = await come({ id: 'visit@t', from: 'Ruth <ruth@tacoma.example>', subject: 'Site visit' })
  expect(linked.threads).toHaveLength(2)
  expect(linked.events).toContainEqual(expect.objectContaining({ action: 'proposal_linked', memberId: null }))
  const page = await api.get<Details>(`proposals/${made.id}`)
  const { threadId } = page.threads.find(({ subject }) => subject === 'Site visit')!
  await api.delete(`proposals/${made.id}/threads/${threadId}`)
  const answer = { from: 'Ruth <ruth@tacoma.example>', subject: 'Re: Site visit', inReplyTo: 'visit@t' }
  expect((await come(answer)).threads).toEqual([FIRST])
  const before = (await api.get<Details>(`proposals/${made.id}`)).proposal.touchedAt
  await come({ inReplyTo: 'first@t', subject: 'Away', headers: ['Auto-Submitted: auto-replied'] })
  expect((await api.get<Details>(`proposals/${made.id}`)).proposal.touchedAt).toBe(before)
  const date = new Date(before + 3_600_000)
  await come({ inReplyTo: 'first@t', subject: 'Re: RFP 2026-114', date })
  expect((await api.get<Details>(`proposals/${made.id}`)).proposal.touchedAt).toBe(date.getTime())
})
