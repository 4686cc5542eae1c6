// The server as a process of its own, for tests that kill it. The environment says where its data is.
import { pino } from 'pino'
import { readConfig } from '../../server/config.ts'
import { startServer } from '../../server/main.ts'

const { DOWNFIELD_TEST_SEND_PACE: pace } = process.env
const server = await startServer(readConfig(), {
  log: pino({ level: 'silent' }),
  say: () => {},
  ...(pace ? { sendPace: JSON.parse(pace) } : {}),
})
process.on('SIGTERM', () => {
  process.disconnect()
  void server.stop()
})
process.send?.(server.url)
