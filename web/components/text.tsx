import { For, Show } from 'solid-js'
import { brokenAt, paragraphs, pieces, unbroken } from '../text.ts'

/** Foreign text as paragraphs, with links that can be followed. Text stays text: nothing in it becomes markup. */
export function Text(props: { text: string; quoted?: boolean; signature?: boolean; id?: string }) {
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
                <Show when={href} fallback={text}>
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
