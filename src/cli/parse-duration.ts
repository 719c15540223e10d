const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** The longest delay a timer can have: 2^31 − 1 milliseconds, 24 days. */
const durationMsMax = 2_147_483_647

/** `30s`, `2m`, `1h30m`, `500ms`, in milliseconds. Undefined for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h))+$/.test(text)) return undefined

  let total = 0
  for (const [, count, unit = ''] of text.matchAll(/(\d+)(ms|s|m|h)/g)) {
    total += Number(count) * (unitMs[unit] ?? 0)
  }
  return total > 0 && total <= durationMsMax ? total : undefined
}

/** 95 000 as `01:35`, from an hour on as `1:01:35`. */
export function formatClock(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
