const MAX_DEPTH = 6
const MORE_RESULTS = /There are more results available than are currently displayed/i

/**
 * The part that was not read to its end; empty text for the whole.
 * @returns undefined where nothing says so
 */
export function whereTruncated(value: unknown, path: string, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const name = path ? `${path}.${key}` : key
    if (/@odata\.nextLink$/.test(key) && inner) return path
    if (/^(truncated|partial|isTruncated|hasMore)$/i.test(key) && isSaid(inner)) return path
    if (/^complete$/i.test(key) && inner === false) return path
    if (/^(@?adminapi\.)?(warnings|errors)$/i.test(key) && Array.isArray(inner)) {
      if (inner.some((said) => MORE_RESULTS.test(JSON.stringify(said)))) return path
      if (/errors/i.test(key) && inner.length > 0) return path
    }
    const below = whereTruncated(inner, name, depth + 1)
    if (below !== undefined) return below
  }
  return undefined
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== false && value !== null && value !== undefined && value !== ''
}
