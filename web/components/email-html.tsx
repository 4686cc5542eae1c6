import { createSignal, onCleanup } from 'solid-js'

/** Before the height is known, and for a mail without any. */
const LEAST_HEIGHT = 48

/**
 * The formatted mail, in a frame where nothing runs and nothing loads from elsewhere (server/api/mail-document.ts).
 * The only place where foreign HTML is shown. The frame is as high as what is in it, so that the page scrolls, not it.
 */
export function EmailHtml(props: {
  messageId: string
  label: string
  quoted: boolean
  /** Whether pictures that lie elsewhere are loaded, through our server. */
  remote: boolean
  dark: boolean
  /** How many pictures were not loaded; known when the mail is here. */
  onRemote: (count: number) => void
}) {
  const [height, setHeight] = createSignal(LEAST_HEIGHT)
  let watcher: ResizeObserver | undefined
  onCleanup(() => watcher?.disconnect())

  const measure = (frame: HTMLIFrameElement) => {
    const root = frame.contentDocument?.documentElement
    if (!root) return
    props.onRemote(Number(root.dataset.remoteCount ?? 0))
    watcher?.disconnect()
    watcher = new ResizeObserver(() =>
      setHeight(Math.max(LEAST_HEIGHT, Math.ceil(root.getBoundingClientRect().height))),
    )
    watcher.observe(root)
  }
  const url = () => {
    const query = new URLSearchParams({
      quoted: props.quoted ? '1' : '0',
      theme: props.dark ? 'dark' : 'light',
      ...(props.remote && { remote: '1' }),
    })
    return `/api/messages/${props.messageId}/body?${query}`
  }

  return (
    <iframe
      class="rich"
      title={props.label}
      src={url()}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      style={{ height: `${height()}px` }}
      onLoad={(event) => measure(event.currentTarget)}
    />
  )
}
