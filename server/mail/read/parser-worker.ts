// The thread that reads foreign mail: whatever a mail does to it, the server goes on. It answers in the order asked.

import { parentPort } from 'node:worker_threads'
import { ownWords } from '../../issues/search/own-words.ts'
import { readBody } from './body.ts'
import { readStructure } from './mime.ts'
import { asBuffer, attachmentBytes, type ParsedMail, parseMail } from './parse.ts'
import { type HtmlOptions, type SanitizedHtml, sanitizeHtml } from './sanitize.ts'

export type Task =
  | { do: 'parse'; raw: Uint8Array }
  | { do: 'attachment'; raw: Uint8Array; position: number }
  | { do: 'html'; raw: Uint8Array; options: HtmlOptions }

/** A mail with the words by which its text is found, each after a space: as one text they are quickly handed over. */
export type ReadMail = ParsedMail & { words?: string }
export type Result = ReadMail | Uint8Array | SanitizedHtml | null
/** `ready` comes once, when the thread can read mail. */
export type Answer = { ready: true } | { result: Result } | { error: string }

async function carryOut(task: Task): Promise<Result> {
  if (task.do === 'parse') {
    // The HTML stays in the raw mail until somebody looks: to copy it between threads would cost as much as to read it.
    const { html: _, ...mail } = await parseMail(task.raw)
    return { ...mail, words: ownWords(mail).join(' ') }
  }
  if (task.do === 'attachment') return await attachmentBytes(task.raw, task.position)
  const raw = asBuffer(task.raw)
  const { html } = readBody(raw, readStructure(raw).root)
  return html === null ? null : sanitizeHtml(html, task.options)
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (task: Task) => {
  last = last.then(async () => {
    let answer: Answer
    try {
      answer = { result: await carryOut(task) }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) }
    }
    // A copy: bytes that lie in the raw mail would take the whole of it along.
    if ('result' in answer && answer.result instanceof Uint8Array) answer.result = new Uint8Array(answer.result)
    parentPort?.postMessage(answer)
  })
})

const ready: Answer = { ready: true }
parentPort?.postMessage(ready)
