import { Hono } from 'hono'
import { z } from 'zod'
import { Invalid, Refused } from '../errors.ts'
import { addDevice, findDevice, listDevices, removeDevice } from '../notifications/push/device.ts'
import { pushTo } from '../notifications/push/push-sending.ts'
import { vapidPublicKey } from '../notifications/push/vapid.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_ENDPOINT = 2_000
const BASE64URL = /^[\w-]{10,120}={0,2}$/

/** As `PushSubscription.toJSON` gives it. */
const subscription = z.object({
  endpoint: z
    .url()
    .max(MAX_ENDPOINT)
    .refine((url) => url.startsWith('https:'), 'must begin with https:.'),
  keys: z.object({ p256dh: z.string().regex(BASE64URL), auth: z.string().regex(BASE64URL) }),
})

/** The browsers in which a member is told, also while no page is open. */
export const pushDevices = new Hono<Env>()
  .get('/', rule('self', 'The devices on which you are told, and the key by which a browser subscribes'), async (c) => {
    const { db, deps, member } = c.var
    return c.json({ key: vapidPublicKey(deps.secrets), devices: await listDevices(db.read, member.id) })
  })
  .put('/', rule('self', 'Be told in this browser'), valid('json', subscription), async (c) => {
    const { db, deps, member, session, now } = c.var
    if (!session) throw new Refused('A browser is added by itself, where somebody is signed in.')
    const { endpoint, keys } = c.req.valid('json')
    await deps.outside.check(endpoint).catch((error) => {
      if (!(error instanceof Refused)) throw error
      throw new Invalid([{ field: 'endpoint', message: `endpoint must be that of a push service. ${error.message}` }])
    })
    const userAgent = c.req.header('user-agent') ?? ''
    await db.write((tx) => addDevice(tx, deps.secrets, { endpoint, keys }, { member, session, userAgent }, now))
    return c.json(await listDevices(db.read, member.id))
  })
  .delete('/:id', rule('self', 'Be told on this device no more'), idInPath, async (c) => {
    const { db, member } = c.var
    const { id } = c.req.valid('param')
    await db.write(async (tx) => await removeDevice(tx, (await findDevice(tx, id, member)).id))
    return c.body(null, 204)
  })
  .post('/:id/tries', rule('self', 'Tell this device something, to see whether it arrives'), idInPath, async (c) => {
    const { db, deps, member, now } = c.var
    const device = await findDevice(db.read, c.req.valid('param').id, member)
    const url = deps.config.publicUrl ?? ''
    const words = { title: 'Downfield reaches you here', body: 'This is how it tells you what happens.' }
    const message = { ...words, tag: 'try', path: '/account/notifications' }
    const { outcome, response } = await pushTo({ ...deps, url }, device, message, now)
    if (outcome !== 'done') throw new Refused(`The push service did not take it. ${response}`)
    return c.body(null, 204)
  })
