import { uuidv7 } from '../../db/ids.ts'
import type { Member, Proposal } from '../../db/schema.ts'
import { ensurePipeline } from '../../server/proposals/defaults.ts'
import type { PipelineWithStages } from '../../server/proposals/pipeline.ts'
import { type Fetch, openWorld } from '../world.ts'

/** A world with the pipeline that an installation begins with, and short ways to ask. */
export async function openField() {
  const world = await openWorld()
  await ensurePipeline(world.db)
  const [pipeline] = await json<PipelineWithStages[]>(world.as(world.ada)('/api/pipelines'))
  const stage = (label: string) => pipeline!.stages.find((one) => one.label === label)!.id
  return { ...world, pipeline: pipeline!, stage, client: (member: Member) => clientOf(world.as(member)) }
}

/** The body of an answer; an error where it is a refusal. */
export async function json<T>(answer: Promise<Response> | Response): Promise<T> {
  const response = await answer
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  // The cast: tests say what they expect.
  return (text ? JSON.parse(text) : null) as T
}

/** The API as a client asks it. */
export function clientOf(as: Fetch) {
  const send =
    (method: string) =>
    <T = Proposal>(path: string, body?: unknown) =>
      json<T>(as(`/api/${path}`, { method, ...(body === undefined ? {} : { json: body }) }))
  return {
    get: <T>(path: string) => json<T>(as(`/api/${path}`)),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    delete: send('DELETE'),
    create: (more: Record<string, unknown>) =>
      send('POST')<Proposal>('proposals', { id: uuidv7(), title: 'Fleet telematics', ...more }),
  }
}
