import { crc32, deflateSync } from 'node:zlib'

/** A bar chart as a PNG, 8-bit RGB (PNG specification, third edition); `bars` are heights from 0 to 1. */
export function barChart(bars: number[]): Buffer {
  const [barWidth, gap, height] = [28, 12, 120]
  const width = gap + bars.length * (barWidth + gap)
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + width * 3, 0xff)
    row[0] = 0 // no filter
    for (let x = 0; x < width; x++) {
      const within = x % (barWidth + gap) >= gap
      const bar = bars[Math.floor(x / (barWidth + gap))] ?? 0
      if (y === height - 1 || (within && height - y <= bar * height)) row.set([0x1f, 0x6f, 0x43], 1 + x * 3)
    }
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer) {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
