import { createSignal } from 'solid-js'
import { editAndResend } from '../edit-and-resend.ts'
import { Icon } from './icon.tsx'

/** At a mail that failed: writes it again, to those alone whom it did not reach. */
export function EditAndResend(props: { issueId: string; messageId: string }) {
  const [busy, setBusy] = createSignal(false)
  const write = async () => {
    setBusy(true)
    await editAndResend(props.issueId, props.messageId)
    setBusy(false)
  }
  return (
    <button type="button" class="btn" disabled={busy()} onClick={() => void write()}>
      <Icon name="pen" />
      Edit and resend
    </button>
  )
}
