import { z } from 'zod'
import type { ApiRequest } from '../http-host.ts'
import { defaultCost } from './token-buckets.ts'

const cancelCost = 2
const BatchSchema = z.object({ orders: z.array(z.unknown()) })

/** What a call costs in tokens: batches by the item, cancels little. docs/venues/kalshi.md, 1.3. */
export function callCost({ method, path, body }: ApiRequest): number {
  const each = method === 'DELETE' && path.includes('/events/orders') ? cancelCost : defaultCost
  return path.endsWith('/events/orders/batched') ? each * countOf(body) : each
}

function countOf(body: string): number {
  try {
    return BatchSchema.safeParse(JSON.parse(body)).data?.orders.length ?? 1
  } catch {
    return 1
  }
}
