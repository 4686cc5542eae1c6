import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, onMount, Show } from 'solid-js'
import { Virtualizer, type VirtualizerHandle } from 'virtua/solid'
import { findCard } from '../board.ts'
import { useNow } from '../clock.ts'
import { count } from '../format.ts'
import { money, shortMoney } from '../money.ts'
import { moveTo } from '../proposal-changes.ts'
import type { Board as BoardOf, Card, Column } from '../proposals.ts'
import { me, type useDirectory } from '../queries.ts'
import { BoardCard } from './board-card.tsx'
import { useDrag } from './board-drag.ts'

/** A card and the gap below it (styles/pipeline.css). */
const CARD_PX = 94
/** More cards are fetched when so few are left below. */
const AHEAD = 15

/**
 * The open proposals by stage. Cards are dragged, or moved with the keys: arrows go from card to card, Shift and an
 * arrow moves the card, M asks where to.
 */
export function Board(props: {
  board: BoardOf
  directory: ReturnType<typeof useDirectory>
  /** Moving is possible: it is not in the past, or without the right to. */
  mayMove: boolean
  keepsOverride: boolean
  scroller: HTMLElement
  onMore: () => void
  /** Asks where a card is to go. */
  onMenu: (card: Card, at: Element) => void
}) {
  const helpId = createUniqueId()
  const now = useNow(60_000)
  const [stop, setStop] = createSignal<string>()
  const [said, setSaid] = createSignal('')
  const handles = new Map<string, VirtualizerHandle>()
  let self!: HTMLDivElement

  const columns = () => props.board.columns
  /** The card that Tab leads to: the one that had the focus, or else the first. */
  const stopId = createMemo(() => {
    const id = stop()
    if (id !== undefined && findCard(props.board, id)) return id
    return columns().find(({ cards }) => cards.length > 0)?.cards[0]?.id
  })

  const move = (id: string, stageId: string) => {
    const found = findCard(props.board, id)
    const to = columns().find(({ stage }) => stage.id === stageId)?.stage
    if (!found || !to || to.id === found.column.stage.id || !props.mayMove) return
    setStop(id)
    setSaid(`${found.card.title} moved from ${found.column.stage.label} to ${to.label}.`)
    void moveTo(found.card, found.column.stage, to, props.keepsOverride).then((moved) => {
      if (!moved) setSaid(`${found.card.title} was not moved.`)
    })
  }
  const drag = useDrag(() => self, { mayDrag: () => props.mayMove, onDrop: move })

  const focus = (column: Column | undefined, index: number) => {
    const card = column?.cards[Math.max(0, Math.min(index, column.cards.length - 1))]
    if (!column || !card) return
    setStop(card.id)
    focusCard(card.id, () =>
      handles.get(column.stage.id)?.scrollToIndex(column.cards.indexOf(card), { align: 'nearest' }),
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-card]')?.dataset.card
    const found = id === undefined ? undefined : findCard(props.board, id)
    if (!found || event.ctrlKey || event.metaKey || event.altKey) return
    const at = columns().indexOf(found.column)
    const index = found.column.cards.indexOf(found.card)
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const along = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (across && event.shiftKey) {
      const to = columns()[at + across]?.stage
      if (to) {
        move(found.card.id, to.id)
        queueMicrotask(() => focusCard(found.card.id))
      }
    } else if (across) {
      let next = at + across
      while (columns()[next]?.cards.length === 0) next += across
      focus(columns()[next], index)
    } else if (along && !event.shiftKey) focus(found.column, index + along)
    else if (event.key === 'Home') focus(found.column, 0)
    else if (event.key === 'End') focus(found.column, found.column.cards.length - 1)
    else if (event.key.toLowerCase() === 'm' && props.mayMove) props.onMenu(found.card, event.target as Element)
    else return
    event.preventDefault()
  }
  onMount(() => {
    // Before the keys of the page, which leave alone what is done already.
    self.addEventListener('keydown', onKeyDown)
    self.addEventListener('focusin', (event) => {
      const id = (event.target as Element).closest<HTMLElement>('[data-card]')?.dataset.card
      if (id) setStop(id)
    })
  })

  return (
    <div ref={self} class="board" classList={{ dragging: drag() !== undefined }}>
      <p id={helpId} class="sr">
        {props.mayMove
          ? 'Arrows go from card to card. Shift and an arrow moves the card to the next stage, M asks where to.'
          : 'Arrows go from card to card.'}
      </p>
      <p class="sr" role="status">
        {said()}
      </p>
      <div class="board-columns">
        <For each={columns().map(({ stage }) => stage.id)}>
          {(stageId) => (
            <BoardColumn
              column={columns().find(({ stage }) => stage.id === stageId)!}
              currency={props.board.currency}
              directory={props.directory}
              now={now()}
              helpId={helpId}
              stopId={stopId()}
              dragged={drag()?.id}
              isTarget={drag()?.over === stageId}
              scroller={props.scroller}
              onHandle={(handle) => (handle ? handles.set(stageId, handle) : handles.delete(stageId))}
              onMore={() => props.onMore()}
            />
          )}
        </For>
      </div>
    </div>
  )
}

function BoardColumn(props: {
  column: Column
  currency: string
  directory: ReturnType<typeof useDirectory>
  now: number
  helpId: string
  stopId: string | undefined
  dragged: string | undefined
  isTarget: boolean
  scroller: HTMLElement
  onHandle: (handle: VirtualizerHandle | undefined) => void
  onMore: () => void
}) {
  const [top, setTop] = createSignal(0)
  const [handle, setHandle] = createSignal<VirtualizerHandle>()
  let list!: HTMLDivElement
  const sum = () => props.column.sum
  const cards = () => props.column.cards
  const ids = createMemo(() => cards().map(({ id }) => id), [], {
    equals: (a, b) => a.length === b.length && a.every((id, index) => id === b[index]),
  })
  const byId = createMemo(() => new Map(cards().map((card) => [card.id, card])))
  const stop = () => {
    const index = props.stopId === undefined ? -1 : ids().indexOf(props.stopId)
    return index < 0 ? [] : [index]
  }
  // Where the cards begin in what scrolls: the figures above them can be of any height.
  onMount(() => {
    const measure = () =>
      setTop(list.getBoundingClientRect().top - props.scroller.getBoundingClientRect().top + props.scroller.scrollTop)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(props.scroller)
    for (const part of props.scroller.children) observer.observe(part)
    onCleanup(() => observer.disconnect())
  })
  const more = () => {
    const at = handle()
    if (!at || cards().length >= sum().count) return
    if (at.findItemIndex(at.scrollOffset + at.viewportSize) > cards().length - AHEAD) props.onMore()
  }
  createEffect(
    on(
      () => cards().length,
      () => queueMicrotask(more),
    ),
  )

  return (
    <section
      class="column"
      classList={{ target: props.isTarget }}
      data-stage={props.column.stage.id}
      aria-label={`${props.column.stage.label}, ${count(sum().count)}`}
    >
      <header>
        <h2>
          <span class="ellipsis">{props.column.stage.label}</span>
          <span class="n num">{count(sum().count)}</span>
          <span class="p num">{props.column.stage.probability}%</span>
        </h2>
        <p class="num" data-tip={unknownWords(props.column)}>
          <span>{shortMoney(sum().totalMinor, props.currency)}</span>
          <span class="w" data-tip={`Weighted by probability: ${money(sum().weightedMinor, props.currency)}`}>
            {shortMoney(sum().weightedMinor, props.currency)} <small>weighted</small>
          </span>
        </p>
      </header>
      <div ref={list} class="cards">
        <Virtualizer
          ref={(found) => {
            setHandle(found)
            props.onHandle(found)
          }}
          data={ids()}
          scrollRef={props.scroller}
          startMargin={top()}
          itemSize={CARD_PX}
          bufferSize={500}
          keepMounted={stop()}
          as="ul"
          item="li"
          onScroll={more}
        >
          {(id) => (
            <Show when={byId().get(id)}>
              {(card) => (
                <BoardCard
                  card={card()}
                  now={props.now}
                  directory={props.directory}
                  isStop={props.stopId === id}
                  isDragged={props.dragged === id}
                  helpId={props.helpId}
                />
              )}
            </Show>
          )}
        </Virtualizer>
        <Show when={sum().count === 0}>
          <p class="nothing">{me()?.rights.includes('triage') ? 'Drop a proposal here' : 'None'}</p>
        </Show>
      </div>
    </section>
  )
}

function unknownWords({ sum }: Column): string | undefined {
  const parts = [
    sum.withoutValue > 0 ? `${count(sum.withoutValue)} without value` : '',
    sum.withoutRate > 0 ? `${count(sum.withoutRate)} without exchange rate` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `Not in the total: ${parts.join(', ')}` : undefined
}

/** Gives a card the focus when it is drawn, which may be a moment after it was brought into sight. */
function focusCard(id: string, bring?: () => void): void {
  const find = () => document.querySelector<HTMLElement>(`.board [data-card="${CSS.escape(id)}"]`)
  const there = find()
  if (there) {
    there.focus({ preventScroll: false })
    return
  }
  bring?.()
  requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()))
}
