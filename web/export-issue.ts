import { ApiError, api, type ListedIssue, wordsOf } from './api.ts'
import { complain, say } from './toasts.ts'

/** Lets the browser keep an issue as a ZIP file. */
export async function exportIssue({ id, number }: Pick<ListedIssue, 'id' | 'number'>): Promise<void> {
  try {
    const answer = await api.issues[':id'].export.$post({ param: { id } })
    if (!answer.ok) throw new ApiError('The issue could not be exported. Try again.', answer.status, new Map())
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = `issue ${number}.zip`
    link.click()
    URL.revokeObjectURL(link.href)
    say(`Issue ${number} is exported.`)
  } catch (error) {
    complain(wordsOf(error))
  }
}
