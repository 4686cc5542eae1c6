import { useQuery } from '@tanstack/solid-query'
import { api, call, wordsOf } from '../api.ts'
import type { DraftFile } from '../drafts.ts'
import { dataOf } from '../queries.ts'
import { complain } from '../toasts.ts'
import { Icon } from './icon.tsx'
import { Picker } from './picker.tsx'
import { Popover } from './popover.tsx'

/** A saved reply as it reads where it is inserted. */
export type Inserted = { html: string; text: string; missing: string[]; attachments: DraftFile[] }

/** Saved replies to choose from, at the button or the cursor that asked for them. */
export function SavedReplyPicker(props: {
  at: Element
  issueId: string | null
  mailboxId: string | null
  onInsert: (reply: Inserted) => void
  onClose: () => void
}) {
  const query = useQuery(() => ({
    queryKey: ['saved-replies'],
    queryFn: () => call(api['saved-replies'].$get()),
    staleTime: 30_000,
  }))
  const insert = async (id: string) => {
    try {
      const { issueId, mailboxId } = props
      props.onInsert(
        await call(api['saved-replies'][':id'].insertions.$post({ param: { id }, json: { issueId, mailboxId } })),
      )
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  const items = () =>
    (dataOf(query) ?? []).map(({ id, name, text }) => ({
      id,
      label: name,
      words: text,
      icon: () => <Icon name="saved" />,
      run: () => void insert(id),
    }))
  return (
    <Popover at={props.at} label="Saved replies" onClose={() => props.onClose()}>
      <Picker
        label="Insert a saved reply"
        placeholder="Insert a saved reply"
        items={items()}
        onPick={(item) => {
          item.run()
          props.onClose()
        }}
      />
    </Popover>
  )
}
