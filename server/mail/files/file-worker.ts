// The thread that reads files: whatever a file does to it, the server goes on (file-reader.ts).

import { parentPort } from 'node:worker_threads'
import type { FileKind } from '../../issues/search/file-kind.ts'
import { type FileReading, readFile, UnreadableFile } from './read-file.ts'

export type FileTask = { kind: FileKind; bytes: Uint8Array }
/** What came of a file, or why it could not be read, as a sentence. */
export type FileAnswer = FileReading | { failed: string }

parentPort?.on('message', async ({ kind, bytes }: FileTask) => {
  let answer: FileAnswer
  try {
    answer = await readFile(kind, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    answer = { failed: error instanceof UnreadableFile ? error.message : UNFORESEEN }
  }
  parentPort?.postMessage(answer)
})

const UNFORESEEN = 'It is written in a way that can not be read here.'
