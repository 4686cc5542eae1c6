import { For, Show } from 'solid-js'
import { brokenAt, paragraphs, pieces, unbroken } from '../text.ts'

/** Foreign text as paragraphs, with links that can be followed. Text stays text: nothing in it becomes markup. */
export function Text(props: {
  text: string
  quoted?: boolean
  signature?: boolean
  id?: string
  /** What in it names somebody, with its @. */
  mentions?: readonly string[]
}) {
  const width = () => brokenAt(props.text)
  return (
    <div
      class="text"
      classList={{ quoted: props.quoted ?? false, signature: props.signature ?? false }}
      id={props.id}
      dir="auto"
    >
      <For each={paragraphs(props.text)}>
        {(paragraph) => (
          <p dir="auto">
            <For each={pieces(unbroken(paragraph, width()))}>
              {({ text, href }) => (
                <Show when={href} fallback={<Named text={text} mentions={props.mentions ?? []} />}>
                  <a class="link" href={href} target="_blank" rel="noreferrer noopener">
                    {text}
                  </a>
                </Show>
              )}
            </For>
          </p>
        )}
      </For>
    </div>
  )
}

/** Text in which those who are mentioned stand out. */
function Named(props: { text: string; mentions: readonly string[] }) {
  const parts = () => {
    const names = props.mentions.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return names.length === 0 ? [props.text] : props.text.split(new RegExp(`(${names.join('|')})`))
  }
  return (
    <For each={parts()}>
      {(part) => (
        <Show when={props.mentions.includes(part)} fallback={part}>
          <span class="mention">{part}</span>
        </Show>
      )}
    </For>
  )
}
