import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { openOutside } from '../../server/net/outside.ts'
import { isPublicAddress } from '../../server/net/public-address.ts'

/** A loopback address that stands for one on the public internet. */
export const PUBLIC = '127.0.0.2'
/** One that stands for our own network: nothing makes it public. */
export const OURS = '127.0.0.1'

/** A server on a loopback address, gone when the test is. Every test network has all of 127.0.0.0/8. */
export async function serveOn(address: string, answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, address)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('the server does not listen on a port')
  return at.port
}

/** The way outside, with names of our choice; a name may resolve to something else each time it is asked for. */
export function outsideWith(names: Record<string, string[] | (() => string[])>) {
  const asked: string[] = []
  const outside = openOutside({
    async resolve(name) {
      asked.push(name)
      const known = names[name]
      if (!known) throw new Error('ENOTFOUND')
      return (typeof known === 'function' ? known() : known).map((address) => ({ address, family: 4 }))
    },
    isPublic: (address) => address === PUBLIC || isPublicAddress(address),
  })
  return { outside, asked }
}
