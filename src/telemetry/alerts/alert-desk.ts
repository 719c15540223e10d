import type { VenueId } from '../../core/market.ts'
import type { EpochMs, Ppm } from '../../core/units.ts'
import { epochMs, min, zeroUsd } from '../../core/units.ts'
import type { Alert, AlertRule, RuleSettings } from './alert.ts'
import type { AccountLook, AlertInput, FeedLook, Heard, LimitUse, Look } from './alert-input.ts'
import {
  wordBasket,
  wordClosed,
  wordDay,
  wordDispute,
  wordDuration,
  wordFill,
  wordLimit,
  wordSettled,
  wordTime,
} from './word-alert.ts'

export type AlertDeskSettings = {
  readonly rules: Readonly<Record<AlertRule, RuleSettings>>
  /** A limit is near when so much of it is in use. */
  readonly limitFraction: Ppm
  /** A connection that is missing for so long is told of. */
  readonly feedBrokenForMs: number
  /** Minutes of the day, UTC, at which the day is summed up. */
  readonly summaryAtMinute: number
}

const dayMs = 24 * 3_600_000
/** Baskets that are being unwound at once; the oldest is forgotten, and its end is not told. */
const unwindingMax = 1_000

/**
 * Decides what is worth a message. How often it is sent, and where, is not its concern.
 *
 * A state that lasts, such as a near limit, is told once when it begins.
 */
export class AlertDesk {
  readonly #settings: AlertDeskSettings
  readonly #near: Set<string> = new Set()
  readonly #feeds: Map<VenueId, { readonly sinceMs: EpochMs; isTold: boolean }> = new Map()
  readonly #unwinding: Set<string> = new Set()
  readonly #today: Map<string, number> = new Map()
  #isKilled = false
  #summaryAt: EpochMs | undefined
  #dayBegan: AccountLook | undefined

  constructor(settings: AlertDeskSettings) {
    this.#settings = settings
  }

  hear({ atMs, input }: Heard): readonly Alert[] {
    const alerts = this.#judge(input, atMs)
    for (const { rule } of alerts) {
      if (rule !== 'daily-summary') this.#today.set(rule, (this.#today.get(rule) ?? 0) + 1)
    }
    return alerts
  }

  #judge(input: AlertInput, atMs: EpochMs): readonly Alert[] {
    switch (input.kind) {
      case 'filled':
        return this.#raise('fill', input.basket, wordFill(input), atMs)
      case 'basket':
        return this.#basket(input, atMs)
      case 'basket-closed':
        if (!this.#unwinding.delete(input.basket)) return []
        return this.#raise('basket-unwinding', `${input.basket} closed`, wordClosed(input), atMs)
      case 'basket-settled':
        // One that was completed dearer may have been allowed a loss, and no more than that.
        if (input.result >= min(input.worst, zeroUsd)) return []
        return this.#raise('locked-loss', input.basket, wordSettled(input), atMs)
      case 'strategy-stopped': {
        const text = `Strategy ${input.strategy} was stopped: ${input.reason}`
        return this.#raise('strategy-stopped', input.strategy, text, atMs)
      }
      case 'pair-withdrawn': {
        const text = `Pair ${input.pair} was taken out of trading, ${input.reason}: ${input.detail}`
        return this.#raise('pair-withdrawn', input.pair, text, atMs)
      }
      case 'account-differs': {
        const subject = 'title' in input.what ? input.what.title : 'cash'
        const cause = `${input.venue} ${input.what.kind} ${subject}`
        return this.#raise('account-differs', cause, wordDispute(input), atMs)
      }
      case 'journal-ended': {
        const text = `The journal has ended, so trading is paused: ${input.reason}`
        return this.#raise('journal-ended', '', text, atMs)
      }
      case 'look':
        return this.#look(input.look, atMs)
    }
  }

  #basket(input: Extract<AlertInput, { kind: 'basket' }>, atMs: EpochMs): readonly Alert[] {
    const isWaiting = input.state === 'quarantined'
    if (!isWaiting) this.#remember(input.basket)
    const rule = isWaiting ? 'basket-stuck' : 'basket-unwinding'
    return this.#raise(rule, `${input.basket} ${input.state}`, wordBasket(input), atMs)
  }

  #remember(basket: string): void {
    this.#unwinding.add(basket)
    const [oldest] = this.#unwinding
    if (this.#unwinding.size > unwindingMax && oldest !== undefined) this.#unwinding.delete(oldest)
  }

  #look({ account, feeds, limits, trading }: Look, atMs: EpochMs): readonly Alert[] {
    return [
      ...this.#kill(trading, atMs),
      ...limits.flatMap((limit) => this.#limit(limit, atMs)),
      ...feeds.flatMap((feed) => this.#feed(feed, atMs)),
      ...this.#day(account, atMs),
    ]
  }

  #kill(trading: Look['trading'], atMs: EpochMs): readonly Alert[] {
    if (trading !== 'killed' || this.#isKilled) return []
    this.#isKilled = true
    const text = 'Trading was killed; what rested was called back. Only a new start trades again'
    return this.#raise('kill', '', text, atMs)
  }

  #limit(limit: LimitUse, atMs: EpochMs): readonly Alert[] {
    const fraction: number = this.#settings.limitFraction
    const isNear = limit.max > 0 && limit.used * 1_000_000 >= limit.max * fraction
    const wasNear = this.#near.has(limit.name)
    if (isNear === wasNear) return []
    if (!isNear) {
      this.#near.delete(limit.name)
      return []
    }
    this.#near.add(limit.name)
    return this.#raise('limit-near', limit.name, wordLimit(limit), atMs)
  }

  #feed({ open, venue, wanted }: FeedLook, atMs: EpochMs): readonly Alert[] {
    const known = this.#feeds.get(venue)
    if (open >= wanted) {
      this.#feeds.delete(venue)
      if (known?.isTold !== true) return []
      const text = `${venue} is back after ${wordDuration(atMs - known.sinceMs)}`
      return this.#raise('feed-broken', `${venue} back`, text, atMs, 'info')
    }
    const broken = known ?? { sinceMs: atMs, isTold: false }
    this.#feeds.set(venue, broken)
    if (broken.isTold || atMs - broken.sinceMs < this.#settings.feedBrokenForMs) return []
    broken.isTold = true
    const text =
      `${venue} has ${open} of ${wanted} connections since ${wordTime(broken.sinceMs)}; ` +
      'books that came over the others are not traded'
    return this.#raise('feed-broken', venue, text, atMs)
  }

  #day(account: AccountLook, atMs: EpochMs): readonly Alert[] {
    this.#summaryAt ??= nextAt(this.#settings.summaryAtMinute, atMs)
    if (atMs < this.#summaryAt) return []
    const text = wordDay(account, this.#dayBegan, this.#today)
    this.#summaryAt = nextAt(this.#settings.summaryAtMinute, atMs)
    this.#dayBegan = account
    this.#today.clear()
    return this.#raise('daily-summary', String(this.#summaryAt), text, atMs)
  }

  #raise(
    rule: AlertRule,
    subject: string,
    text: string,
    atMs: EpochMs,
    severity?: Alert['severity'],
  ): readonly Alert[] {
    const settings = this.#settings.rules[rule]
    if (!settings.enabled) return []
    const cause = subject === '' ? rule : `${rule} ${subject}`
    return [{ rule, severity: severity ?? settings.severity, cause, text, atMs }]
  }
}

/** The next instant at so many minutes of a UTC day, after `atMs`. */
function nextAt(minute: number, atMs: EpochMs): EpochMs {
  const midnight = atMs - (atMs % dayMs)
  const today = midnight + minute * 60_000
  return epochMs(today > atMs ? today : today + dayMs)
}
