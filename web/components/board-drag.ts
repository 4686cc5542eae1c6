import { createSignal, onCleanup, onMount } from 'solid-js'

// Dragging by pointer events: with a mouse at once, with a finger after a short rest, so that scrolling still scrolls.

/** So far a mouse moves before it is no click any more. */
const SLACK_PX = 5
/** So long a finger rests before it holds the card. */
const HOLD_MS = 260
/** So near to an edge of what scrolls, it scrolls along. */
const EDGE_PX = 48
const SCROLL_PX = 14

/** What is dragged, from where it was taken, and over which column it is. */
export type Drag = { id: string; over: string | undefined }

/**
 * Lets cards (`data-card`) of a board be dragged to its columns (`data-stage`).
 * @param mayDrag whether anything can be moved now
 */
export function useDrag(
  board: () => HTMLElement,
  { mayDrag, onDrop }: { mayDrag: () => boolean; onDrop: (cardId: string, stageId: string) => void },
) {
  const [drag, setDrag] = createSignal<Drag>()
  let ghost: HTMLElement | undefined
  let start: { id: string; card: HTMLElement; x: number; y: number; pointerId: number; timer: number } | undefined
  let frame = 0
  let at = { x: 0, y: 0 }
  let dropped = false

  const lift = () => {
    if (!start) return
    const { card, id, x, y, pointerId } = start
    const box = card.getBoundingClientRect()
    // The cast: a copy of an element of HTML is one.
    ghost = card.cloneNode(true) as HTMLElement
    ghost.classList.add('ghost')
    ghost.removeAttribute('data-card')
    ghost.setAttribute('aria-hidden', 'true')
    Object.assign(ghost.style, {
      width: `${box.width}px`,
      height: `${box.height}px`,
      left: `${box.left - x}px`,
      top: `${box.top - y}px`,
    })
    document.body.append(ghost)
    // Over the whole page, should the pointer leave the board or the card be taken out of it by scrolling.
    board().setPointerCapture(pointerId)
    setDrag({ id, over: stageAt(x, y) })
    follow()
    frame = requestAnimationFrame(scrollAlong)
  }
  const follow = () => {
    if (!ghost) return
    ghost.style.translate = `${at.x}px ${at.y}px`
    const over = stageAt(at.x, at.y)
    setDrag((now) => (now && now.over !== over ? { ...now, over } : now))
  }
  const scrollAlong = () => {
    const columns = board().querySelector('.board-columns')
    const page = board().closest('.pipeline')
    if (columns) {
      const box = columns.getBoundingClientRect()
      if (at.x > box.right - EDGE_PX) columns.scrollLeft += SCROLL_PX
      else if (at.x < box.left + EDGE_PX) columns.scrollLeft -= SCROLL_PX
    }
    if (page) {
      const box = page.getBoundingClientRect()
      if (at.y > box.bottom - EDGE_PX) page.scrollTop += SCROLL_PX
      else if (at.y < box.top + EDGE_PX) page.scrollTop -= SCROLL_PX
    }
    follow()
    frame = requestAnimationFrame(scrollAlong)
  }
  const end = () => {
    clearTimeout(start?.timer)
    cancelAnimationFrame(frame)
    ghost?.remove()
    ghost = undefined
    start = undefined
    setDrag(undefined)
  }

  const onPointerDown = (event: PointerEvent) => {
    dropped = false
    if (event.button !== 0 || !event.isPrimary || event.ctrlKey || event.metaKey || event.shiftKey || !mayDrag()) return
    const card = (event.target as Element).closest<HTMLElement>('[data-card]')
    if (!card) return
    const { clientX: x, clientY: y, pointerId } = event
    at = { x, y }
    const timer = event.pointerType === 'mouse' ? 0 : window.setTimeout(lift, HOLD_MS)
    start = { id: card.dataset.card!, card, x, y, pointerId, timer }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (!start || event.pointerId !== start.pointerId) return
    at = { x: event.clientX, y: event.clientY }
    if (drag()) {
      follow()
      return
    }
    if (Math.hypot(at.x - start.x, at.y - start.y) < SLACK_PX) return
    // A finger that moves before it has rested scrolls.
    if (event.pointerType === 'mouse') lift()
    else end()
  }
  const onPointerUp = () => {
    const found = drag()
    if (found) dropped = true
    end()
    if (found?.over) onDrop(found.id, found.over)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !drag()) return
    event.preventDefault()
    dropped = true
    end()
  }
  /** What was dragged is not clicked as well. */
  const onClick = (event: MouseEvent) => {
    if (!dropped) return
    event.preventDefault()
    event.stopPropagation()
    dropped = false
  }
  const whileDragging = (event: Event) => {
    if (drag()) event.preventDefault()
  }

  onMount(() => {
    const self = board()
    const abort = new AbortController()
    const { signal } = abort
    self.addEventListener('pointerdown', onPointerDown, { signal })
    self.addEventListener('pointermove', onPointerMove, { signal })
    self.addEventListener('pointerup', onPointerUp, { signal })
    self.addEventListener('pointercancel', end, { signal })
    self.addEventListener('click', onClick, { signal, capture: true })
    self.addEventListener('dragstart', (event) => event.preventDefault(), { signal })
    // Not passive: what is held is moved, and the page below it is not.
    self.addEventListener('touchmove', whileDragging, { signal, passive: false })
    self.addEventListener('contextmenu', whileDragging, { signal })
    document.addEventListener('keydown', onKeyDown, { signal, capture: true })
    onCleanup(() => {
      abort.abort()
      end()
    })
  })
  return drag
}

const stageAt = (x: number, y: number): string | undefined => {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-stage]')
  return column?.dataset.stage
}
