import { checkCertificate } from '../arbitrage/check-certificate.ts'
import type { Certificate } from '../core/certificate.ts'
import type { Outcome } from '../core/market.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Level } from '../core/order-book.ts'
import type { MarketRef, Relation } from '../core/relation.ts'
import { describeRelation } from '../core/relation.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { MarketCache } from './market-cache.ts'

/** Against what a certificate is held. Nothing of it comes from the strategy. */
export type CertificateGrounds = {
  readonly cache: MarketCache
  /** What is known to hold between the markets of a group, by its name. */
  readonly relationsOf: (group: string) => readonly Relation[]
}

/**
 * Why the proof of a signal does not hold, as a label; undefined when it holds or none is claimed.
 *
 * Checked against our own books, catalogue and relations, by code that shares nothing with the
 * detectors. A relation that the certificate does not name is left out: without it more worlds are
 * possible, never fewer.
 */
export function certificateFault(
  signal: TradeSignal,
  grounds: CertificateGrounds,
): string | undefined {
  const { certificate } = signal
  if (certificate === undefined) return undefined
  if (!provesSignal(certificate, signal)) return 'of-another-signal'

  const known = grounds.relationsOf(certificate.group)
  const verdict = checkCertificate(certificate, {
    relations: known.filter((relation) =>
      certificate.assumptions.includes(describeRelation(relation)),
    ),
    market: ({ venue, market }) => grounds.cache.byMarket(venue, market)?.market,
    levels: (ref, outcome, side) => levelsOf(grounds.cache, ref, outcome, side),
  })
  return verdict.kind === 'true' ? undefined : verdict.reason
}

/** The legs of the signal are those of the proof, and it claims no more than was proven. */
function provesSignal({ legs, edge }: Certificate, signal: TradeSignal): boolean {
  if (legs.length !== signal.legs.length || signal.edge > edge) return false
  return signal.legs.every((leg, index) => {
    const proven = legs[index]
    return (
      proven !== undefined &&
      proven.instrument === leg.instrument &&
      proven.side === leg.side &&
      proven.size === leg.size &&
      proven.taken.at(-1)?.price === leg.limit
    )
  })
}

function levelsOf(
  cache: MarketCache,
  { venue, market }: MarketRef,
  outcome: Outcome,
  side: 'bid' | 'ask',
): readonly Level[] {
  return cache.byMarket(venue, market)?.[outcome].levels(side === 'bid' ? bidSide : askSide) ?? []
}
