import { createSignal, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { me, useDirectory } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain, say } from '../toasts.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { Picker } from './picker.tsx'
import { Popover } from './popover.tsx'

/** Gives a draft to a colleague, with its files. */
export function HandOver(props: {
  draftId: string
  /** What is written but not saved goes along: this saves it. */
  before: () => Promise<void>
  onGiven: () => void
}) {
  const directory = useDirectory()
  const [at, setAt] = createSignal<Element>()
  const give = async (memberId: string, name: string) => {
    try {
      await props.before()
      await call(api.drafts[':id'].member.$put({ param: { id: props.draftId }, json: { memberId } }))
      say(`${name} has your draft now.`)
      props.onGiven()
      for (const key of ['drafts', 'issue']) void client.invalidateQueries({ queryKey: [key] })
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  const items = () =>
    directory
      .active()
      .filter(({ id }) => id !== me()?.member.id)
      .map(({ id, name, email }) => ({
        id,
        label: name,
        words: email,
        icon: () => <Avatar name={name} of={id} />,
        run: () => void give(id, name),
      }))
  return (
    <>
      <button
        type="button"
        class="btn ghost square"
        aria-label="Hand the draft over"
        data-tip="Hand the draft over"
        onClick={(event) => setAt(event.currentTarget)}
      >
        <Icon name="assign" />
      </button>
      <Show when={at()}>
        {(anchor) => (
          <Popover at={anchor()} label="Hand the draft over" onClose={() => setAt(undefined)}>
            <Picker
              label="Hand the draft to"
              placeholder="Hand the draft to"
              items={items()}
              onPick={(item) => {
                setAt(undefined)
                item.run()
              }}
            />
          </Popover>
        )}
      </Show>
    </>
  )
}
