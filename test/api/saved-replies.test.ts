import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { threads } from '../../db/schema.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld } from '../world.ts'

const REPLY = { name: 'Receipt', own: true, teamId: null, language: 'en', html: '<p>Thank you.</p>' }

const save = (as: Fetch, id: string, some: Record<string, unknown> = {}) =>
  as(`/api/saved-replies/${id}`, { method: 'PUT', json: { ...REPLY, ...some } })
async function namesFor(as: Fetch): Promise<string[]> {
  const rows = (await (await as('/api/saved-replies')).json()) as { name: string }[]
  return rows.map(({ name }) => name).sort()
}

test('a saved reply is for its writer, for a team or for all, and those who may write it', async () => {
  const world = await openWorld()
  const [ada, mo, ben] = [world.as(world.ada), world.as(world.mo), world.as(world.ben)]
  const [own, team, all] = [uuidv7(), uuidv7(), uuidv7()]
  expect((await save(ben, own, { name: 'Own' })).status).toBe(204)
  expect((await save(ben, team, { name: 'Team', own: false, teamId: world.desk.id })).status).toBe(204)
  expect((await save(ben, all, { name: 'All', own: false })).status).toBe(403)
  expect((await save(mo, all, { name: 'All', own: false })).status).toBe(204)

  expect(await namesFor(ben)).toEqual(['All', 'Own', 'Team'])
  expect(await namesFor(ada)).toEqual(['All', 'Team'])
  expect((await save(ada, own, { name: 'Taken' })).status).toBe(404)
  expect((await save(ben, all, { name: 'Taken' })).status).toBe(403)
  expect((await ben(`/api/saved-replies/${all}`, { method: 'DELETE' })).status).toBe(403)
  expect((await world.as(world.vic)('/api/saved-replies')).status).toBe(403)
  expect((await ben(`/api/saved-replies/${own}`, { method: 'DELETE' })).status).toBe(204)
  expect(await namesFor(ben)).toEqual(['All', 'Team'])
})

test('a saved reply is inserted filled in and with its files; what is missing is named and stops the sending', async () => {
  const world = await openWorld()
  const ben = world.as(world.ben)
  await arrive(world, world.proposals, { id: 'a@t', subject: 'Chairs' })
  const [issue] = await issuesOf(world, world.proposals)
  const file = await ben('/api/uploads?filename=terms.pdf', { method: 'POST', body: new Uint8Array([1, 2, 3]) })
  const { id: uploadId } = (await file.json()) as { id: string }
  const id = uuidv7()
  const html =
    '<p onclick="x()">Hello {{contact.firstName}},</p><p>#{{issue.number}} of {{organization}}<script>1</script></p>'
  expect((await save(ben, id, { html, files: [uploadId] })).status).toBe(204)
  const unknown = await save(ben, uuidv7(), { html: '<p>{{contact.mood}}</p>' })
  expect([unknown.status, await unknown.text()]).toEqual([
    400,
    expect.stringContaining('{{contact.mood}} is no variable'),
  ])

  const inserted = await ben(`/api/saved-replies/${id}/insertions`, { method: 'POST', json: { issueId: issue!.id } })
  const made = (await inserted.json()) as { text: string; attachments: { id: string; filename: string }[] }
  expect(made).toEqual({
    html: '<p>Hello Dana,</p><p>#1 of {{organization}}</p>',
    text: 'Hello Dana,\n\n#1 of {{organization}}',
    missing: ['organization'],
    attachments: [{ id: expect.any(String), filename: 'terms.pdf', contentType: 'application/pdf', size: 3 }],
  })
  // Its file is a copy: the one of the saved reply stays when this one goes.
  const offered = (await (await ben(`/api/issues/${issue!.id}/recipients`)).json()) as { messageId: string }
  const draft = { id: uuidv7(), messageId: offered.messageId, to: [{ address: 'dana@tacoma.example' }] }
  const send = async (text: string) =>
    await ben(`/api/issues/${issue!.id}/replies`, {
      method: 'POST',
      json: { ...draft, text, attachments: made.attachments.map((each) => each.id) },
    })
  const stopped = await send(made.text)
  expect([stopped.status, await stopped.text()]).toEqual([400, expect.stringContaining('still has {{organization}}')])
  expect((await send(made.text.replace('{{organization}}', 'Tacoma'))).status).toBe(201)
  const again = await ben(`/api/saved-replies/${id}/insertions`, { method: 'POST', json: { issueId: issue!.id } })
  expect(((await again.json()) as typeof made).attachments.map(({ filename }) => filename)).toEqual(['terms.pdf'])
})

test('the signature below what a member writes is theirs here, theirs anywhere, or that of the mailbox', async () => {
  const world = await openWorld()
  const [ada, ben] = [world.as(world.ada), world.as(world.ben)]
  const mailboxId = world.proposals.id
  const write = (as: Fetch, json: Record<string, unknown>) => as('/api/signatures', { method: 'PUT', json })
  const here = async () => await (await ben(`/api/signatures/here?mailboxId=${mailboxId}`)).json()
  expect(await here()).toEqual({ html: '', text: '', languages: [] })
  const ours = { mailboxId, own: false, html: '<p>Northwind</p><script>x</script>' }
  expect((await write(ben, ours)).status).toBe(403)
  expect((await write(ada, ours)).status).toBe(204)
  expect(await here()).toEqual({ html: '<p>Northwind</p>', text: 'Northwind', languages: [''] })
  expect((await write(ben, { mailboxId: null, own: true, html: '<p>{{member.name}}</p>' })).status).toBe(204)
  expect(await here()).toEqual({ html: '<p>Ben</p>', text: 'Ben', languages: [''] })
  expect((await write(ben, { mailboxId: null, own: true, html: '' })).status).toBe(204)
  expect(await here()).toEqual({ html: '<p>Northwind</p>', text: 'Northwind', languages: [''] })
  expect((await write(ben, { mailboxId: world.closed.id, own: true, html: '<p>B</p>' })).status).toBe(204)
  expect((await write(world.as(world.mo), { mailboxId: world.closed.id, own: true, html: '<p>M</p>' })).status).toBe(
    404,
  )
})

test('an answer is signed in the language of the mail that it answers, or in the one that its writer chose, which the conversation keeps', async () => {
  const world = await openWorld()
  const { proposals, db } = world
  const ben = world.as(world.ben)
  for (const [language, html] of [
    ['', '<p>Regards</p>'],
    ['de', '<p>Mit freundlichen Grüßen</p>'],
    ['fr', '<p>Cordialement</p>'],
  ])
    expect(
      (await ben('/api/signatures', { method: 'PUT', json: { mailboxId: null, own: true, language, html } })).status,
    ).toBe(204)
  const text = 'Sehr geehrte Damen und Herren,\n\nbitte senden Sie uns ein Angebot für die Stühle bis zum Freitag.'
  await arrive(world, proposals, { id: 'german@kern.example', text })
  await arrive(world, proposals, { id: 'short@kern.example', text: 'Danke.', inReplyTo: 'german@kern.example' })
  const [issue] = await issuesOf(world, proposals)
  const proposed = async () => await (await ben(`/api/issues/${issue!.id}/recipients`)).json()
  const signed = async (language: string) =>
    await (await ben(`/api/signatures/here?issueId=${issue!.id}&language=${language}`)).json()

  // The newest mail tells too little, the one before it tells.
  const { messageId, language } = await proposed()
  expect(language).toBe('de')
  expect(await signed(language)).toEqual({
    html: '<p>Mit freundlichen Grüßen</p>',
    text: 'Mit freundlichen Grüßen',
    languages: ['', 'de', 'fr'],
  })
  expect(await signed('nl')).toMatchObject({ text: 'Regards' })

  const send = async (more: object) => {
    const json = { id: uuidv7(), messageId, to: [{ address: 'dana@tacoma.example' }], text: 'Voilà.', ...more }
    const response = await ben(`/api/issues/${issue!.id}/replies`, { method: 'POST', json })
    expect([response.status, await response.text()]).toEqual([201, expect.any(String)])
  }
  await send({})
  expect((await proposed()).language).toBe('de')
  await send({ language: 'fr' })
  expect((await proposed()).language).toBe('fr')
  expect(await db.read.select({ language: threads.language }).from(threads)).toEqual([{ language: 'fr' }])
  const wrong = await ben(`/api/signatures/here?issueId=${issue!.id}&language=not a language`)
  expect(wrong.status).toBe(400)
})
