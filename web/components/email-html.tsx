import { createSignal, onCleanup } from 'solid-js'

/** Before the height is known, and for a mail without any. */
const LEAST_HEIGHT = 48

/**
 * The formatted mail, in a frame where nothing runs and nothing loads from elsewhere (server/api/mail-document.ts).
 * The only place where foreign HTML is shown. The frame is as high as what is in it, so that the page scrolls, not it.
 */
export function EmailHtml(props: { messageId: string; label: string; quoted: boolean; dark: boolean }) {
  const [height, setHeight] = createSignal(LEAST_HEIGHT)
  let watcher: ResizeObserver | undefined
  onCleanup(() => watcher?.disconnect())

  const measure = (frame: HTMLIFrameElement) => {
    const root = frame.contentDocument?.documentElement
    if (!root) return
    watcher?.disconnect()
    watcher = new ResizeObserver(() =>
      setHeight(Math.max(LEAST_HEIGHT, Math.ceil(root.getBoundingClientRect().height))),
    )
    watcher.observe(root)
  }
  const url = () => {
    const query = new URLSearchParams({ quoted: props.quoted ? '1' : '0', theme: props.dark ? 'dark' : 'light' })
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
