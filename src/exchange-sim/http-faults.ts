import type { ExchangeTimers } from './exchange-clock.ts'
import { faultDelays, faultRates } from './faults.ts'
import type { Faults } from './faults.ts'
import type { ApiReply, Gate } from './http-host.ts'

/** Too many requests, as Cloudflare says it before the venue is even reached. 1.2. */
const tooMany: ApiReply = {
  status: 429,
  body: { error: 'Too Many Requests' },
  headers: { 'retry-after': '1' },
}

/** Makes some requests wait, and refuses others. */
export function faultyGate(faults: Faults, timers: ExchangeTimers): Gate {
  return async () => {
    if (faults.strikes('http-429', faultRates.tooMany)) return tooMany
    if (faults.strikes('slow-reply', faultRates.slow)) {
      const delayMs = faults.delayMs(faultDelays.slow)
      await new Promise<void>((resolve) => {
        timers.after(delayMs, resolve)
      })
    }
    return undefined
  }
}

/** The status that refuses a new socket, or undefined to let it in. */
export function faultyUpgrade(faults: Faults): () => number | undefined {
  return () => (faults.strikes('http-429', faultRates.tooMany) ? 429 : undefined)
}
