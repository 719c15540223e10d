import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { Effect, EngineEvent } from '../engine/event.ts'
import type { Log } from '../ports/log.ts'
import type { Settlement } from '../ports/settlement.ts'
import type { CancelAllResult, SentOrder, VenueGateway } from '../ports/venue-gateway.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import type { HeldPair } from './held-pair.ts'
import type { Machine } from './machine.ts'

/** An account at a venue: orders, and what the venue does with what we own. */
export type VenueTrading = {
  readonly gateway: VenueGateway
  readonly settlement: Settlement
  /** Ends the connections, after both have been stopped. */
  readonly close?: () => Promise<void>
}

/** What the accounts need of the run that they are for. */
export type AccountsWanted = {
  readonly log: RoomLog
  readonly marketOf: (venue: VenueId, id: MarketId) => Market | undefined
  readonly heldOf: (venue: VenueId, id: MarketId) => HeldPair
}

export type OpenAccounts = (wanted: AccountsWanted) => Promise<ReadonlyMap<VenueId, VenueTrading>>

export type TradingWireOptions = {
  readonly accounts: ReadonlyMap<VenueId, VenueTrading>
  readonly machine: Machine
  readonly log: Log
  /** Takes an answer in. It may be called at any time, also in the middle of a turn. */
  readonly process: (event: EngineEvent) => void
}

export type KillResult = { readonly venue: VenueId } & (
  | (CancelAllResult & { readonly error?: undefined })
  | { readonly error: string }
)

/** Fills are read again from so long before the last reading, since clocks differ. */
const readMarginMs = 120_000
const readRetryMs = 2_000
const cancelTriesMax = 3

/**
 * The way of orders to the venues, and of answers back into the engine.
 *
 * Nothing is decided here: an effect is handed over, an answer becomes an event.
 */
export class TradingWire {
  readonly #options: TradingWireOptions
  readonly #readAtMs: Map<VenueId, EpochMs> = new Map()
  /** What is read of an account waits until its gateway knows the orders of an earlier life. */
  readonly #adopted: Map<VenueId, Promise<void>> = new Map()
  #killing: Promise<readonly KillResult[]> | undefined
  #stopped = false

  constructor(options: TradingWireOptions) {
    this.#options = options
  }

  /** Opens the accounts. Rejects with a `VenueError`: without an account nothing may trade. */
  async start(): Promise<void> {
    const { accounts, machine, process } = this.#options
    for (const [venue, { gateway, settlement }] of accounts) {
      this.#readAtMs.set(venue, machine.clock.epochMs())
      await gateway.start({
        onUpdate: (update) => process({ kind: 'order-update', venue, update, at: this.#now() }),
        onVenueStatus: (status, reason) =>
          process({ kind: 'venue-status', venue, status, reason, at: this.#now() }),
      })
      await settlement.start((update) =>
        process({ kind: 'operation-update', venue, update, at: this.#now() }),
      )
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const accounts = [...this.#options.accounts.values()]
    await Promise.all(accounts.map((account) => stopAccount(account)))
  }

  /** Does what an effect asks of the venues. */
  obey(effect: Effect): void {
    const { accounts } = this.#options
    switch (effect.kind) {
      case 'place-basket': {
        const { orders } = effect.intent
        for (const [venue, { gateway }] of accounts) {
          const ofVenue = orders.filter((order) => order.venue === venue)
          if (ofVenue.length > 0) gateway.place(ofVenue)
        }
        return
      }
      case 'adopt-orders':
        this.#adopted.set(effect.venue, this.#adopt(effect.venue, effect.orders))
        return
      case 'cancel-order':
        accounts.get(effect.venue)?.gateway.cancel(effect.order)
        return
      case 'query-order':
        accounts.get(effect.venue)?.gateway.query(effect.order)
        return
      case 'submit-operation':
        accounts.get(effect.venue)?.settlement.submit(effect.operation, effect.what)
        return
      case 'read-account':
        void this.#read(effect.venue)
        return
      case 'cancel-all':
        void this.cancelAll()
        return
      default:
    }
  }

  /** Cancels everything at every venue, and says what was seen of it. Never rejects. */
  cancelAll(): Promise<readonly KillResult[]> {
    this.#killing ??= Promise.all(
      [...this.#options.accounts].map(([venue, { gateway }]) => this.#cancelAt(venue, gateway)),
    ).finally(() => {
      this.#killing = undefined
    })
    return this.#killing
  }

  async #cancelAt(venue: VenueId, gateway: VenueGateway): Promise<KillResult> {
    let error = ''
    for (let attempt = 1; attempt <= cancelTriesMax; attempt++) {
      try {
        return { venue, ...(await gateway.cancelAll()) }
      } catch (failure) {
        error = failure instanceof Error ? failure.message : String(failure)
        this.#options.log.error('orders could not be cancelled', { venue, attempt, error: failure })
      }
    }
    return { venue, error }
  }

  async #adopt(venue: VenueId, orders: readonly SentOrder[]): Promise<void> {
    const { accounts, log, machine } = this.#options
    try {
      await accounts.get(venue)?.gateway.adopt(orders)
    } catch (error) {
      if (this.#stopped) return
      log.warn('orders of an earlier run were not found yet; they are looked for again', {
        venue,
        error,
      })
      await new Promise<void>((resolve) => void machine.timers.after(readRetryMs, resolve))
      await this.#adopt(venue, orders)
    }
  }

  async #read(venue: VenueId): Promise<void> {
    const { accounts, log, machine, process } = this.#options
    const gateway = accounts.get(venue)?.gateway
    if (gateway === undefined || this.#stopped) return
    const since = this.#readAtMs.get(venue) ?? machine.clock.epochMs()
    const startedMs = machine.clock.epochMs()
    try {
      await this.#adopted.get(venue)
      const snapshot = await gateway.readAccount((since - readMarginMs) as EpochMs)
      this.#readAtMs.set(venue, startedMs)
      if (!this.#stopped) process({ kind: 'account', snapshot, at: this.#now() })
    } catch (error) {
      if (this.#stopped) return
      log.warn('an account could not be read; it is tried again', { venue, error })
      machine.timers.after(readRetryMs, () => void this.#read(venue))
    }
  }

  #now(): Nanos {
    return this.#options.machine.clock.nanos()
  }
}

/** The settlement first: it reads through the connections of the gateway. */
async function stopAccount({ close, gateway, settlement }: VenueTrading): Promise<void> {
  await settlement.stop()
  await gateway.stop()
  await close?.()
}
