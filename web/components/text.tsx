import { For, Show } from 'solid-js'
import { paragraphs, pieces } from '../text.ts'

/** Foreign text as paragraphs, with links that can be followed. Text stays text: nothing in it becomes markup. */
export function Text(props: { text: string; quoted?: boolean; id?: string }) {
  return (
    <div class="text" classList={{ quoted: props.quoted ?? false }} id={props.id} dir="auto">
      <For each={paragraphs(props.text)}>
        {(paragraph) => (
          <p dir="auto">
            <For each={pieces(paragraph)}>
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
