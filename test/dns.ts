import { createSocket } from 'node:dgram'
import { once } from 'node:events'

// A DNS server (RFC 1035) as far as tests need it: it answers from a table, over UDP, on this machine.

const TYPES = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33 } as const
const NXDOMAIN = 3
const SERVFAIL = 2

type Type = keyof typeof TYPES
/** Records by "TYPE name", such as "MX contoso.com": `10 mail.contoso.com`. `fails`: names whose server is broken. */
export type Zone = { records: Record<string, string[]>; fails?: string[] }
export type TestDns = Awaited<ReturnType<typeof startDns>>

export async function startDns(zone: Zone) {
  const socket = createSocket('udp4')
  const self = { zone, asked: [] as string[] }
  socket.on('message', (query, { port, address }) => socket.send(answer(query), port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')

  function answer(query: Buffer): Buffer {
    const { name, end } = readName(query, 12)
    const number = query.readUInt16BE(end)
    const type = (Object.keys(TYPES) as Type[]).find((one) => TYPES[one] === number)
    self.asked.push(`${type} ${name}`)
    const { records, fails = [] } = self.zone
    const isThere = Object.keys(records).some((key) => {
      const known = key.split(' ')[1] ?? ''
      return known === name || known.endsWith(`.${name}`)
    })
    const found = (type && records[`${type} ${name}`]) ?? []
    const code = fails.some((one) => name.endsWith(one)) ? SERVFAIL : isThere ? 0 : NXDOMAIN
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x8180 | code, 2)
    head.writeUInt16BE(code === 0 ? found.length : 0, 6)
    head.writeUInt16BE(0, 8)
    head.writeUInt16BE(0, 10)
    const question = query.subarray(12, end + 4)
    const answers = code === 0 && type ? found.map((text) => record(type, text)) : []
    return Buffer.concat([head, question, ...answers])
  }

  return Object.assign(self, {
    server: `127.0.0.1:${socket.address().port}`,
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  })
}

function record(type: Type, text: string): Buffer {
  const data = dataOf(type, text)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0) // the name of the question
  head.writeUInt16BE(TYPES[type], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function dataOf(type: Type, text: string): Buffer {
  const parts = text.split(' ')
  switch (type) {
    case 'A':
      return Buffer.from(text.split('.').map(Number))
    case 'MX':
      return Buffer.concat([uint16(parts[0]!), writeName(parts[1]!)])
    case 'SRV':
      return Buffer.concat([...parts.slice(0, 3).map(uint16), writeName(parts[3]!)])
    case 'TXT':
      // Cut into strings as real ones are.
      return Buffer.concat(
        (text.match(/.{1,100}/g) ?? ['']).map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one)])),
      )
    default:
      return writeName(text)
  }
}

function uint16(text: string): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeUInt16BE(Number(text))
  return buffer
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter(Boolean)
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ])
}

function readName(buffer: Buffer, at: number): { name: string; end: number } {
  const labels: string[] = []
  let i = at
  for (let length = buffer[i]!; length > 0; length = buffer[i]!) {
    labels.push(buffer.toString('latin1', i + 1, i + 1 + length))
    i += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: i + 1 }
}
