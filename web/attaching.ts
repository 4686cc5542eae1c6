import type { Draft, DraftFile } from './drafts.ts'
import { complain } from './toasts.ts'
import { type createUploads, dropFile, freeName } from './uploads.ts'

/** What every mail program shows within the text. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/

/** Files for a draft: along with it, or pictures within its text. */
export function createAttaching(to: {
  uploads: ReturnType<typeof createUploads>
  draft: () => Draft
  patch: (to: Partial<Draft>) => void
  /** One file may have so many. */
  maxBytes: () => number | undefined
  /** Shows a picture where one writes; false: that is not possible any more, so it goes along. */
  show: (file: DraftFile) => boolean
  focus: () => void
}) {
  const { uploads, draft } = to
  return {
    /** @param isInText whether pictures are meant for the text */
    attach(files: Iterable<File>, isInText = false) {
      if (draft().kind === 'note') {
        complain('Files go along with a mail. A note takes none.')
        return
      }
      const taken = [...draft().attachments, ...uploads.uploading()].map(({ filename }) => filename)
      for (const file of files) {
        const name = freeName(file.name || 'file', taken)
        taken.push(name)
        const isShown = isInText && !draft().plain && PICTURE.test(file.type)
        uploads.add(file, name, to.maxBytes() ?? Number.POSITIVE_INFINITY, isShown ? to.show : undefined)
      }
      to.focus()
    },
    remove(file: DraftFile) {
      to.patch({ attachments: draft().attachments.filter(({ id }) => id !== file.id) })
      dropFile(file.id)
      to.focus()
    },
  }
}
