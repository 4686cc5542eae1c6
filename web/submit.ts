import { createSignal } from 'solid-js'
import { ApiError, wordsOf } from './api.ts'

/** The submitting of a form: busy while it runs, then the words of each field that was refused, or of the whole. */
export function createSubmit(work: (form: FormData, element: HTMLFormElement) => Promise<void>) {
  const [busy, setBusy] = createSignal(false)
  const [error, setError] = createSignal<ApiError>()

  const onSubmit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (busy()) return
    const form = event.currentTarget
    setBusy(true)
    setError(undefined)
    try {
      await work(new FormData(form), form)
    } catch (caught) {
      setError(caught instanceof ApiError ? caught : new ApiError(wordsOf(caught), 0, new Map()))
      // To the first field that is wrong, where there is one.
      queueMicrotask(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    onSubmit,
    /** What is wrong with a field. */
    wrong: (field: string) => error()?.fields.get(field),
    /** What is wrong with none of the fields that are on the form. */
    general: (...onForm: string[]) => {
      const found = error()
      if (!found) return undefined
      return [...found.fields.keys()].some((field) => onForm.includes(field)) ? undefined : found.message
    },
    clear: () => setError(undefined),
  }
}

/** A field of a form as text. */
export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '')
