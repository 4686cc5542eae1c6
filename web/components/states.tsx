import { For, type JSX, Show } from 'solid-js'
import { wordsOf } from '../api.ts'
import { Icon, type IconName } from './icon.tsx'

/** Nothing is here, and that is said in a way that helps. */
export function Empty(props: { icon: IconName; title: string; children?: JSX.Element }) {
  return (
    <div class="blank">
      <Icon name={props.icon} />
      <strong>{props.title}</strong>
      <p>{props.children}</p>
    </div>
  )
}

/** It could not be loaded: why, and a way to try again. */
export function Failed(props: { error: unknown; what: string; retry: () => void }) {
  return (
    <div class="blank" role="alert">
      <Icon name="warning" />
      <strong>{props.what} could not be loaded</strong>
      <p>{wordsOf(props.error)}</p>
      <button type="button" class="btn" onClick={() => props.retry()}>
        <Icon name="again" />
        Try again
      </button>
    </div>
  )
}

/** The lines that will be there, grey, while they come. */
export function Bones(props: { rows: number; height: number }) {
  return (
    <div role="status" aria-label="Loading">
      <For each={Array.from({ length: props.rows })}>
        {(_, index) => (
          <div class="bone-row" style={{ height: `${props.height}px` }}>
            <span class="bone" style={{ width: `${55 - ((index() * 17) % 25)}%`, height: '11px' }} />
            <span class="bone" style={{ width: `${80 - ((index() * 23) % 30)}%`, height: '9px' }} />
          </div>
        )}
      </For>
    </div>
  )
}

/** What is wrong or worth knowing, in place. */
export function Notice(props: { tone: 'bad' | 'warn' | 'good' | 'plain'; icon?: IconName; children: JSX.Element }) {
  const icon = (): IconName =>
    props.icon ?? (props.tone === 'good' ? 'done' : props.tone === 'plain' ? 'info' : 'warning')
  return (
    <div class={`notice ${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon()} />
      <div>{props.children}</div>
    </div>
  )
}

type Query<T> = { isPending: boolean; isError: boolean; error: unknown; data: T | undefined; refetch: () => unknown }

/** A query's data, or what stands in for it: loading, or why it failed. */
export function Loaded<T>(props: {
  query: Query<T>
  what: string
  loading?: JSX.Element
  children: (data: () => T) => JSX.Element
}) {
  return (
    <Show
      when={props.query.isPending ? undefined : props.query.data}
      fallback={
        <Show when={props.query.isError} fallback={props.loading ?? <Bones rows={4} height={46} />}>
          <Failed error={props.query.error} what={props.what} retry={() => void props.query.refetch()} />
        </Show>
      }
    >
      {(data) => props.children(data as () => T)}
    </Show>
  )
}
