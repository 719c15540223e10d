import type { MicroUsd } from '../core/units.ts'
import { microPerUsd } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import { usedLimits } from '../risk/limit-use.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'

/** Shows at each scrape whether we trade, and how much of what may be lost is at stake. */
export function publishTrading(metrics: MetricRegistry, view: EngineView): void {
  const exposure = metrics.gauge('exposure_usd', {})
  const limit = metrics.gauge('exposure_limit_usd', {})
  const states = (['trading', 'paused', 'killed'] as const).map((state) => ({
    state,
    gauge: metrics.gauge('trading_state', { state }),
  }))
  const used = new Map(
    usedLimits.map((name) => [name, metrics.gauge('risk_limit_used_ratio', { limit: name })]),
  )
  const quarantined = metrics.gauge('baskets_quarantined', {})
  metrics.beforeReading(() => {
    quarantined.set(view.quarantined)
    for (const { name, used: amount, max } of view.limitUse()) {
      used.get(name)?.set(max === 0 ? 1 : amount / max)
    }
    exposure.set(dollars(view.exposure))
    limit.set(dollars(view.limits.totalExposureMax))
    const now = view.killed ? 'killed' : view.paused ? 'paused' : 'trading'
    for (const { state, gauge } of states) gauge.set(state === now ? 1 : 0)
  })
}

/** For boards and alarms only: what is decided is decided in micro-dollars. */
function dollars(money: MicroUsd): number {
  const micro: number = money
  return micro / microPerUsd
}
