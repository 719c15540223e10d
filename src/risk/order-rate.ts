import type { Nanos } from '../core/units.ts'

const nanosPerSecond = 1_000_000_000
const minuteSeconds = 60

/**
 * How many orders went out lately. Counted order by order, so that no burst hides between windows.
 */
export class OrderRate {
  #sentAt: Nanos[] = []

  sent(count: number, at: Nanos): void {
    for (let order = 0; order < count; order++) this.#sentAt.push(at)
    const oldest = at - minuteSeconds * nanosPerSecond
    if ((this.#sentAt[0] ?? at) < oldest) {
      this.#sentAt = this.#sentAt.filter((sent) => sent >= oldest)
    }
  }

  lastSecond(now: Nanos): number {
    return this.#since(now - nanosPerSecond)
  }

  lastMinute(now: Nanos): number {
    return this.#since(now - minuteSeconds * nanosPerSecond)
  }

  #since(instant: number): number {
    let count = 0
    for (let index = this.#sentAt.length - 1; index >= 0; index--) {
      if ((this.#sentAt[index] ?? 0) <= instant) break
      count++
    }
    return count
  }
}
