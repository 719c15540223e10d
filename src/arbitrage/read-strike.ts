import type { Market, Strike } from '../core/market.ts'

/** A number in running text: "$2,800", "58", "0.25". */
const number = String.raw`([-−]?[$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)`
/**
 * What ends a number: no further digit, no dash that would make it a date, and no word that makes a
 * million of it, since "$900k" and "$1m" would then stand in the wrong order.
 */
const powers = 'k|m|mm|b|bn|t|thousand|million|billion|trillion'
const end = String.raw`(?![\d]|[.,]\d|[-–]\d|\s?(?:${powers})\b)`

const more = String.raw`\b(?:above|over|higher than|greater than|(?<!no )more than|exceeds?)\s+`
const less = String.raw`\b(?:below|under|lower than|(?<!no )less than|fewer than)\s+`

type Reading = { readonly kind: Strike['kind']; readonly pattern: RegExp }

const readings: readonly Reading[] = [
  reading('at-least', String.raw`(?:at least|no less than)\s+${number}${end}`),
  reading('at-least', String.raw`${number}(?:\+| or (?:more|higher|above))`),
  reading('at-most', String.raw`(?:at most|no more than)\s+${number}${end}`),
  reading('at-most', String.raw`${number} or (?:less|lower|fewer|below)`),
  reading('above', String.raw`(?:${more}|>\s?)${number}${end}`),
  reading('below', String.raw`(?:${less}|<\s?)${number}${end}`),
  reading('between', String.raw`\bbetween ${number} and ${number}${end}`),
  reading('between', String.raw`(?<![\d.,]|[\d][-–])${number}\s?[-–]\s?${number}${end}`),
]

function reading(kind: Strike['kind'], source: string): Reading {
  return { kind, pattern: new RegExp(source, 'gi') }
}

/**
 * The strike of a market: as its venue states it, or else as its question words it.
 *
 * Read from words only when exactly one comparison with a number stands in the question; anything
 * else is left alone. Words do not tell whether the bound itself counts, so that stays unknown.
 */
export function strikeOf(market: Market): Strike | undefined {
  if (market.strike !== undefined) return market.strike

  const found = readings.flatMap(({ kind, pattern }) =>
    [...market.question.matchAll(pattern)].map((match) => ({ kind, match })),
  )
  const [only, ...others] = found
  if (only === undefined || others.length > 0) return undefined
  const { kind, match } = only
  const first = plain(match[1])
  const isCap = kind === 'below' || kind === 'at-most'
  return {
    kind,
    floor: isCap ? undefined : first,
    cap: isCap ? first : kind === 'between' ? plain(match[2]) : undefined,
  }
}

/** "$2,800" as "2800". */
function plain(text: string | undefined): string | undefined {
  return text?.replaceAll(/[,$€£]/g, '').replace('−', '-')
}

/**
 * A text with the numbers of a strike taken out, so that the texts of one ladder are alike.
 *
 * Only these very numbers go: as they stand, with separators, or as the "3+" that more than 2.5
 * whole things are. A date or a name that differs stays, and keeps the markets apart.
 */
export function withoutStrike(text: string, strike: Strike): string {
  let left = text
  for (const bound of [strike.floor, strike.cap]) {
    if (bound === undefined) continue
    for (const form of formsOf(bound)) left = left.replace(form, '#')
  }
  return left.replaceAll(/\s+/g, ' ').trim().toLowerCase()
}

/** Whether the numbers of a strike stand in a text at all. */
export function mentionsStrike(text: string, strike: Strike): boolean {
  return withoutStrike(text, strike).includes('#') && !text.includes('#')
}

function formsOf(bound: string): readonly RegExp[] {
  const [whole = '', fraction = ''] = bound.replace(/^-/, '').split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
  const digits = fraction.replace(/0+$/, '')
  const tail = digits === '' ? String.raw`(?:\.0+)?` : String.raw`\.${digits}0*`
  const exact = new RegExp(
    String.raw`(?<![\d.,])[-−]?[$€£]?(?:${whole}|${grouped})${tail}(?![\d]|[.,]\d)`,
    'g',
  )
  if (digits !== '5') return [exact]
  const next = String(Number(whole) + 1)
  return [exact, new RegExp(String.raw`(?<![\d.,])${next}\+`, 'g')]
}
