import type { EpochMs } from '../../core/units.ts'
import { epochMs, max } from '../../core/units.ts'
import type { Alert, AlertRule } from './alert.ts'
import { bySeverity } from './alert.ts'
import type { AlertMessage, AlertLine, HeldBack } from './alert-message.ts'
import type { RateGate } from './rate-gate.ts'

export type OutboxLimits = {
  /** The same cause within so long is one line with a count. */
  readonly dedupeMs: number
  /** Causes that may wait; beyond, the least severe are only counted. */
  readonly waitingMax: number
  /** Lines of one message; beyond, alerts are only counted. */
  readonly linesMax: number
}

export const outboxDefaults: Omit<OutboxLimits, 'dedupeMs'> = {
  waitingMax: 200,
  // About what a phone shows at once.
  linesMax: 10,
}

/** What became of a message. `retry`: not now; after so long, or when we think best. */
export type SendOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly afterMs: number | undefined; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

const backoffMsMin = 1_000
/** As long as somebody may be left without news that we hold. */
const backoffMsMax = 5 * 60_000
/** No channel asks for more; one that does is asked again all the same. */
const retryAfterMsMax = 3_600_000

type Waiting = { line: AlertLine; notBefore: EpochMs }

/**
 * What waits to go out on one channel.
 *
 * Whatever is due goes in one message, the most severe first; nothing is sent twice for one cause
 * within the window, and nothing is left out without being counted. One message is under way at a
 * time: `take` it, then say with `settle` what became of it.
 */
export class Outbox {
  readonly #limits: OutboxLimits
  readonly #gates: readonly RateGate[]
  readonly #waiting: Map<string, Waiting> = new Map()
  readonly #lastSent: Map<string, EpochMs> = new Map()
  readonly #held: Map<AlertRule, number> = new Map()
  #underWay: AlertMessage | undefined
  #failures = 0
  #retryAt: EpochMs | undefined

  constructor(limits: OutboxLimits, gates: readonly RateGate[]) {
    this.#limits = limits
    this.#gates = gates
  }

  /** Lines that wait, those under way included. */
  get size(): number {
    return this.#waiting.size + (this.#underWay?.lines.length ?? 0)
  }

  add(alert: Alert): void {
    const { atMs, cause, rule, severity, text } = alert
    const line = { rule, severity, cause, text, count: 1, firstMs: atMs, lastMs: atMs }
    const sentAt = this.#lastSent.get(cause)
    const quietUntil = sentAt === undefined ? atMs : epochMs(sentAt + this.#limits.dedupeMs)
    this.#wait(line, max(atMs, quietUntil))
  }

  /** The next message, when there is one and it may go now. */
  take(now: EpochMs): AlertMessage | undefined {
    const dueAt = this.dueAt(now)
    if (dueAt === undefined || dueAt > now) return undefined
    const due = [...this.#waiting.values()]
      .filter(({ notBefore }) => notBefore <= now)
      .map(({ line }) => line)
      .toSorted((a, b) => bySeverity(a.severity, b.severity) || a.firstMs - b.firstMs)
    const lines = due.slice(0, this.#limits.linesMax)
    for (const { cause } of due) this.#waiting.delete(cause)
    for (const line of due.slice(this.#limits.linesMax)) this.#hold(line.rule, line.count)
    const heldBack = [...this.#held].map(([rule, count]): HeldBack => ({ rule, count }))
    this.#held.clear()
    for (const gate of this.#gates) gate.pass(now)
    this.#underWay = { atMs: now, lines, heldBack }
    return this.#underWay
  }

  /** When `take` may give something. Undefined while nothing waits or a message is under way. */
  dueAt(now: EpochMs): EpochMs | undefined {
    if (this.#underWay !== undefined) return undefined
    let first: EpochMs | undefined
    for (const { notBefore } of this.#waiting.values()) {
      if (first === undefined || notBefore < first) first = notBefore
    }
    if (first === undefined) return undefined
    const opens = this.#gates.map((gate) => gate.opensAt(now))
    return [first, this.#retryAt ?? first, ...opens].reduce((latest, each) => max(latest, each))
  }

  /** Says what became of the message that was taken. */
  settle(outcome: SendOutcome, now: EpochMs): void {
    const message = this.#underWay
    this.#underWay = undefined
    if (message === undefined) return
    if (outcome.kind === 'retry') {
      this.#takeBack(message)
      const waitMs = outcome.afterMs ?? Math.min(backoffMsMin * 2 ** this.#failures, backoffMsMax)
      this.#failures++
      this.#retryAt = epochMs(now + Math.ceil(Math.min(waitMs, retryAfterMsMax)))
      return
    }
    this.#failures = 0
    this.#retryAt = undefined
    if (outcome.kind === 'refused') {
      for (const { rule, count } of [...message.lines, ...message.heldBack]) this.#hold(rule, count)
      return
    }
    for (const [cause, sentAt] of this.#lastSent) {
      if (sentAt + this.#limits.dedupeMs <= now) this.#lastSent.delete(cause)
    }
    for (const { cause } of message.lines) this.#lastSent.set(cause, now)
  }

  #takeBack({ heldBack, lines }: AlertMessage): void {
    for (const { rule, count } of heldBack) this.#hold(rule, count)
    for (const line of lines) this.#wait(line, line.firstMs)
  }

  #wait(line: AlertLine, notBefore: EpochMs): void {
    const known = this.#waiting.get(line.cause)
    if (known !== undefined) {
      const [early, late] =
        known.line.firstMs <= line.firstMs ? [known.line, line] : [line, known.line]
      known.line = { ...late, firstMs: early.firstMs, count: early.count + late.count }
      if (notBefore < known.notBefore) known.notBefore = notBefore
      return
    }
    this.#waiting.set(line.cause, { line, notBefore })
    if (this.#waiting.size > this.#limits.waitingMax) this.#dropLeast()
  }

  #dropLeast(): void {
    const [least] = [...this.#waiting.values()].toSorted(
      (a, b) => bySeverity(b.line.severity, a.line.severity) || a.line.firstMs - b.line.firstMs,
    )
    if (least === undefined) return
    this.#waiting.delete(least.line.cause)
    this.#hold(least.line.rule, least.line.count)
  }

  #hold(rule: AlertRule, count: number): void {
    this.#held.set(rule, (this.#held.get(rule) ?? 0) + count)
  }
}
