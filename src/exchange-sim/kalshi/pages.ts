/** A page of a list, and the cursor of the next one: "" on the last. docs/venues/kalshi.md, 4. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  limits: { readonly normal: number; readonly most: number },
): { readonly page: readonly T[]; readonly cursor: string } {
  const asked = Number(query.get('limit') ?? limits.normal)
  const limit = Math.min(Math.max(1, Number.isInteger(asked) ? asked : limits.normal), limits.most)
  const start = startOf(query.get('cursor'))
  const end = start + limit
  const cursor = end < items.length ? Buffer.from(`at ${end}`).toString('base64url') : ''
  return { page: items.slice(start, end), cursor }
}

function startOf(cursor: string | null): number {
  const match = /^at (\d+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString())
  return match === null ? 0 : Number(match[1])
}

/** A list that is written with commas, or by repeating its key. */
export function listOf(query: URLSearchParams, key: string): readonly string[] {
  return query
    .getAll(key)
    .flatMap((text) => text.split(','))
    .filter((text) => text !== '')
}
