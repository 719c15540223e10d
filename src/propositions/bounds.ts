import { parseDecimal } from '../core/decimal.ts'
import type { Strike } from '../core/market.ts'

/** What a number is counted in. Two bounds in different units are never compared. */
export type BoundUnit = string

/**
 * The numbers that make a market YES, as a range. In millionths, so that every strike is whole.
 *
 * On a lattice (`step`) a range is written closed: more than 3.5 runs is 4 or more, above 2.9 %
 * with one decimal is 3.0 % or more. Without one, `open` bounds leave out the number itself.
 */
export type Bound = {
  readonly low: number | undefined
  readonly lowOpen: boolean
  readonly high: number | undefined
  readonly highOpen: boolean
  readonly unit: BoundUnit | undefined
  readonly step: number | undefined
}

/** What two ranges are to each other. */
export type BoundRelation = 'same' | 'complement' | 'first-inside' | 'second-inside' | 'other'

const unitWord =
  '(?:%|bps|°[fc]?|inch(?:es)?|points?|runs?|goals?|games?|wins?|seats?|jobs|vehicles?|vehicle deliveries|times|votes|days|strikeouts?|rebounds?|yards)'
const number = String.raw`(?<sign>\$)?(?<digits>\d+(?:\.\d+)?)(?: ?(?<unit>${unitWord})(?![a-z]))?`
const second = String.raw`\$?(?<digits2>\d+(?:\.\d+)?)(?: ?(?<unit2>${unitWord})(?![a-z]))?`

type Form = {
  readonly pattern: RegExp
  readonly side: 'low' | 'high' | 'both'
  readonly open: boolean
}

const forms: readonly Form[] = [
  form(String.raw`between ${number} ?(?:-|and|to) ?${second}`, 'both', false),
  form(String.raw`${number} ?(?:-| to ) ?${second}`, 'both', false),
  form(
    String.raw`(?:at least|no less than|>=|greater than or equal to|at or above) ?${number}`,
    'low',
    false,
  ),
  form(String.raw`${number} ?(?:or more|or above|or higher|or greater|\+)`, 'low', false),
  form(
    String.raw`(?:at most|no more than|<=|less than or equal to|at or below) ?${number}`,
    'high',
    false,
  ),
  form(String.raw`${number} or (?:lower|below|less|fewer)`, 'high', false),
  form(
    String.raw`(?:above|over|more than|greater than|higher than|exceeds?|o\/u|>) ?${number}`,
    'low',
    true,
  ),
  form(String.raw`(?:below|under|less than|lower than|fewer than|<) ?${number}`, 'high', true),
  form(String.raw`exactly ${number}`, 'both', false),
]

function form(pattern: string, side: Form['side'], open: boolean): Form {
  return { pattern: new RegExp(pattern), side, open }
}

/** Units that come whole, so that between 4 and 5 of them there is nothing. */
const wholeUnits =
  /^(points?|runs?|goals?|games?|wins?|seats?|jobs|vehicles?|times|votes|days|strikeouts?|rebounds?|yards)$/

const micro = 1_000_000

/** The first range that a folded text without its dates names. */
export function readBound(text: string): Bound | undefined {
  const relative = text.replaceAll(/\b(than(?: or equal to)?|above|below) (?:its|their) /g, '$1 0 ')
  for (const { pattern, side, open } of forms) {
    const match = pattern.exec(relative)
    if (match === null) continue
    const groups = match.groups ?? {}
    const first = micros(groups['digits'])
    const last = groups['digits2'] === undefined ? first : micros(groups['digits2'])
    if (first === undefined || last === undefined || last < first) continue
    if (side === 'both' && groups['digits2'] !== undefined && !looksLikeRange(match[0])) continue
    return {
      low: side === 'high' ? undefined : first,
      lowOpen: open,
      high: side === 'low' ? undefined : last,
      highOpen: open,
      unit: unitOf(groups, relative.slice(match.index + match[0].length)),
      step: undefined,
    }
  }
  return undefined
}

/** "8-9" alone may be anything; with a word, a unit or a currency it is a range of values. */
function looksLikeRange(text: string): boolean {
  return /between|\$|%|°|\bto\b/.test(text)
}

function unitOf(
  groups: Readonly<Record<string, string | undefined>>,
  after: string,
): BoundUnit | undefined {
  if (groups['sign'] !== undefined) return '$'
  const said =
    groups['unit2'] ??
    groups['unit'] ??
    new RegExp(`^ ?(?:of the )?(?:valid )?(${unitWord})(?![a-z])`).exec(after)?.[1]
  if (said === undefined || said === '°') return undefined
  return said
    .replace(/^inch(es)?$/, 'inch')
    .replace(/^vehicle deliveries$/, 'vehicle')
    .replace(/(?<=[a-z]{3})s$/, '')
}

export function boundOfStrike({ kind, floor, cap }: Strike): Bound | undefined {
  const low = floor === undefined ? undefined : micros(floor)
  const high = cap === undefined ? undefined : micros(cap)
  if (low === undefined && high === undefined) return undefined
  return {
    low,
    lowOpen: kind === 'above',
    high,
    highOpen: kind === 'below',
    unit: undefined,
    step: undefined,
  }
}

function micros(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : parseDecimal(digits, 6)
}

/** The step between two values that a text, or the unit itself, allows. In millionths. */
export function stepIn(text: string, unit: BoundUnit | undefined): number | undefined {
  if (/\b(to 1 decimal|to one decimal|one decimal)\b/.test(text)) return micro / 10
  if (/\bto 2 decimals\b/.test(text)) return micro / 100
  if (/\bwhole (degrees?|numbers?|°)/.test(text)) return micro
  return unit !== undefined && wholeUnits.test(unit) ? micro : undefined
}

/** A range on a lattice, written closed. */
export function onLattice(bound: Bound, step: number): Bound {
  const { low, high, lowOpen, highOpen } = bound
  const floor = low === undefined ? undefined : Math.ceil(low / step) * step
  const cap = high === undefined ? undefined : Math.floor(high / step) * step
  return {
    ...bound,
    low: floor === undefined ? undefined : lowOpen && floor === low ? floor + step : floor,
    lowOpen: false,
    high: cap === undefined ? undefined : highOpen && cap === high ? cap - step : cap,
    highOpen: false,
    step,
  }
}

/** What two ranges of the same thing are to each other. Both on the same lattice, or on none. */
export function relateBounds(a: Bound, b: Bound): BoundRelation {
  const inB = isInside(a, b)
  const inA = isInside(b, a)
  if (inA && inB) return 'same'
  if (isComplement(a, b) || isComplement(b, a)) return 'complement'
  if (inB) return 'first-inside'
  return inA ? 'second-inside' : 'other'
}

function isInside(inner: Bound, outer: Bound): boolean {
  return (
    startsWithin(inner.low, inner.lowOpen, outer.low, outer.lowOpen) &&
    startsWithin(negated(inner.high), inner.highOpen, negated(outer.high), outer.highOpen)
  )
}

function startsWithin(
  inner: number | undefined,
  innerOpen: boolean,
  outer: number | undefined,
  outerOpen: boolean,
): boolean {
  if (outer === undefined) return true
  if (inner === undefined) return false
  return inner > outer || (inner === outer && (innerOpen || !outerOpen))
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value
}

/** `lower` ends exactly where `upper` begins: they share no value and leave none. */
function isComplement(lower: Bound, upper: Bound): boolean {
  if (lower.low !== undefined || upper.high !== undefined) return false
  if (lower.high === undefined || upper.low === undefined) return false
  if (lower.step !== undefined) return upper.low - lower.high === lower.step
  return lower.high === upper.low && lower.highOpen !== upper.lowOpen
}
