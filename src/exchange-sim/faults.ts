import type { Random } from '../core/random.ts'
import type { FaultName } from './fault-names.ts'

/** How often each fault strikes while it is switched on. */
export const faultRates = {
  /** Of HTTP requests and of new sockets. */
  tooMany: 0.06,
  slow: 0.08,
  /** Of the books of a dump. */
  droppedSnapshot: 0.03,
  staleDelta: 0.1,
  /** Of sweeps over more than one level. */
  crossedSweep: 0.3,
  /** Of the changes that another of the same market follows at once. */
  lostChange: 0.03,
  /** Of messages. */
  duplicate: 0.004,
  malformed: 0.0004,
  /** Of calls that place or cancel: the answer never comes, or comes late. */
  lostReply: 0.1,
  /** Of lost answers: what the account would have heard on its channel is lost as well. */
  lostChannel: 0.7,
  lateReply: 0.08,
  /** Of events on a user channel. */
  duplicateUserEvent: 0.1,
  reorderedUserEvent: 0.1,
  /** Of trades. */
  tradeRetried: 0.1,
  tradeFailed: 0.03,
  /** Of heartbeats. */
  heartbeatLost: 0.05,
  /** Of calls that place. */
  signerLimit: 0.03,
}

/** Delays, in milliseconds. */
export const faultDelays = {
  slow: { least: 200, most: 2000 },
  crossedSweep: { least: 80, most: 600 },
  /** The life of a connection until it is cut, and until it falls silent. */
  disconnect: { least: 4000, most: 16_000 },
  silence: { least: 4000, most: 14_000 },
  lateReply: { least: 500, most: 3000 },
  /** The life of a user channel, the time between two restarts, and how long one takes. */
  userDisconnect: { least: 4000, most: 15_000 },
  restart: { least: 8000, most: 20_000 },
  restartLasts: { least: 500, most: 2000 },
}

/** What goes wrong, drawn from a seed: whoever could do harm asks here first. */
export class Faults {
  readonly #names: ReadonlySet<FaultName>
  readonly #random: Random

  constructor(names: readonly FaultName[], random: Random) {
    this.#names = new Set(names)
    this.#random = random
  }

  has(name: FaultName): boolean {
    return this.#names.has(name)
  }

  /** Whether a fault strikes now. Without the fault, nothing is drawn. */
  strikes(name: FaultName, probability: number): boolean {
    return this.#names.has(name) && this.#random.chance(probability)
  }

  delayMs({ least, most }: { readonly least: number; readonly most: number }): number {
    return this.#random.integer(least, most)
  }

  pick<T>(items: readonly T[]): T {
    return this.#random.pick(items)
  }
}
