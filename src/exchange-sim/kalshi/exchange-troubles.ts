import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultDelays } from '../faults.ts'
import type { ExchangeState } from './exchange-mode.ts'

export type TroubleParts = {
  readonly faults: Faults
  readonly timers: ExchangeTimers
  readonly state: ExchangeState
  readonly channel: { cutPrivate(): void }
}

/**
 * What happens to the whole exchange now and then: its engine cannot be reached for a moment, and
 * the sockets of accounts break. What is returned ends that.
 */
export function startTroubles(parts: TroubleParts): () => void {
  const { faults, timers, state, channel } = parts
  const stops = new Set<() => void>()
  const later = (
    delays: { readonly least: number; readonly most: number },
    run: () => void,
  ): void => {
    const stop = timers.after(faults.delayMs(delays), () => {
      stops.delete(stop)
      run()
    })
    stops.add(stop)
  }
  const restart = (): void => {
    state.isReachable = false
    later(faultDelays.restartLasts, () => {
      state.isReachable = true
      later(faultDelays.restart, restart)
    })
  }
  const cut = (): void => {
    channel.cutPrivate()
    later(faultDelays.userDisconnect, cut)
  }
  if (faults.has('engine-restart')) later(faultDelays.restart, restart)
  if (faults.has('user-disconnect')) later(faultDelays.userDisconnect, cut)
  return () => {
    for (const stop of stops) stop()
  }
}
