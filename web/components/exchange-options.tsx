import { For, type JSX, Show } from 'solid-js'
import type { Looked } from '../exchange.ts'
import type { Wish } from '../exchange-wanted.ts'
import { Icon } from './icon.tsx'

type Option = Looked['options'][number]

/** The five ways to share an address, what each leads to, which of them is here, and the next step on each. */
export function ExchangeOptions(props: {
  options: Looked['options']
  mailbox: Looked['snapshot']['mailbox']
  wish: Wish
  onWish: (wish: Wish) => void
  canEdit: boolean
  /** Downfield looks after it, so that it can be watched. */
  isOwn: boolean
}) {
  const isShared = () => /^SharedMailbox$/i.test(props.mailbox?.RecipientTypeDetails ?? '')
  const isOpen = () => props.mailbox !== null && (!isShared() || props.mailbox.AccountDisabled === false)
  const convert = () => {
    props.onWish({ ...props.wish, mailbox: { ...props.wish.mailbox, type: 'shared', signInBlocked: true } })
    document.getElementById('plan')?.scrollIntoView({ block: 'start' })
  }
  const next = (option: Option['option']): JSX.Element => {
    switch (option) {
      case 'alias':
        return <small>On the page of that person’s mailbox, under further addresses.</small>
      case 'group':
        return <small>On the command line: downfield exchange plan, with group: in the file.</small>
      case 'separate-account':
        return (
          <Show when={isOpen() && props.canEdit}>
            <button type="button" class="btn" onClick={convert}>
              {isShared() ? 'Block sign-in' : 'Make it a shared mailbox'}
            </button>
          </Show>
        )
      case 'shared-mailbox':
        return (
          <Show when={!isShared()}>
            <a class="link" href="/exchange/new">
              New shared mailbox
            </a>
          </Show>
        )
      case 'outside-system':
        return (
          <Show when={props.isOwn}>
            <a class="link" href="#watch">
              Watch it with Downfield
            </a>
          </Show>
        )
    }
  }
  return (
    <details class="exchange-fold">
      <summary>
        <h2>Is a shared mailbox the right way? Five ways compared</h2>
      </summary>
      <ol class="exchange-options">
        <For each={props.options}>
          {(option) => (
            <li classList={{ here: option.here !== null }}>
              <h3>{option.title}</h3>
              <p>{option.leadsTo}</p>
              <Show when={option.here}>
                {(words) => (
                  <p class="is-here">
                    <Icon name="info" />
                    {words()}
                  </p>
                )}
              </Show>
              <div class="next">{next(option.option)}</div>
            </li>
          )}
        </For>
      </ol>
    </details>
  )
}
