import { assert } from '../../core/assert.ts'
import type { Clock, Timers } from '../../ports/clock.ts'

/** Tokens: so many come in a second, so many are kept at most. docs/venues/kalshi.md, 1.3. */
export type Budget = { readonly refillRate: number; readonly capacity: number }

/** Orders are paid from `write`, everything else from `read`. */
export type BucketName = 'read' | 'write'

export const tierNames = [
  'basic',
  'advanced',
  'expert',
  'premier',
  'paragon',
  'prime',
  'prestige',
] as const
export type Tier = (typeof tierNames)[number]

/** docs/venues/kalshi.md, 1.3, as of 2026-09-24. `GET /account/limits` has the last word. */
const tiers: Readonly<Record<Tier, Readonly<Record<BucketName, Budget>>>> = {
  basic: { read: budget(200, 3), write: budget(100, 1) },
  advanced: { read: budget(300, 3), write: budget(300, 3) },
  expert: { read: budget(600, 1), write: budget(600, 3) },
  premier: { read: budget(1_200, 1), write: budget(1_200, 3) },
  paragon: { read: budget(2_400, 1), write: budget(2_400, 3) },
  prime: { read: budget(4_800, 1), write: budget(4_800, 3) },
  prestige: { read: budget(12_000, 1), write: budget(9_600, 3) },
}

/** What a call costs unless the venue says otherwise. docs/venues/kalshi.md, 1.3. */
export const defaultCost = 10

/** Keeps our calls within the venue's token buckets. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'nanos'>
  readonly #timers: Timers
  readonly #percent: number
  readonly #buckets: Record<BucketName, Bucket>

  constructor({ clock, timers, tier, percent }: RateLimitParts) {
    this.#clock = clock
    this.#timers = timers
    this.#percent = percent
    const now = this.#nowMs()
    this.#buckets = {
      read: new Bucket(shareOf(tiers[tier].read, percent), now),
      write: new Bucket(shareOf(tiers[tier].write, percent), now),
    }
  }

  /** Resolves when the call may be made, and pays for it. Who comes first is served first. */
  async take(name: BucketName, cost: number = defaultCost): Promise<void> {
    const waitMs = this.#buckets[name].take(cost, this.#nowMs())
    if (waitMs <= 0) return
    await new Promise<void>((resolve) => {
      this.#timers.after(Math.ceil(waitMs), resolve)
    })
  }

  /** The same if it takes no longer than `waitMsMax`; else nothing is paid, and the answer is no. */
  async takeWithin(name: BucketName, cost: number, waitMsMax: number): Promise<boolean> {
    if (this.#buckets[name].waitMs(cost, this.#nowMs()) > waitMsMax) return false
    await this.take(name, cost)
    return true
  }

  /** The dearest call that can ever be made: a batch must fit whole. docs/venues/kalshi.md, 1.3. */
  most(name: BucketName): number {
    return this.#buckets[name].capacity
  }

  /** The venue has refused a call: nobody pays from this bucket for so long. */
  pause(name: BucketName, forMs: number): void {
    this.#buckets[name].pause(forMs, this.#nowMs())
  }

  /** The venue has told what this account's budget is. */
  adopt(name: BucketName, told: Budget): void {
    this.#buckets[name].resize(shareOf(told, this.#percent), this.#nowMs())
  }

  #nowMs(): number {
    return this.#clock.nanos() / 1e6
  }
}

type RateLimitParts = {
  readonly clock: Pick<Clock, 'nanos'>
  readonly timers: Timers
  readonly tier: Tier
  readonly percent: number
}

/** Tokens at an instant. They may go below zero: then somebody is waiting for them. */
class Bucket {
  #budget: Budget
  #tokens: number
  #atMs: number

  constructor(budget: Budget, nowMs: number) {
    this.#budget = budget
    this.#tokens = budget.capacity
    this.#atMs = nowMs
  }

  get capacity(): number {
    return this.#budget.capacity
  }

  /** Pays, and tells how long to wait until what was paid is there. */
  take(cost: number, nowMs: number): number {
    assert(cost > 0, `a call costs something: ${cost}`)
    const waitMs = this.waitMs(cost, nowMs)
    this.#tokens -= cost
    return waitMs
  }

  /** How long whoever pays now would wait. */
  waitMs(cost: number, nowMs: number): number {
    this.#refill(nowMs)
    const missing = cost - this.#tokens
    const { refillRate } = this.#budget
    return missing <= 0 ? 0 : this.#pausedMs(nowMs) + (missing / refillRate) * 1000
  }

  pause(forMs: number, nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens = Math.min(this.#tokens, 0)
    this.#atMs = Math.max(this.#atMs, nowMs + forMs)
  }

  resize(budget: Budget, nowMs: number): void {
    this.#refill(nowMs)
    this.#budget = budget
    this.#tokens = Math.min(this.#tokens, budget.capacity)
  }

  #pausedMs(nowMs: number): number {
    return Math.max(0, this.#atMs - nowMs)
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#atMs) return
    const { refillRate, capacity } = this.#budget
    this.#tokens = Math.min(capacity, this.#tokens + ((nowMs - this.#atMs) * refillRate) / 1000)
    this.#atMs = nowMs
  }
}

function budget(refillRate: number, seconds: number): Budget {
  return { refillRate, capacity: refillRate * seconds }
}

function shareOf({ refillRate, capacity }: Budget, percent: number): Budget {
  return { refillRate: (refillRate * percent) / 100, capacity: (capacity * percent) / 100 }
}
