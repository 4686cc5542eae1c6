import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { mailboxes, messages, outbox } from '../../db/schema.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld } from '../world.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour))
const DANA = { name: 'Dana Whitfield', address: 'dana@tacoma.example' }
const INES = { name: 'Ines', address: 'ines@tacoma.example' }
const OMAR = { name: '', address: 'omar@tacoma.example' }

/** Dana asks with Ines and Omar in copy, at an alias of ours; Ines answers all, at another; both under other subjects. */
async function openConversation() {
  const world = await openWorld()
  const { db, proposals, ben } = world
  await db.write((tx) => tx.update(mailboxes).set({ aliases: ['sales@northwind.example'] }))
  await arrive(
    world,
    proposals,
    {
      id: 'first@t',
      to: 'sales@northwind.example',
      cc: 'Ines <ines@tacoma.example>, omar@tacoma.example',
      subject: 'Chairs',
      date: at(9),
    },
    {
      id: 'second@t',
      from: 'Ines <ines@tacoma.example>',
      to: 'Dana Whitfield <dana@tacoma.example>',
      cc: 'proposals@northwind.example, omar@tacoma.example',
      subject: 'Re: Chairs and tables',
      inReplyTo: 'first@t',
      date: at(10),
      text: 'And tables, please.',
    },
  )
  const [issue] = await issuesOf(world, proposals)
  const as = world.as(ben)
  const all = await db.read.select().from(messages)
  const idOf = (id: string) => all.find(({ internetMessageId }) => internetMessageId === id)!.id
  const offered = async (messageId?: string) => {
    const query = messageId ? `?messageId=${messageId}` : ''
    return await (await as(`/api/issues/${issue!.id}/recipients${query}`)).json()
  }
  return { ...world, issue: issue!, asBen: as, idOf, offered }
}

test('an answer to the newest mail goes to whoever wrote it and all others, from the address that was written to', async () => {
  const { offered, idOf } = await openConversation()
  expect(await offered()).toMatchObject({
    messageId: idOf('second@t'),
    answered: { by: 'Ines', at: at(10).getTime(), isDefault: true },
    from: { address: 'proposals@northwind.example' },
    subject: 'Re: Chairs and tables',
    reply: { to: [INES], cc: [] },
    replyAll: { to: [INES, DANA], cc: [OMAR] },
  })
})

test('an answer to one mail before it goes to those of that mail, in its thread, under its subject and from its address', async () => {
  const { db, issue, asBen: as, offered, idOf } = await openConversation()
  const first = await offered(idOf('first@t'))
  expect(first).toMatchObject({
    answered: { by: 'Dana Whitfield', at: at(9).getTime(), isDefault: false },
    from: { address: 'sales@northwind.example' },
    subject: 'Re: Chairs',
    reply: { to: [DANA], cc: [] },
    replyAll: { to: [DANA], cc: [INES, OMAR] },
  })
  const { from, replyAll, messageId } = first
  const json = { id: uuidv7(), messageId, from: from.address, ...replyAll, text: 'Chairs alone.' }
  expect((await as(`/api/issues/${issue.id}/replies`, { method: 'POST', json })).status).toBe(201)
  const sent = (await db.read.select().from(messages)).find(({ id }) => id === json.id)
  expect(sent).toMatchObject({
    subject: 'Re: Chairs',
    inReplyTo: 'first@t',
    fromAddress: 'sales@northwind.example',
    to: [DANA],
    cc: [INES, OMAR],
  })
  expect(await db.read.select({ recipients: outbox.recipients }).from(outbox)).toEqual([
    { recipients: ['dana@tacoma.example', 'ines@tacoma.example', 'omar@tacoma.example'] },
  ])
  // What follows our own mail goes to those it went to, and is said to be Ben's.
  expect(await offered(json.id)).toMatchObject({
    answered: { by: 'Ben', isDefault: false },
    from: { address: 'sales@northwind.example' },
    reply: { to: [DANA], cc: [] },
    replyAll: { to: [DANA], cc: [INES, OMAR] },
  })
})

test('a message of another issue is neither answered nor passed on from here', async () => {
  const world = await openConversation()
  const { db, issue, asBen: as, proposals } = world
  await arrive(world, proposals, { id: 'other@t', subject: 'Another' })
  const other = (await db.read.select().from(messages)).find((one) => one.internetMessageId === 'other@t')
  const json = { id: uuidv7(), messageId: other!.id, to: [DANA], text: 'No.' }
  for (const path of ['replies', 'forwards'])
    expect((await as(`/api/issues/${issue.id}/${path}`, { method: 'POST', json })).status).toBe(400)
  expect((await world.as(world.vic)(`/api/issues/${issue.id}/recipients`)).status).toBe(403)
})
