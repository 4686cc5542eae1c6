import { expect, test } from 'vitest'
import { messages } from '../../db/schema.ts'
import { remotePrefix, signRemote } from '../../server/mail/remote.ts'
import { arriveRaw } from '../issues/story.ts'
import { outsideWith, PUBLIC, serveOn } from '../net/web.ts'
import { openWorld, type World } from '../world.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex')

async function mailWith(world: World, html: string, mailbox = world.proposals) {
  const head = 'From: dana@tacoma.example\r\nSubject: Chairs\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n'
  await arriveRaw(world, mailbox, Buffer.from(`${head}${html}`))
  const [message] = await world.db.read.select().from(messages)
  return message!
}

test('pictures from elsewhere are counted and left alone until somebody asks, then come through us', async () => {
  const world = await openWorld()
  let asked = 0
  const port = await serveOn(PUBLIC, (_, response) => {
    asked++
    response.setHeader('content-type', 'text/html').end(PNG)
  })
  world.deps.outside = outsideWith({ 'pictures.example': [PUBLIC] }).outside
  const url = `http://pictures.example:${port}/a.png?x=1&y=(2)`
  const style = `<div style="background-image:url('${url}')">Hello</div>`
  const message = await mailWith(world, `<img src="${url.replace('&', '&amp;')}">${style}`)
  const as = world.as(world.ben)

  const before = await (await as(`/api/messages/${message.id}/body`)).text()
  expect(before).toContain('data-remote-count="2"')
  expect(before).not.toContain(`/api/messages/${message.id}/remote`)

  const after = await (await as(`/api/messages/${message.id}/body?remote=1`)).text()
  const paths = [...after.matchAll(/\/api\/messages\/[^"&<>\s]+/g)].map(([path]) => path)
  expect(paths).toHaveLength(2)
  for (const path of paths) {
    const picture = await as(path)
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual([
      200,
      'image/png',
      'private, max-age=86400',
    ])
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG)
  }
  expect(asked).toBe(2)
})

test('the proxy opens what the mail names, for who may read it, and shows nothing but pictures', async () => {
  const world = await openWorld()
  const port = await serveOn(PUBLIC, (request, response) => {
    response.setHeader('content-type', 'image/png').end(request.url === '/a.png' ? PNG : '<script>alert(1)</script>')
  })
  world.deps.outside = outsideWith({ 'pictures.example': [PUBLIC] }).outside
  const message = await mailWith(world, '<p>Hello</p>', world.closed)
  const pathOf = (url: string) =>
    signRemote(world.secrets, message.id, `${remotePrefix(message.id)}${encodeURIComponent(url)}`)
  const good = pathOf(`http://pictures.example:${port}/a.png`)
  const statusOf = async (as: World['ben'], path: string) => (await world.as(as)(path)).status
  expect(await statusOf(world.ben, good)).toBe(200)
  expect(await statusOf(world.vic, good)).toBe(404)
  expect((await world.asNobody(good)).status).toBe(401)
  expect(await statusOf(world.ben, good.replace('a.png', 'b.png'))).toBe(404)
  expect(await statusOf(world.ben, pathOf(`http://pictures.example:${port}/page`))).toBe(422)
  expect(await statusOf(world.ben, pathOf('http://127.0.0.1/a.png'))).toBe(422)
})
