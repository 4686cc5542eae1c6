import { For, Show } from 'solid-js'
import type { DraftFile } from '../drafts.ts'
import { bytes } from '../format.ts'
import type { Uploading } from '../uploads.ts'
import { Icon } from './icon.tsx'

/** The files that go along with an answer, and those on their way up. */
export function Attachments(props: {
  files: DraftFile[]
  uploading: readonly Uploading[]
  maxBytes: number | undefined
  /** What the server refused, by the file's place in the list. */
  wrong: (place: number) => string | undefined
  onRemove: (file: DraftFile) => void
  onCancel: (key: number) => void
}) {
  const coming = () => props.uploading.filter(({ problem }) => problem === null)
  const total = () => [...props.files, ...coming()].reduce((sum, { size }) => sum + size, 0)
  const isTooMuch = () => props.maxBytes !== undefined && total() > props.maxBytes
  return (
    <div class="attaching">
      <ul aria-label="Files to send">
        <For each={props.files}>
          {(file, place) => (
            <li classList={{ wrong: props.wrong(place()) !== undefined }}>
              <Icon name={isPicture(file.filename) ? 'picture' : 'file'} />
              <span class="ellipsis">{file.filename}</span>
              <span class="num">{props.wrong(place()) ?? bytes(file.size)}</span>
              <button type="button" aria-label={`Remove ${file.filename}`} onClick={() => props.onRemove(file)}>
                <Icon name="close" />
              </button>
            </li>
          )}
        </For>
        <For each={props.uploading.map(({ key }) => key)}>
          {(key) => {
            const file = () => props.uploading.find((one) => one.key === key)!
            const percent = () => Math.round(file().part * 100)
            return (
              <li classList={{ wrong: file().problem !== null }}>
                <Icon name={file().problem === null ? 'up' : 'warning'} />
                <span class="ellipsis">{file().filename}</span>
                <Show when={file().problem === null} fallback={<span role="alert">{file().problem}</span>}>
                  <progress aria-label={`Upload of ${file().filename}`} max="100" value={percent()} />
                  <span class="num">{percent()} %</span>
                </Show>
                <button
                  type="button"
                  aria-label={`${file().problem === null ? 'Cancel the upload of' : 'Remove'} ${file().filename}`}
                  onClick={() => props.onCancel(key)}
                >
                  <Icon name="close" />
                </button>
              </li>
            )
          }}
        </For>
      </ul>
      <Show when={props.maxBytes}>
        {(max) => (
          <p class="hint num" classList={{ bad: isTooMuch() }} role={isTooMuch() ? 'alert' : undefined}>
            {isTooMuch()
              ? `${bytes(total())} together. One email may have ${bytes(max())}: remove some, or send a link.`
              : `${bytes(total())} of ${bytes(max())}`}
          </p>
        )}
      </Show>
    </div>
  )
}

const isPicture = (filename: string) => /\.(png|jpe?g|gif|webp|bmp|avif|heic|tiff?)$/i.test(filename)
