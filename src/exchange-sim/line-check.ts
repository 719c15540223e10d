import type { SimMarket, SimSet } from './sim-market.ts'
import type { ExactUsd, MispricingCheck } from './mispricing-check.ts'
import { buyingCost, exactUsd, sellingGain } from './mispricing-check.ts'

/** "The value is above this": the unknowns of a line. The ends are certain and impossible. */
type LineBook = { readonly market: SimMarket; readonly from: number; readonly to: number }

/**
 * Thresholds and ranges of one number, all together.
 *
 * Let S(k) be the chance that the number is above k. Every price bounds a difference of two S: an
 * ask from above, a bid from below. There is a profit exactly when no falling S from 1 to 0 keeps
 * all the bounds, and that is when the bounds contain a cycle whose sum is negative.
 */
export function lineCheck(sets: readonly SimSet[]): MispricingCheck {
  const books = sets.flatMap(lineBooks)
  const points = [...new Set(books.flatMap(({ from, to }) => [from, to]))]
  points.push(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  const nodes = [...new Set(points)].toSorted((a, b) => a - b)
  return {
    kind: 'combinatorial',
    markets: books.map(({ market }) => market),
    payoutUsd: 1,
    edge: () => shortestCycle(boundsOf(books, nodes)),
  }
}

function lineBooks({ structure, markets }: SimSet): readonly LineBook[] {
  return markets.map((market, at) => {
    const from = market.listing.strike ?? Number.NEGATIVE_INFINITY
    const end = Number.POSITIVE_INFINITY
    const to = structure.kind === 'ranges' ? (markets[at + 1]?.listing.strike ?? end) : end
    return { market, from, to }
  })
}

/** `bounds[i][j]`: S at node j is at most S at node i plus this. Undefined: no bound. */
type Bounds = (ExactUsd | undefined)[][]

function boundsOf(books: readonly LineBook[], nodes: readonly number[]): Bounds {
  const bounds: Bounds = nodes.map(() => nodes.map(() => undefined))
  const tighten = (from: number, to: number, bound: ExactUsd): void => {
    const row = bounds[from]
    const old = row?.[to]
    if (row !== undefined && (old === undefined || bound < old)) row[to] = bound
  }
  for (let at = 1; at < nodes.length; at++) tighten(at - 1, at, 0n)
  const first = 0
  const last = nodes.length - 1
  tighten(last, first, exactUsd)
  tighten(first, last, -exactUsd)
  for (const { market, from, to } of books) {
    const low = nodes.indexOf(from)
    const high = nodes.indexOf(to)
    const cost = buyingCost(market, 'yes')
    const gain = sellingGain(market, 'yes')
    if (cost !== undefined) tighten(high, low, cost)
    if (gain !== undefined) tighten(low, high, -gain)
  }
  return bounds
}

/** How far below nothing the shortest way from a node back to itself is: what a set earns. */
function shortestCycle(bounds: Bounds): ExactUsd {
  const count = bounds.length
  let best = 0n
  for (let through = 0; through < count; through++) {
    for (let from = 0; from < count; from++) {
      const first = bounds[from]?.[through]
      if (first === undefined) continue
      for (let to = 0; to < count; to++) {
        const second = bounds[through]?.[to]
        const row = bounds[from]
        if (second === undefined || row === undefined) continue
        const direct = row[to]
        const joined = first + second
        if (direct === undefined || joined < direct) row[to] = joined
      }
    }
    for (let at = 0; at < count; at++) {
      const around = bounds[at]?.[at]
      if (around !== undefined && -around > best) best = -around
    }
    if (best > 0n) return best
  }
  return best
}
