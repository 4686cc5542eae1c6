import { stat } from 'node:fs/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startDemo } from '../../server/demo/start.ts'
import type { ListedIssue } from '../../server/issues/list.ts'
import type { Board } from '../../server/proposals/board.ts'
import type { WinReport } from '../../server/proposals/metrics/win-rate.ts'

const MINUTE_MS = 60_000

test('the demo starts with people to be and mail that they work on, and leaves nothing behind', {
  timeout: 2 * MINUTE_MS,
}, async () => {
  let said = ''
  const demo = await startDemo({ DOWNFIELD_PORT: '0' }, (text) => {
    said += text
  })
  onTestFinished(demo.stop)
  const get = async <T>(path: string, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await fetch(demo.url + path, { headers })
    expect(answer.status).toBe(200)
    // The cast: each test below names what the route gives.
    return (await answer.json()) as T
  }

  expect(said).toContain(`The demo is at ${demo.url}\n`)
  const { members } = await get<{ members: { id: string; name: string; role: string }[] }>('/api/demo')
  expect(members).toMatchObject([
    { name: 'Jane Doe', role: 'admin' },
    { name: 'Omar Kaya', role: 'member' },
    { name: 'Mia Lund', role: 'member' },
  ])

  const signedIn = await fetch(`${demo.url}/api/demo/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ memberId: members[0]?.id }),
  })
  expect(signedIn.status).toBe(201)
  const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!
  const { issues } = await get<{ issues: ListedIssue[] }>('/api/issues?view=all&limit=200', { cookie })
  const statuses = Map.groupBy(issues, ({ status }) => status)

  // There is something to do for who triages, who answers, and who waits, and something that is done.
  for (const status of ['new', 'open', 'waiting', 'done'] as const) {
    expect(statuses.get(status)?.length, status).toBeGreaterThan(0)
  }
  expect(statuses.get('new')?.every(({ assigneeId, unread }) => assigneeId === null && unread)).toBe(true)
  expect(new Set(issues.flatMap(({ assigneeId }) => assigneeId ?? [])).size).toBe(members.length)
  expect(issues.some(({ teamId }) => teamId !== null)).toBe(true)

  // And a pipeline with a past, whose open proposals belong to the mail.
  const { total, columns } = await get<Board>('/api/proposals/board', { cookie })
  expect(total).toMatchObject({ count: 22, withoutValue: 1, withoutRate: 0 })
  expect(columns.every(({ cards }) => cards.length > 1)).toBe(true)
  const without = columns.flatMap(({ cards }) => cards).filter(({ issueId }) => issueId === null)
  expect(without.map(({ title }) => title).sort()).toEqual([
    'Charging depot study',
    'Cold-chain sensors',
    'Depot metering',
    'Training days 2027',
    'Transit signs',
    'Weighbridge link',
    'Yard cameras',
  ])
  const year = await get<WinReport>('/api/reports/win-rate', { cookie })
  expect(year.n).toBeGreaterThan(10)

  // In the simulated Exchange a shared mailbox is made, watched and written to, and nothing shows trouble.
  const send = async (path: string, json: object) => {
    const answer = await fetch(demo.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
      body: JSON.stringify(json),
    })
    // The cast: as above.
    return (await answer.json()) as Record<string, never>
  }
  const identity = 'proposals@contoso.com'
  const [connection] = await get<{ id: string }[]>('/api/exchange/connections', { cookie })
  const wanted = JSON.stringify({ mailbox: { identity, type: 'shared' }, delegates: ['jane.doe@contoso.com'] })
  const of = { connectionId: connection?.id, identity, wanted, lists: {} }
  const { planHash, snapshotHash } = await send('/api/exchange/plan', of)
  await send('/api/exchange/apply', { ...of, id: crypto.randomUUID(), planHash, snapshotHash })
  const managed = async () =>
    (await get<{ id: string; lastRun: { state: string } }[]>('/api/exchange/mailboxes', { cookie }))[0]!
  await vi.waitFor(async () => expect((await managed()).lastRun.state).toBe('done'), { timeout: MINUTE_MS / 2 })
  const row = await managed()
  expect(await send(`/api/exchange/mailboxes/${row.id}/watch`, { name: 'Proposals' })).toMatchObject({ isOpen: true })
  const path = `/api/exchange/mailboxes/${row.id}`
  const flow = async () => (await get<{ flow: { steps: { step: string; state: string }[] } }>(path, { cookie })).flow
  await vi.waitFor(
    async () => expect((await flow()).steps).toContainEqual(expect.objectContaining({ step: 'watch', state: 'done' })),
    { timeout: MINUTE_MS / 2 },
  )
  const written = async () =>
    (await get<{ issues: ListedIssue[] }>('/api/issues?view=inbox&limit=200', { cookie })).issues
  await vi.waitFor(
    async () =>
      expect((await written()).map(({ subject }) => subject)).toContain(
        'Tender HC-2026-31: charging stations for the harbour',
      ),
    { timeout: MINUTE_MS / 2 },
  )

  await demo.stop()
  await expect(fetch(demo.url)).rejects.toThrow()
  await expect(stat(demo.folder)).rejects.toThrow('ENOENT')
})
