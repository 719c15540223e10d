import { z } from 'zod'

import type { Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountReads } from './account-reads.ts'

/**
 * The venue cancels all our orders after ten seconds without one. docs/venues/polymarket.md, 1.4.
 */
const everyMs = 5_000
/** What was lost on its way leaves time for so many more within those ten seconds. */
const againMs = 1_000

const shape = z.object({ heartbeat_id: z.string() })

/**
 * The dead-man switch: as long as it beats, our orders rest; when we die, the venue cancels them.
 */
export class Heartbeat {
  readonly #parts: { readonly reads: AccountReads; readonly timers: Timers; readonly log: Log }
  #id = ''
  #stop: () => void = () => undefined
  #cancelAgain: () => void = () => undefined
  #isStopped = false

  constructor(parts: { readonly reads: AccountReads; readonly timers: Timers; readonly log: Log }) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    await this.#beat()
    this.#stop = this.#parts.timers.every(everyMs, () => void this.#beat())
  }

  stop(): void {
    this.#isStopped = true
    this.#stop()
    this.#cancelAgain()
  }

  async #beat(): Promise<void> {
    const { reads, log } = this.#parts
    try {
      const body = JSON.stringify({ heartbeat_id: this.#id })
      const answer = await reads.send({ method: 'POST', path: '/v1/heartbeats', body })
      const told = shape.safeParse(answer.body)
      if (told.success) this.#id = told.data.heartbeat_id
      if (answer.status === 200) return
      log.warn('a heartbeat was refused', { status: answer.status })
      // A wrong id, as after a restart or a lost answer, is answered with the right one.
      this.#again(told.success ? 0 : againMs)
    } catch (error) {
      log.warn('a heartbeat had no answer', { error })
      this.#again(againMs)
    }
  }

  #again(delayMs: number): void {
    if (this.#isStopped) return
    this.#cancelAgain()
    this.#cancelAgain = this.#parts.timers.after(delayMs, () => void this.#beat())
  }
}
