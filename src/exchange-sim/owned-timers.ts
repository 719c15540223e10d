import type { ExchangeTimers } from './exchange-clock.ts'

export type OwnedTimers = ExchangeTimers & { endAll(): void }

/** Timers that end together, with whoever they belong to. */
export function ownedTimers(timers: ExchangeTimers): OwnedTimers {
  const running = new Set<() => void>()
  const own = (cancel: () => void): (() => void) => {
    running.add(cancel)
    return () => {
      running.delete(cancel)
      cancel()
    }
  }
  return {
    after(delayMs, run) {
      const end = own(
        timers.after(delayMs, () => {
          end()
          run()
        }),
      )
      return end
    },
    every: (intervalMs, run) => own(timers.every(intervalMs, run)),
    endAll() {
      for (const cancel of running) cancel()
      running.clear()
    },
  }
}
