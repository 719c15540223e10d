/**
 * The engine of the project's first description, written down plainly: `JSON.parse`, levels as
 * sorted objects with floats, an event object for each token of a message, a `Map` of market states
 * keyed by venue and token, and every strategy asked with a context of its own at each event.
 *
 * It proves nothing, knows no fees, and keeps no money.
 */
export class NaiveEngine {
  readonly #books: Map<string, NaiveBook> = new Map()
  readonly #states: Map<string, MarketState> = new Map()
  readonly #infos: Map<string, MarketInfo> = new Map()
  readonly #marketOf: Map<string, string> = new Map()
  readonly #setOf: Map<string, readonly MarketInfo[]> = new Map()
  /** Sums seen on the right side of a dollar, so that the work is not for nothing. */
  hits = 0

  constructor(sets: readonly (readonly MarketInfo[])[]) {
    for (const set of sets) {
      for (const info of set) {
        this.#infos.set(info.id, info)
        this.#setOf.set(info.id, set)
        for (const token of [info.yes, info.no]) this.#marketOf.set(token, info.id)
      }
    }
  }

  onFrame(frame: Buffer): void {
    const receivedAt = performance.now()
    const json: unknown = JSON.parse(frame.toString())
    for (const message of (Array.isArray(json) ? json : [json]) as readonly Message[]) {
      for (const change of message.price_changes ?? []) {
        this.#change(change)
        this.#onEvent(this.#eventOf(change.asset_id, 'price_change', receivedAt))
      }
      if (message.event_type === 'book' && message.asset_id !== undefined) {
        this.#books.set(message.asset_id, {
          bids: (message.bids ?? []).map(levelOf).sort((a, b) => b.price - a.price),
          asks: (message.asks ?? []).map(levelOf).sort((a, b) => a.price - b.price),
        })
        this.#onEvent(this.#eventOf(message.asset_id, 'book', receivedAt))
      }
    }
  }

  #change({ asset_id, side, price, size }: Change): void {
    const book = this.#books.get(asset_id)
    if (book === undefined) return
    const levels = side === 'BUY' ? book.bids : book.asks
    const level = levelOf({ price, size })
    const at = levels.findIndex((one) =>
      side === 'BUY' ? one.price <= level.price : one.price >= level.price,
    )
    const isThere = levels[at]?.price === level.price
    if (level.size === 0) {
      if (isThere) levels.splice(at, 1)
    } else if (isThere) levels[at] = level
    else levels.splice(at < 0 ? levels.length : at, 0, level)
  }

  #eventOf(token: string, kind: string, receivedAt: number): MarketEvent {
    const book = this.#books.get(token)
    return {
      venue: 'polymarket',
      token,
      market: this.#marketOf.get(token) ?? '',
      bid: book?.bids[0]?.price,
      ask: book?.asks[0]?.price,
      kind,
      receivedAt,
    }
  }

  #onEvent(event: MarketEvent): void {
    const state = { bid: event.bid, ask: event.ask }
    this.#states.set(`${event.venue}:${event.token}`, state)
    const info = this.#infos.get(event.market)
    if (info === undefined) return
    const context = { event, state, info, states: this.#states, receivedAt: event.receivedAt }
    for (const signal of [crossOutcome(context), this.#outcomeBasket(context)]) {
      if (signal !== undefined) this.hits++
    }
  }

  /** On YES of a member only: the sum of the set does not move with its NO. */
  #outcomeBasket({ event, info, states }: EvalContext): Signal | undefined {
    if (event.token !== info.yes) return undefined
    const set = this.#setOf.get(info.id) ?? []
    const sum = set.reduce(
      (total, { yes }) => total + (states.get(`polymarket:${yes}`)?.ask ?? 1),
      0,
    )
    if (sum >= 0.975) return undefined
    const legs = set.map(({ yes }) => ({ token: yes, price: states.get(`polymarket:${yes}`)?.ask }))
    return { legs, edge: 1 - sum }
  }
}

/** A market as the naive engine knows it. */
export type MarketInfo = { readonly id: string; readonly yes: string; readonly no: string }
type MarketState = { readonly bid: number | undefined; readonly ask: number | undefined }
type MarketEvent = MarketState & {
  readonly venue: string
  readonly token: string
  readonly market: string
  readonly kind: string
  readonly receivedAt: number
}
type EvalContext = {
  readonly event: MarketEvent
  readonly state: MarketState
  readonly info: MarketInfo
  readonly states: ReadonlyMap<string, MarketState>
  readonly receivedAt: number
}
type Signal = {
  readonly legs: readonly { readonly token: string; readonly price: number | undefined }[]
  readonly edge: number
}
type NaiveLevel = { readonly price: number; readonly size: number }
type NaiveBook = { readonly bids: NaiveLevel[]; readonly asks: NaiveLevel[] }
type Row = { readonly price: string; readonly size: string }
type Change = Row & { readonly asset_id: string; readonly side: string }
type Message = {
  readonly event_type: string
  readonly asset_id?: string
  readonly bids?: readonly Row[]
  readonly asks?: readonly Row[]
  readonly price_changes?: readonly Change[]
}

function crossOutcome({ info, states }: EvalContext): Signal | undefined {
  const yes = states.get(`polymarket:${info.yes}`)
  const no = states.get(`polymarket:${info.no}`)
  if (yes?.ask === undefined || no?.ask === undefined) return undefined
  if (yes.bid === undefined || no.bid === undefined) return undefined
  const buy = yes.ask + no.ask
  const sell = yes.bid + no.bid
  if (buy < 0.99) return pairOf(info, yes.ask, no.ask, 1 - buy)
  return sell > 1.01 ? pairOf(info, yes.bid, no.bid, sell - 1) : undefined
}

function pairOf({ yes, no }: MarketInfo, yesPrice: number, noPrice: number, edge: number): Signal {
  return {
    legs: [
      { token: yes, price: yesPrice },
      { token: no, price: noPrice },
    ],
    edge,
  }
}

function levelOf({ price, size }: Row): NaiveLevel {
  return { price: parseFloat(price), size: parseFloat(size) }
}
