import { configSchema } from '../app/config-schema.ts'
import type { Config } from '../app/config.ts'
import type { Kernel } from '../app/kernel.ts'
import { createKernel } from '../app/kernel.ts'
import { formatPrice, formatSize, formatUsd, parsePrice, parseSize } from '../core/decimal.ts'
import type { Market, MarketId, Outcome } from '../core/market.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { BookSide, OrderBook } from '../core/order-book.ts'
import type { Decision, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { ppm, zeroShares } from '../core/units.ts'
import type { Effect, EngineEvent } from '../engine/event.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { EvalContext, Strategy } from '../ports/strategy.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import type { StrategyDefinition } from './define-strategy.ts'
import { settingsOf } from './define-strategy.ts'
import type { ParameterValue } from './parameter.ts'
import { expected, readParameter } from './parameter.ts'
import type { SceneMessage } from './scene-codec.ts'
import { SceneCodec } from './scene-codec.ts'

export type SceneOptions = {
  readonly markets: readonly Market[]
  /** As a configuration file would have them; what is left out is as the strategy has it. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** When the scene begins: an ISO date. */
  readonly from?: string
  /** From a decision to the arrival of its order. */
  readonly latencyMs?: number
  /** Cash to begin with, in dollars. */
  readonly capital?: string
}

/** A level as a test writes it: a price and a size, `['0.45', '100']`. */
export type SceneLevel = readonly [price: string, size: string]

/** A fill in decimal text. */
export type SceneFill = {
  readonly market: string
  readonly outcome: Outcome
  readonly side: 'buy' | 'sell'
  readonly price: string
  readonly size: string
  readonly fee: string
  readonly liquidity: 'maker' | 'taker'
}

const nanosPerMs = 1_000_000
const noBytes = new Uint8Array(0)

/**
 * A strategy among books of a test's own making, in the very engine that trades: its risk, its
 * fills on paper, its ledger. Time passes when the test says so.
 */
export class StrategyScene {
  /** Every answer of the strategy, in order. */
  readonly decisions: Decision[] = []
  readonly effects: Effect[] = []
  readonly #kernel: Kernel
  readonly #codec: SceneCodec = new SceneCodec('polymarket')
  readonly #startMs: EpochMs
  #ms = 0

  constructor(definition: StrategyDefinition, options: SceneOptions) {
    const { markets, settings = {}, from = '2026-10-05T12:00:00Z' } = options
    this.#startMs = Date.parse(from) as EpochMs
    this.#kernel = createKernel({
      config: configFor(options),
      relations: [],
      register: [],
      codecs: [this.#codec],
      metrics: new MetricRegistry(metricCatalog),
      solver: {
        open: () => {
          throw new Error('a scene has no strategy that needs a solver')
        },
      },
      plugins: [this.#watched(definition, readAll(definition, settings))],
      obey: (effect) => this.effects.push(effect),
    })
    this.#process({ kind: 'start', at: this.#now, atMs: this.#startMs })
    this.list(markets)
  }

  /** New or changed markets. */
  list(markets: readonly Market[]): void {
    const change = { venue: 'polymarket', markets, sets: [], gone: [] } as const
    this.#process({ kind: 'catalogue', change, at: this.#now })
  }

  /** The whole book of a market, in terms of YES; it is proven by it. */
  book(
    market: string,
    levels: { bids?: readonly SceneLevel[]; asks?: readonly SceneLevel[] },
  ): void {
    this.#change(market, ({ yes: { book } }) => {
      book.clear()
      for (const level of levels.bids ?? []) setLevel(book, bidSide, level)
      for (const level of levels.asks ?? []) setLevel(book, askSide, level)
      book.mark('proven')
      return book
    })
  }

  /** One bid for YES as it is now; a size of 0 takes it away. */
  bid(market: string, price: string, size: string): void {
    this.#change(market, ({ yes: { book } }) => setLevel(book, bidSide, [price, size]))
  }

  /** One ask for YES as it is now; a size of 0 takes it away. */
  ask(market: string, price: string, size: string): void {
    this.#change(market, ({ yes: { book } }) => setLevel(book, askSide, [price, size]))
  }

  /** The book is not to be believed until its next whole book. */
  break(market: string): void {
    this.#change(market, ({ yes: { book } }) => {
      book.mark('broken')
      return book
    })
  }

  /** Time passes, in steps of the engine's timer, and orders arrive. */
  wait(ms: number): void {
    for (let left = ms; left > 0; left -= 50) {
      this.#ms += Math.min(50, left)
      this.#process({ kind: 'timer', at: this.#now })
    }
  }

  /** The market is decided. */
  resolve(market: string, winner: Outcome): void {
    const resolution = { yesValue: ppm(winner === 'yes' ? 1_000_000 : 0) }
    this.#say((_books, sink) => {
      sink.lifecycle({ kind: 'resolved', market: market as MarketId, resolution })
    })
  }

  get lastDecision(): Decision | undefined {
    return this.decisions.at(-1)
  }

  get signals(): readonly TradeSignal[] {
    return this.decisions.filter((decision) => decision.kind === 'signal')
  }

  /** The reason of the last pass. */
  get lastPass(): string | undefined {
    return this.decisions.findLast((decision) => decision.kind === 'pass')?.reason
  }

  /** Why risk has refused signals, in order. */
  get refusals(): readonly string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'note-signal' && !effect.approved ? [effect.reason] : [],
    )
  }

  get fills(): readonly SceneFill[] {
    const orders = this.effects.flatMap((effect) =>
      effect.kind === 'place-basket' ? effect.intent.orders : [],
    )
    return this.effects.flatMap((effect) => {
      if (effect.kind !== 'note-report') return []
      return effect.report.legs.flatMap(({ order: id, fills }) => {
        const order = orders.find((one) => one.id === id)
        return fills.map(({ price, size, fee, liquidity }) => ({
          market: order?.market ?? '',
          outcome: order?.outcome ?? 'yes',
          side: order?.side ?? 'buy',
          price: formatPrice(price),
          size: formatSize(size),
          fee: formatUsd(fee),
          liquidity,
        }))
      })
    })
  }

  /** Shares that are held. */
  position(market: string, outcome: Outcome): string {
    const found = this.#kernel.engine.view
      .positions()
      .find(({ position }) => position.market === market && position.outcome === outcome)
    return formatSize(found?.position.size ?? zeroShares)
  }

  /** What was earned by all that is closed or settled, in dollars. */
  get realized(): string {
    return formatUsd(this.#kernel.engine.view.realised)
  }

  /** Why the strategy was stopped; undefined while it runs. */
  get stopped(): string | undefined {
    return this.#kernel.engine.view.strategies.at(-1)?.stopped
  }

  get #now(): Nanos {
    return (this.#ms * nanosPerMs) as Nanos
  }

  #process(event: EngineEvent): void {
    this.#kernel.intake.process(event)
  }

  #change(market: string, run: (entry: BookEntry) => OrderBook): void {
    this.#say((books, sink) => {
      const entry = books.byMarket('polymarket', market as MarketId)
      if (entry === undefined) throw new Error(`the scene has no market ${market}`)
      sink.event('change')
      sink.changed(entry, run(entry))
    })
  }

  #say(message: SceneMessage): void {
    this.#codec.say(message)
    this.#kernel.intake.onFrame('polymarket', 0, noBytes, this.#now)
  }

  /** The strategy, with its answers kept. */
  #watched(definition: StrategyDefinition, settings: Record<string, ParameterValue>): Strategy {
    const body = definition.create(settingsOf(definition, settings))
    return {
      name: definition.name,
      onCatalogue: (catalogue, cache) => body.onCatalogue?.(catalogue, cache),
      watches: (market, catalogue) => body.watches?.(market, catalogue) ?? true,
      evaluate: (context: EvalContext) => {
        const decision = body.evaluate(context)
        this.decisions.push(decision)
        return decision
      },
    }
  }
}

/** The defaults of the program, without the strategies of the house. */
function configFor({ latencyMs = 25, capital = '10000' }: SceneOptions): Config {
  const names = [
    'crossOutcome',
    'outcomeBasket',
    'conversion',
    'ladder',
    'combinatorial',
    'crossVenue',
  ]
  const strategies = Object.fromEntries(names.map((name) => [name, { enabled: false }]))
  return configSchema.parse({ strategies, paper: { latencyMs, capital } })
}

function readAll(
  { name: strategy, parameters }: StrategyDefinition,
  given: Readonly<Record<string, unknown>>,
): Record<string, ParameterValue> {
  const entries = Object.entries(given).map(([name, value]) => {
    const kind = parameters[name]?.kind
    if (kind === undefined) throw new TypeError(`${strategy} has no parameter ${name}`)
    const read = readParameter(kind, value)
    if (read === undefined) throw new TypeError(`${name}: expected ${expected[kind]}`)
    return [name, read] as const
  })
  return Object.fromEntries(entries)
}

function setLevel(book: OrderBook, side: BookSide, [priceText, sizeText]: SceneLevel): OrderBook {
  const price = parsePrice(priceText)
  const size = parseSize(sizeText)
  if (price === undefined || size === undefined || !book.holds(price)) {
    throw new TypeError(`no level of this market: ${priceText}, ${sizeText}`)
  }
  book.set(side, price, size)
  return book
}
