import type { RelationEntry } from '../arbitrage/relation-entry.ts'

/** Copies of the simulated world that a demo may list. */
const copiesMax = 20

/**
 * What a person would have to say of the simulated world: its Ether thresholds and its Ether ranges
 * are decided by one number. A value on a border belongs to the lower range, as its rules say.
 */
export function demoRelations(): readonly RelationEntry[] {
  return Array.from({ length: copiesMax }, (_, copy): RelationEntry => {
    const mark = copy === 0 ? '' : `-${copy}`
    return {
      kind: 'line',
      subject: `the price of Ether${mark}`,
      sets: ['ether-above', 'ether-price-range'].map((name) => ({
        venue: 'polymarket',
        name: name + mark,
      })),
      strikes: [],
      included: { floor: false, cap: true },
      because: 'both events of the simulated exchange are decided by one price of Ether',
      line: 0,
    }
  })
}
