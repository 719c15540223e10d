import type { MarketId, Outcome } from '../../src/core/market.ts'
import { instrumentOf } from '../../src/core/market.ts'
import type { Decision, Realisation, TradeSignal } from '../../src/core/signal.ts'
import { pass } from '../../src/core/signal.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../../src/core/units.ts'
import type { EvalContext, Strategy } from '../../src/ports/strategy.ts'

/** Writes down what it is shown, and does nothing. */
export class Watcher implements Strategy {
  readonly name: string
  readonly seen: string[] = []
  readonly #markets: readonly string[] | undefined

  constructor(name = 'watcher', markets?: readonly string[]) {
    this.name = name
    this.#markets = markets
  }

  onCatalogue(): void {}

  watches({ id }: { readonly id: string }): boolean {
    return this.#markets?.includes(id) ?? true
  }

  evaluate({ entry, key }: EvalContext): Decision {
    this.seen.push(`${key.instrument} ${entry.yes.bestBid}`)
    return pass('watching')
  }
}

/** Throws on the market it is afraid of. */
export class Coward implements Strategy {
  readonly name = 'coward'
  readonly #fear: string
  calls = 0

  constructor(fear: string) {
    this.#fear = fear
  }

  onCatalogue(): void {}

  evaluate({ entry }: EvalContext): Decision {
    this.calls++
    if (entry.market.id === this.#fear) throw new Error(`afraid of ${this.#fear}`)
    return pass('brave')
  }
}

/**
 * Buys YES and NO of every market it is shown, up to the limits it is told; zero leaves one out.
 *
 * It gives no proof: what stops it is risk.
 */
export class Buyer implements Strategy {
  readonly name = 'buyer'
  readonly #facts: Partial<TradeSignal>
  readonly #limits: readonly [number, number]
  readonly #size: number

  constructor(limits: readonly [number, number], size = 10, facts: Partial<TradeSignal> = {}) {
    this.#limits = limits
    this.#size = size
    this.#facts = facts
  }

  onCatalogue(): void {}

  evaluate({ entry: { market, yes, no }, now, receivedAt }: EvalContext): Decision {
    const [yesLimit, noLimit] = this.#limits
    if (yesLimit > 0 && yes.bestAsk > yesLimit) return pass('too-dear')
    if (noLimit > 0 && no.bestAsk > noLimit) return pass('too-dear')
    const legs = [market.yes, market.no].flatMap(({ id, outcome }, index) => {
      const limit = (this.#limits[index] ?? 0) as Ticks
      const size = (this.#size * 1_000_000) as MicroShares
      const leg = { venue: market.venue, market: market.id, instrument: id, outcome }
      return limit > 0 ? [{ ...leg, side: 'buy' as const, limit, size }] : []
    })
    return {
      kind: 'signal',
      strategy: this.name,
      venue: market.venue,
      legs,
      edge: 10_000 as MicroUsd,
      edgeRate: 1_000 as Ppm,
      certificate: undefined,
      realisation: 'merge',
      generatedAt: now,
      receivedAt,
      ...this.#facts,
    }
  }
}

/** Buys ten of an outcome of each of two markets, rain and snow, as one basket. */
export class Both implements Strategy {
  readonly name = 'both'
  readonly #outcome: Outcome
  readonly #realisation: Realisation

  constructor(outcome: Outcome = 'yes', realisation: Realisation = 'settlement') {
    this.#outcome = outcome
    this.#realisation = realisation
  }

  onCatalogue(): void {}

  evaluate({ cache, now, receivedAt }: EvalContext): Decision {
    const legs = ['rain', 'snow'].flatMap((name) => {
      const market = cache.byMarket('polymarket', name as MarketId)?.market
      if (market === undefined) return []
      const { venue, id } = market
      return [
        {
          venue,
          market: id,
          instrument: instrumentOf(market, this.#outcome).id,
          outcome: this.#outcome,
          side: 'buy' as const,
          limit: 4_500 as Ticks,
          size: 10_000_000 as MicroShares,
        },
      ]
    })
    if (legs.length < 2) return pass('too-few')
    return {
      kind: 'signal',
      strategy: this.name,
      venue: 'polymarket',
      legs,
      edge: 10_000 as MicroUsd,
      edgeRate: 1_000 as Ppm,
      certificate: undefined,
      realisation: this.#realisation,
      generatedAt: now,
      receivedAt,
    }
  }
}

/** Buys ten YES of rain on Polymarket and ten NO of wet on Kalshi, as a pair worth a dollar. */
export class Across implements Strategy {
  readonly name = 'across'

  onCatalogue(): void {}

  evaluate({ cache, now, receivedAt }: EvalContext): Decision {
    const rain = cache.byMarket('polymarket', 'rain' as MarketId)
    const wet = cache.byMarket('kalshi', 'wet' as MarketId)
    if (rain === undefined || wet === undefined) return pass('too-few')
    if (rain.yes.bestAsk > 4_500 || wet.no.bestAsk > 5_000) return pass('too-dear')
    const legs = ([rain.market.yes, wet.market.no] as const).map(({ id, outcome }, index) => ({
      venue: index === 0 ? ('polymarket' as const) : ('kalshi' as const),
      market: index === 0 ? rain.market.id : wet.market.id,
      instrument: id,
      outcome,
      side: 'buy' as const,
      limit: (index === 0 ? 4_500 : 5_000) as Ticks,
      size: 10_000_000 as MicroShares,
    }))
    return {
      kind: 'signal',
      strategy: this.name,
      venue: 'polymarket',
      legs,
      edge: 500_000 as MicroUsd,
      edgeRate: 50_000 as Ppm,
      certificate: undefined,
      realisation: 'merge',
      generatedAt: now,
      receivedAt,
    }
  }
}
