import { type JSX, onCleanup, onMount } from 'solid-js'

const GAP = 6
const EDGE = 8

/**
 * Something that floats at a button: the browser closes it on Escape and outside, and gives the focus back.
 * It exists while it is open; `onClose` takes it away.
 */
export function Popover(props: {
  at: Element
  label: string
  onClose: () => void
  class?: string
  children: JSX.Element
}) {
  let self!: HTMLDivElement
  const before = document.activeElement

  const place = () => {
    const anchor = props.at.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = self
    const left = Math.max(EDGE, Math.min(anchor.left, innerWidth - width - EDGE))
    const below = anchor.bottom + GAP
    const fits = below + height <= innerHeight - EDGE
    const top = fits ? below : Math.max(EDGE, anchor.top - GAP - height)
    Object.assign(self.style, { left: `${left}px`, top: `${top}px` })
  }
  onMount(() => {
    self.showPopover?.()
    place()
    window.addEventListener('resize', place)
  })
  onCleanup(() => {
    window.removeEventListener('resize', place)
    // Taken away while it had the focus, as by picking: back to where one was.
    const lost = document.activeElement === document.body || self.contains(document.activeElement)
    if (lost && before instanceof HTMLElement && before.isConnected) queueMicrotask(() => before.focus())
  })

  return (
    <div
      ref={self}
      popover="auto"
      role="dialog"
      aria-label={props.label}
      class={`popover ${props.class ?? ''}`}
      onToggle={(event: ToggleEvent) => {
        if (event.newState === 'closed') props.onClose()
      }}
    >
      {props.children}
    </div>
  )
}
