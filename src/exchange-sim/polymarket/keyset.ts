import type { ApiReply } from '../http-host.ts'
import { found, refused } from '../http-host.ts'

const limitDefault = 20
/** A larger limit is cut to this without a word. docs/venues/polymarket.md, 2.1. */
const limitMax = 100

/** One page of a listing, and the cursor of the next while there is one. */
export function keysetPage<T>(
  items: readonly T[],
  query: URLSearchParams,
  write: (page: readonly T[]) => Readonly<Record<string, unknown>>,
): ApiReply {
  if (query.has('offset')) return refused(422, 'offset is not supported, use after_cursor')

  const start = startOf(query.get('after_cursor'))
  if (start === undefined) return refused(400, 'invalid cursor')
  const limit = limitOf(query)
  const end = start + limit
  return found({
    ...write(items.slice(start, end)),
    ...(end < items.length ? { next_cursor: cursorOf(end) } : {}),
  })
}

/** A page by number, as the older listings have it. */
export function offsetPage<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const offset = Number(query.get('offset') ?? 0)
  const start = Number.isInteger(offset) && offset > 0 ? offset : 0
  return items.slice(start, start + limitOf(query))
}

function limitOf(query: URLSearchParams): number {
  const asked = Number(query.get('limit') ?? limitDefault)
  if (!Number.isInteger(asked) || asked < 1) return limitDefault
  return Math.min(asked, limitMax)
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64')
}

function startOf(cursor: string | null): number | undefined {
  if (cursor === null || cursor === '') return 0
  const position = Number(Buffer.from(cursor, 'base64').toString('utf8'))
  return Number.isSafeInteger(position) && position > 0 ? position : undefined
}
