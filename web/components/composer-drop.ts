import { createSignal, onCleanup } from 'solid-js'

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

/**
 * Takes files that are dropped on an element.
 * @returns whether files hover over it now, and the handlers of the element
 */
export function createDrop(element: () => HTMLElement, onFiles: (files: FileList, event: DragEvent) => void) {
  const [isOver, setIsOver] = createSignal(false)
  // A file that is dropped beside it would otherwise replace the page.
  const keepPage = (event: DragEvent) => hasFiles(event) && event.preventDefault()
  window.addEventListener('dragover', keepPage)
  window.addEventListener('drop', keepPage)
  onCleanup(() => {
    window.removeEventListener('dragover', keepPage)
    window.removeEventListener('drop', keepPage)
  })
  return {
    isOver,
    onDragOver(event: DragEvent) {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    },
    onDragLeave(event: DragEvent) {
      // The cast: what is entered next is an element, or nothing.
      if (!element().contains(event.relatedTarget as Node | null)) setIsOver(false)
    },
    onDrop(event: DragEvent) {
      setIsOver(false)
      if (!hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) onFiles(event.dataTransfer.files, event)
    },
  }
}
