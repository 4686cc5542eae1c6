/** Cuts a list into batches of at most `most` items and `bytes` bytes; an item that is larger goes alone. */
export function batches<T extends { size: number }>(items: T[], most: number, bytes: number): T[][] {
  const cut: T[][] = []
  let batch: T[] = []
  let size = 0
  for (const item of items) {
    if (batch.length > 0 && (batch.length >= most || size + item.size > bytes)) {
      cut.push(batch)
      batch = []
      size = 0
    }
    batch.push(item)
    size += item.size
  }
  return batch.length > 0 ? [...cut, batch] : cut
}
