import type { ValidationTargets } from 'hono'
import { validator } from 'hono-openapi'
import type { z } from 'zod'
import { Invalid } from '../errors.ts'
import { fieldErrors } from '../wording.ts'

const WHOLE = { json: 'The body', form: 'The form', query: 'The query', param: 'The path' } as const

/**
 * Checks one part of the input and documents it: the handler reads it with `c.req.valid(target)`.
 * A schema's own message goes on after the name of the field ("must be in the future."), or is a whole sentence.
 * @throws Invalid, which becomes a 400 that names each field; throwing keeps it out of the client's types
 */
export const valid = <Target extends keyof typeof WHOLE & keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, (result, c) => {
    if (result.success) return
    const type = c.req.header('content-type') ?? ''
    if (target === 'json' && !/\bjson\b/i.test(type)) {
      throw new Invalid([
        { field: '', message: 'Send the body as JSON, with the header Content-Type: application/json.' },
      ])
    }
    throw new Invalid(fieldErrors(result.error, WHOLE[target]))
  })
