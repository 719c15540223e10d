import type { RelationEntry } from '../arbitrage/relation-entry.ts'

/** How many series of its questions a simulated exchange may list. */
const seriesMax = 12

/**
 * What a person would have found out about the simulated markets, as a relations file says it: the
 * ranges and the thresholds of the price of Ether are decided by one and the same value.
 *
 * No two sets are linked because their words look alike. Somebody has to have read the rules.
 */
export function demoRelations(): readonly RelationEntry[] {
  return Array.from({ length: seriesMax }, (_, series) => {
    const mark = series === 0 ? '' : `-${series}`
    return {
      kind: 'line',
      subject: `the price of Ether, series ${series + 1}`,
      sets: [
        { venue: 'polymarket', name: `ether-price-range${mark}` },
        { venue: 'polymarket', name: `ether-above${mark}` },
      ],
      strikes: [],
      included: { floor: false, cap: true },
      because: 'both sets of rules name the same price at the same instant',
      line: series + 1,
    }
  })
}
