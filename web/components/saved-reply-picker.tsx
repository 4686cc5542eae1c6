import { useQuery } from '@tanstack/solid-query'
import { api, call, wordsOf } from '../api.ts'
import type { DraftFile } from '../drafts.ts'
import { languageName } from '../languages.ts'
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
  /** The one that is written in: replies in it stand first. */
  language: string
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
      const { issueId, mailboxId, language } = props
      props.onInsert(
        await call(
          api['saved-replies'][':id'].insertions.$post({ param: { id }, json: { issueId, mailboxId, language } }),
        ),
      )
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  /** Those in the language that is written in, then those for any, then the others: each the most used first. */
  const rank = (language: string) => (language === '' ? 1 : language === props.language ? 0 : 2)
  const items = () =>
    (dataOf(query) ?? [])
      .toSorted((a, b) => rank(a.language) - rank(b.language))
      .map(({ id, name, text, language }) => ({
        id,
        label: name,
        words: `${text} ${languageName(language)}`,
        icon: () => <Icon name="saved" />,
        ...(rank(language) === 2 ? { end: () => <span class="hint">{languageName(language)}</span> } : {}),
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
