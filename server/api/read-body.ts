import { HTTPException } from 'hono/http-exception'

/**
 * All of a body that is a file.
 * @param advice what to do with a larger one
 * @throws HTTPException 413 where it is larger than the limit, as soon as that is known
 */
export async function readBody({ body, headers }: Request, maxBytes: number, advice: string): Promise<Buffer> {
  const tooLarge = () => new HTTPException(413, { message: `A file may have ${maxBytes / 1e6} MB. ${advice}` })
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  // A browser that cancels breaks the stream off: then there is nobody to answer, and nothing was kept.
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
