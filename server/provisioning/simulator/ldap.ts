import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { linksOf } from './directory-cmdlets.ts'
import type { Tenant } from './tenant.ts'

// As much of LDAP (RFC 4511) as it takes to read the link of a mailbox: bind, a search for one object, unbind. Values
// come in ranges where there are many, as Active Directory gives them.

const LINK = 'msExchDelegateListLink'
/** MaxValRange of Active Directory. */
const MAX_VALUES = 1_500
const SUCCESS = 0
const NO_SUCH_OBJECT = 32
const INVALID_CREDENTIALS = 49
const INSUFFICIENT = 50

type Element = { tag: number; value: Buffer; end: number }
export type SimulatedLdap = Awaited<ReturnType<typeof startSimulatedLdap>>

/** The directory behind a simulated Exchange on premises. */
export async function startSimulatedLdap(
  tenant: Tenant,
  { bindDn, password, port = 0 }: { bindDn: string; password: string; port?: number },
) {
  const server = createServer((socket) => serve(socket))
  const sockets = new Set<Socket>()
  const self = { asked: [] as string[] }
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the directory does not listen on a port')

  function serve(socket: Socket): void {
    sockets.add(socket)
    let rest = Buffer.alloc(0)
    let isBound = false
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      for (let message = element(rest, 0); message; message = element(rest, 0)) {
        rest = rest.subarray(message.end)
        const [id, operation] = children(message.value)
        if (!id || !operation) return void socket.destroy()
        const answer = (...parts: Buffer[]) => {
          for (const part of parts)
            socket.write(sequence(0x30, Buffer.from([0x02, id.value.length, ...id.value]), part))
        }
        if (operation.tag === 0x60) {
          const [, name, secret] = children(operation.value)
          isBound = name?.value.toString() === bindDn && secret?.value.toString() === password
          answer(result(0x61, isBound ? SUCCESS : INVALID_CREDENTIALS))
        } else if (operation.tag === 0x63) answer(...search(operation.value, isBound))
        else if (operation.tag === 0x42) socket.end()
      }
    })
  }

  function search(request: Buffer, isBound: boolean): Buffer[] {
    if (!isBound) return [result(0x65, INSUFFICIENT)]
    const parts = children(request)
    const dn = parts[0]?.value.toString() ?? ''
    const wanted = children(parts[7]?.value ?? Buffer.alloc(0)).map(({ value }) => value.toString())
    self.asked.push(...wanted)
    const account = [...tenant.state.accounts.values()].find((one) => one.dn.toLowerCase() === dn.toLowerCase())
    if (!account) return [result(0x65, NO_SUCH_OBJECT)]
    const links = linksOf(tenant.state, account.id, tenant.clock.now())
    const attributes = wanted.flatMap((name) => ranged(name, links))
    return [sequence(0x64, text(account.dn), sequence(0x30, ...attributes)), result(0x65, SUCCESS)]
  }

  return Object.assign(self, {
    url: `ldap://127.0.0.1:${address.port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
}

/** MS-ADTS, section 3.1.1.3.1.3.3: what was asked for without a range and is too much comes under a name with one. */
function ranged(name: string, links: string[]): Buffer[] {
  const [, plain, from] = /^([a-z]+)(?:;range=(\d+)-\*)?$/i.exec(name) ?? []
  if (plain?.toLowerCase() !== LINK.toLowerCase() || links.length === 0) return []
  const start = Number(from ?? 0)
  const some = links.slice(start, start + MAX_VALUES)
  const isLast = start + some.length >= links.length
  const called =
    from === undefined && isLast ? LINK : `${LINK};range=${start}-${isLast ? '*' : start + some.length - 1}`
  return [sequence(0x30, text(called), sequence(0x31, ...some.map(text)))]
}

function result(tag: number, code: number): Buffer {
  return sequence(tag, Buffer.from([0x0a, 1, code]), text(''), text(''))
}

const text = (value: string) => sequence(0x04, Buffer.from(value))

function sequence(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return Buffer.concat([Buffer.from([0x84]), bytes])
}

/** The element that begins at a place; none where it is not whole yet. */
function element(bytes: Buffer, at: number): Element | undefined {
  const first = bytes[at + 1]
  if (first === undefined) return undefined
  const size = first < 0x80 ? 0 : first & 0x7f
  if (bytes.length < at + 2 + size) return undefined
  const length = size === 0 ? first : bytes.readUIntBE(at + 2, size)
  const start = at + 2 + size
  if (bytes.length < start + length) return undefined
  return { tag: bytes[at]!, value: bytes.subarray(start, start + length), end: start + length }
}

function children(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let one = element(bytes, 0); one; one = element(bytes, one.end)) found.push(one)
  return found
}
