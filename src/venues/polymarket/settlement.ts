import { assert } from '../../core/assert.ts'
import type { InstrumentId } from '../../core/market.ts'
import type { EpochMs, MicroUsd } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type {
  OperationId,
  OperationUpdate,
  Settlement,
  SettlementOperation,
} from '../../ports/settlement.ts'
import { VenueError } from '../venue-error.ts'
import type { CallCarrier, CallState, PreparedCall, SendResult } from './call-carrier.ts'
import type { OperationPlan } from './plan-operation.ts'
import { PlanRefusal } from './plan-operation.ts'

export type SettlementParts = {
  readonly carrier: CallCarrier
  /** What an operation is as a call, and what it must do to our balances. */
  readonly plan: (what: SettlementOperation) => Promise<OperationPlan>
  /** Has the venue look again at a balance that has changed behind its back: money, or a token. */
  readonly refresh: (token: InstrumentId | undefined) => Promise<void>
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
}

const pollMs = 500
/** After a while an operation is looked at less often; it is never given up. */
const pollMsMax = 10_000
/** What nobody has seen for so long is sent again, the same bytes. */
const resendMs = 5_000
/** A number that is used up by what we cannot name: so many looks before balances decide. */
const supersededLooks = 5
/** As long as a relayed call usually takes; only for showing. */
const expectedMs = 10_000
const waitingMax = 200

/**
 * Split, merge, redeem and convert. docs/venues/polymarket.md, 10.3 to 10.5.
 *
 * One operation is sent at a time: each call is signed under the account's next number, so that the
 * same call can be sent again after silence and still happen once only. The next follows as soon as
 * the one before is in a block; that it is deep enough is waited for beside. Where even the number
 * does not tell, the balances do.
 */
export class PolymarketSettlement implements Settlement {
  readonly venue = 'polymarket'
  readonly #parts: SettlementParts
  readonly #seen: Map<OperationId, EpochMs> = new Map()
  readonly #waiting: { readonly id: OperationId; readonly what: SettlementOperation }[] = []
  #onUpdate: ((update: OperationUpdate) => void) | undefined
  #isBusy = false
  #isStopped = false
  readonly #wakes: Set<() => void> = new Set()

  constructor(parts: SettlementParts) {
    this.#parts = parts
  }

  start(onUpdate: (update: OperationUpdate) => void): Promise<void> {
    this.#onUpdate = onUpdate
    return Promise.resolve()
  }

  /**
   * An operation that was submitted before is left alone: its end is on the way. One that has
   * failed has not happened, and may be asked for again.
   */
  submit(id: OperationId, what: SettlementOperation): void {
    if (this.#seen.has(id)) return
    this.#seen.set(id, epochMs(this.#parts.clock.epochMs() + expectedMs))
    if (this.#waiting.length >= waitingMax) {
      this.#tell({ kind: 'failed', operation: id, reason: 'too-many-waiting' })
      return
    }
    this.#waiting.push({ id, what })
    if (!this.#isBusy) void this.#work()
  }

  expectedAt(id: OperationId): EpochMs | undefined {
    return this.#seen.get(id)
  }

  stop(): Promise<void> {
    this.#isStopped = true
    for (const wake of this.#wakes) wake()
    return Promise.resolve()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#isStopped) break
      await this.#run(next.id, next.what)
    }
    this.#isBusy = false
  }

  async #run(operation: OperationId, what: SettlementOperation): Promise<void> {
    let plan: OperationPlan
    let prepared: PreparedCall
    try {
      plan = await this.#parts.plan(what)
      prepared = await this.#parts.carrier.prepare(plan.call)
    } catch (error) {
      // Nothing has been sent yet.
      this.#tell({ kind: 'failed', operation, reason: this.#reasonOf(operation, error) })
      return
    }
    await new Promise<void>((next) => {
      const errand = new Errand(operation, plan, prepared, { ...this.#tools(), onMined: next })
      void this.#end(errand, plan).finally(next)
    })
  }

  async #end(errand: Errand, plan: OperationPlan): Promise<void> {
    const end = await errand.run()
    if (end === undefined) return
    if (end.kind === 'final') await this.#refresh(plan)
    this.#tell(end)
  }

  async #refresh({ tokens }: OperationPlan): Promise<void> {
    try {
      for (const token of [undefined, ...tokens]) await this.#parts.refresh(token)
    } catch (error) {
      // The venue looks by itself, later: an order on the new balance may be refused until then.
      this.#parts.log.warn('the venue was not told of a settlement', { error })
    }
  }

  #tools(): Omit<ErrandTools, 'onMined'> {
    return {
      log: this.#parts.log,
      now: () => this.#parts.clock.epochMs(),
      tell: (update) => this.#tell(update),
      wait: (ms) => this.#wait(ms),
      isStopped: () => this.#isStopped,
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel()
        this.#wakes.delete(wake)
        resolve()
      }
      const cancel = this.#parts.timers.after(ms, wake)
      this.#wakes.add(wake)
    })
  }

  #reasonOf(operation: OperationId, error: unknown): string {
    this.#parts.log.warn('a settlement could not be prepared', { operation, error })
    if (error instanceof PlanRefusal) return error.reason
    if (error instanceof VenueError) return error.code.toLowerCase()
    throw error
  }

  #tell(update: OperationUpdate): void {
    assert(this.#onUpdate !== undefined, 'a settlement is started before it is used')
    if (update.kind === 'failed') this.#seen.delete(update.operation)
    this.#onUpdate(update)
  }
}

type ErrandTools = {
  readonly log: Log
  readonly now: () => EpochMs
  readonly tell: (update: OperationUpdate) => void
  readonly wait: (ms: number) => Promise<void>
  readonly isStopped: () => boolean
  /** Its number is used up: the next may be sent. */
  readonly onMined: () => void
}

type End = Extract<OperationUpdate, { kind: 'final' | 'failed' }>

/** One operation, from its first sending to its end. */
class Errand {
  readonly #operation: OperationId
  readonly #plan: OperationPlan
  readonly #prepared: PreparedCall
  readonly #tools: ErrandTools
  #reference: string | undefined
  #isUnknown = false
  #superseded = 0
  #sentAt: number

  constructor(
    operation: OperationId,
    plan: OperationPlan,
    prepared: PreparedCall,
    tools: ErrandTools,
  ) {
    this.#operation = operation
    this.#plan = plan
    this.#prepared = prepared
    this.#tools = tools
    this.#sentAt = tools.now()
  }

  /** Undefined when we were stopped before it was over. */
  async run(): Promise<End | undefined> {
    const refusal = await this.#send('first')
    if (refusal !== undefined) return this.#failed(refusal)

    for (let ms = pollMs; !this.#tools.isStopped(); ms = Math.min(ms * 1.2, pollMsMax)) {
      await this.#tools.wait(ms)
      if (this.#tools.isStopped()) break
      const end = await this.#look()
      if (end !== undefined) return end
    }
    return undefined
  }

  async #look(): Promise<End | undefined> {
    try {
      return await this.#judge(await this.#prepared.state())
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      const { log } = this.#tools
      log.warn('a settlement could not be asked about', { operation: this.#operation, error })
      return undefined
    }
  }

  async #judge(state: CallState): Promise<End | undefined> {
    if (state.kind !== 'superseded') this.#superseded = 0
    switch (state.kind) {
      case 'pending':
        return undefined
      case 'mined':
        this.#tools.onMined()
        return undefined
      case 'final':
        return this.#final(state.gasGwei)
      case 'reverted':
        return this.#failed(state.reason)
      case 'unseen':
        if (this.#tools.now() - this.#sentAt >= resendMs) await this.#send('again')
        return undefined
      case 'superseded':
        this.#superseded++
        return this.#superseded < supersededLooks ? undefined : this.#byBalances()
    }
  }

  /** Why it was refused at the first sending; later ones are judged by what became of it. */
  async #send(time: 'first' | 'again'): Promise<string | undefined> {
    this.#sentAt = this.#tools.now()
    let result: SendResult
    try {
      result = await this.#prepared.send()
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      if (!this.#isUnknown) this.#doubt(error.code.toLowerCase())
      return undefined
    }
    if (result.kind === 'refused') return time === 'first' ? result.reason : undefined
    if (this.#reference === undefined) {
      this.#reference = result.reference
      const { reference } = result
      this.#tools.tell({ kind: 'submitted', operation: this.#operation, reference })
    }
    return undefined
  }

  async #byBalances(): Promise<End | undefined> {
    const verdict = await this.#plan.compare()
    if (verdict === 'happened') return this.#final(0)
    if (verdict === 'did-not-happen') return this.#failed('replaced')
    if (!this.#isUnknown) this.#doubt('balances-do-not-tell')
    return undefined
  }

  #doubt(reason: string): void {
    this.#isUnknown = true
    this.#tools.tell({ kind: 'unknown', operation: this.#operation, reason })
  }

  #final(gasGwei: number): End {
    const cashIn: MicroUsd = this.#plan.cashIn
    const gas = gasGwei === 0 ? {} : { gasGwei }
    return { kind: 'final', operation: this.#operation, cashIn, ...gas }
  }

  #failed(reason: string): End {
    return { kind: 'failed', operation: this.#operation, reason }
  }
}
