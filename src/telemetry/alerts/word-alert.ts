import { formatPrice, formatSize, formatUsd } from '../../core/decimal.ts'
import type { EpochMs, MicroUsd } from '../../core/units.ts'
import type { AccountLook, AlertInput, FilledLeg, LimitUse } from './alert-input.ts'

/** A basket of more legs than this is told by its first ones. */
const legsShownMax = 3

/** Money for people, signed, to the cent: `+$1.23`. Rounds down: what is shown never flatters. */
export function wordMoney(money: MicroUsd): string {
  const micro: number = money
  const cents = Math.floor(micro / 10_000)
  const [whole = '0', fraction = ''] = formatUsd((Math.abs(cents) * 10_000) as MicroUsd).split('.')
  return `${cents < 0 ? '-' : '+'}$${whole}.${fraction.padEnd(2, '0')}`
}

export function wordFill(input: Extract<AlertInput, { kind: 'filled' }>): string {
  const { basket, legs, purpose, strategy } = input
  const shown = legs.slice(0, legsShownMax).map(wordLeg).join('; ')
  const more = legs.length > legsShownMax ? `; and ${legs.length - legsShownMax} more` : ''
  const what = { open: 'Filled', complete: 'Completed', unwind: 'Unwound' }[purpose]
  return `${what}: ${shown}${more} (${strategy}, ${basket})`
}

function wordLeg({ title, outcome, side, price, size }: FilledLeg): string {
  const what = `${outcome.toUpperCase()} of "${title}"`
  return `${side} ${formatSize(size)} ${what} at $${formatPrice(price)}`
}

export function wordBasket(input: Extract<AlertInput, { kind: 'basket' }>): string {
  const { basket, reason, state, strategy } = input
  const why = reason === '' ? '' : `: ${reason}`
  const what = {
    completing: 'could not be filled as planned and is being completed at a worse price',
    unwinding: 'did not come about and is being unwound',
    quarantined: 'has unequal legs that no allowed order makes equal, and waits for you',
  }[state]
  return `Basket ${basket} of ${strategy} ${what}${why}`
}

export function wordClosed(input: Extract<AlertInput, { kind: 'basket-closed' }>): string {
  const { basket, strategy, worst } = input
  const money = worst === undefined ? '' : `, worth ${wordMoney(worst)} at the least`
  return `Basket ${basket} of ${strategy} is closed${money}`
}

export function wordSettled(input: Extract<AlertInput, { kind: 'basket-settled' }>): string {
  const { basket, result, strategy, worst } = input
  return (
    `Basket ${basket} of ${strategy} was worth ${wordMoney(worst)} at the least and has settled ` +
    `at ${wordMoney(result)}: a relation, a rule or a fee is not what it was taken for`
  )
}

export function wordDispute({
  venue,
  what,
}: Extract<AlertInput, { kind: 'account-differs' }>): string {
  switch (what.kind) {
    case 'cash': {
      const [ours, theirs] = [what.ours, what.theirs].map((money) => wordMoney(money).slice(1))
      return `Cash at ${venue} is ${theirs} and not ${ours}: nothing is traded there until it agrees`
    }
    case 'shares':
      return (
        `${venue} has ${formatSize(what.theirs)} shares in "${what.title}" and not ` +
        `${formatSize(what.ours)}: that market is not traded until they agree`
      )
    case 'order-unknown':
      return `${venue} has order ${what.order} in "${what.title}", which is none of ours`
  }
}

export function wordLimit({ max, name, unit, used }: LimitUse): string {
  const amount = (value: number): string =>
    unit === 'usd' ? wordMoney(value as MicroUsd).slice(1) : String(value)
  const share = Math.floor((used / max) * 100)
  return `${name} is at ${share} % of its limit: ${amount(used)} of ${amount(max)}`
}

/** `14:05:09 UTC`, for what happened today. */
export function wordTime(atMs: EpochMs): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} UTC`
}

/** A stretch of time to its largest unit or two: `45 s`, `12 min`, `3 h 20 min`. */
export function wordDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What a day has brought, against how things stood when it began. */
export function wordDay(
  now: AccountLook,
  before: AccountLook | undefined,
  alerts: ReadonlyMap<string, number>,
): string {
  const since = (key: 'signals' | 'fills' | 'rejections'): number => now[key] - (before?.[key] ?? 0)
  const earned = now.realized - (before?.realized ?? 0)
  const fees = now.fees - (before?.fees ?? 0)
  const told = [...alerts].map(([rule, count]) => `${count} ${rule}`).join(', ')
  return [
    `Daily summary: realized ${wordMoney(earned as MicroUsd)}`,
    `unrealized now ${wordMoney(now.unrealized)}`,
    `fees ${wordMoney(fees as MicroUsd).slice(1)}`,
    `exposure ${wordMoney(now.exposure).slice(1)}`,
    `${since('signals')} signals`,
    `${since('fills')} legs filled`,
    `${since('rejections')} rejected`,
    `${now.openBaskets} baskets at work`,
    told === '' ? 'no alerts' : `alerts: ${told}`,
  ].join(', ')
}
