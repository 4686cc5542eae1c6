import { createSignal } from 'solid-js'
import type { Problem } from '../server/api/problem.ts'
import { ApiError, api, call, refusal, wordsOf } from './api.ts'
import type { DraftFile } from './drafts.ts'
import { bytes } from './format.ts'

/** A file on its way to the server, or why it did not get there. */
export type Uploading = { key: number; filename: string; size: number; part: number; problem: string | null }

/** Files on their way up, one after the other. */
export function createUploads(onDone: (file: DraftFile) => void) {
  const [uploading, setUploading] = createSignal<readonly Uploading[]>([])
  const cancels = new Map<number, AbortController>()
  let lastKey = 0
  let line: Promise<unknown> = Promise.resolve()
  const patch = (key: number, to: Partial<Uploading>) =>
    setUploading((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)))
  const remove = (key: number) => {
    cancels.get(key)?.abort()
    cancels.delete(key)
    setUploading((all) => all.filter((one) => one.key !== key))
  }

  /** `show` may take the file as a picture of the text; false: it goes along as any other. */
  const add = (file: File, filename: string, maxBytes: number, show?: (file: DraftFile) => boolean) => {
    const key = ++lastKey
    const tooLarge = file.size > maxBytes ? `is ${bytes(file.size)}; a file may have ${bytes(maxBytes)}` : null
    const problem = file.size === 0 ? 'is empty' : tooLarge
    setUploading((all) => [...all, { key, filename, size: file.size, part: 0, problem }])
    if (problem !== null) return
    const cancel = new AbortController()
    cancels.set(key, cancel)
    line = line.then(async () => {
      try {
        if (cancel.signal.aborted) return
        const done = await upload(file, filename, (part) => patch(key, { part }), cancel.signal)
        cancels.delete(key)
        remove(key)
        if (!show?.(done)) onDone(done)
      } catch (error) {
        if (!cancel.signal.aborted) patch(key, { problem: wordsOf(error) })
      }
    })
  }
  return { uploading, add, remove }
}

/** A file's own name, or with a number where others have it: every pasted picture is called image.png. */
export function freeName(filename: string, taken: readonly string[]): string {
  const [, stem = filename, ending = ''] = /^(.+?)(\.[^.]*)?$/s.exec(filename) ?? []
  let name = filename
  for (let n = 2; taken.includes(name); n++) name = `${stem} ${n}${ending}`
  return name
}

/** Lets go of a file on the server; if that fails, it is forgotten there by itself. */
export function dropFile(id: string): void {
  call(api.uploads[':id'].$delete({ param: { id } })).catch(() => {})
}

/** Sends a file to the server. By XMLHttpRequest: fetch does not tell how far it has come. */
function upload(file: File, filename: string, onPart: (part: number) => void, cancel: AbortSignal): Promise<DraftFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/uploads?${new URLSearchParams({ filename })}`)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onPart(total > 0 ? loaded / total : 0)
    request.onload = () => {
      // The cast: a response of ours (server/api/uploads.ts), or a problem document.
      const answer = request.response as (DraftFile & Partial<Problem>) | null
      if (request.status === 201 && answer) resolve({ id: answer.id, filename: answer.filename, size: answer.size })
      else reject(refusal(request.status, answer ?? {}))
    }
    request.onerror = () => reject(new ApiError('It did not get to the server. Attach it again.', 0, new Map()))
    request.onabort = () => reject(new ApiError('Cancelled.', 0, new Map()))
    cancel.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
