/**
 * Numbers for people.
 *
 * The API sends exact decimal text. What is counted with stays text; here it only becomes something
 * to look at, and what is cut off is cut off in sight alone.
 */

const dollars = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
})
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const shares = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** A true minus, as wide as a plus, so that columns stand. */
const minus = '\u2212'
export const dash = '\u2013'

export function money(text: string): string {
  const value = Number(text)
  return `${value < 0 ? minus : ''}$${dollars.format(Math.abs(value))}`
}

export function signedMoney(text: string): string {
  const value = Number(text)
  const amount = dollars.format(Math.abs(value))
  if (amount === '0.00') return '$0.00'
  return `${value < 0 ? minus : '+'}$${amount}`
}

/** All digits there are: for a certificate, where the last one counts. */
export function exactMoney(text: string): string {
  const negative = text.startsWith('-')
  const [integer = '0', fraction = ''] = text.replace('-', '').split('.')
  const grouped = whole.format(Number(integer))
  return `${negative ? minus : ''}$${grouped}.${fraction.padEnd(2, '0')}`
}

export function shortMoney(text: string): string {
  const value = Number(text)
  return `${value < 0 ? minus : ''}$${short.format(Math.abs(value))}`
}

/** A price in cents: "82¢", "33.4¢". */
export function cents(price: string): string {
  return `${trim((Number(price) * 100).toFixed(2))}\u00a2`
}

/** The sum of some prices in cents; it may be above a dollar. */
export function sumOfCents(sum: string): string {
  return `${(Number(sum) * 100).toFixed(1)}\u00a2`
}

export function size(text: string): string {
  return shares.format(Number(text))
}

export function count(value: number): string {
  return whole.format(value)
}

export function shortCount(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value)
}

/** Parts per million as per cent. */
export function percent(ppm: number, digits = 2): string {
  const value = ppm / 10_000
  return `${value < 0 ? minus : ''}${Math.abs(value).toFixed(digits)}%`
}

export function yearlyPercent(ppm: number): string {
  const value = ppm / 10_000
  return value >= 1_000 ? `${short.format(value)}%` : `${value.toFixed(value < 100 ? 1 : 0)}%`
}

/** A duration of microseconds, with the unit that suits it. */
export function micros(us: number | null): string {
  if (us === null) return dash
  const value = Math.abs(us)
  if (value < 1_000) return `${trim(us.toFixed(value < 10 ? 1 : 0))} \u00b5s`
  if (value < 1_000_000) return `${trim((us / 1_000).toFixed(value < 10_000 ? 2 : 1))} ms`
  return `${trim((us / 1_000_000).toFixed(2))} s`
}

export function millis(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${trim(seconds.toFixed(1))} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

export function days(value: number | null): string {
  if (value === null) return 'unknown'
  if (value === 0) return 'at once'
  if (value < 1) return millis(value * 86_400_000)
  return `${trim(value.toFixed(value < 10 ? 1 : 0))} days`
}

export function bytes(value: number): string {
  if (value < 1_048_576) return `${Math.round(value / 1_024)} kB`
  if (value < 1_073_741_824) return `${Math.round(value / 1_048_576)} MB`
  return `${(value / 1_073_741_824).toFixed(1)} GB`
}

export function clock(ms: number): string {
  const date = new Date(ms)
  const part = (value: number): string => String(value).padStart(2, '0')
  return `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}`
}

export function clockMs(ms: number): string {
  return `${clock(ms)}.${String(ms % 1_000).padStart(3, '0')}`
}

export function date(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

/** "no-cash" as words. */
export function words(label: string): string {
  return label.replaceAll(/[-_]/g, ' ')
}

/** A name of ours, as a title: "cross-outcome" is "Cross outcome". */
export function title(name: string): string {
  const text = words(name)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function signClass(text: string): string {
  const value = Number(text)
  return value > 0 ? 'gain' : value < 0 ? 'loss' : 'muted'
}

function trim(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number
}
