import type { Certificate, CertificateLeg, CertificateState } from '../core/certificate.ts'
import { reserveOf } from '../core/fee.ts'
import type { Market, Outcome } from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import { isBelieved } from '../core/outcome-set.ts'
import { isOnGrid } from '../core/price-grid.ts'
import type { MarketRef, Relation } from '../core/relation.ts'
import { describeRelation, membersOf, refKey } from '../core/relation.ts'
import { possibleWorlds } from './check-worlds.ts'

/** What a certificate is held against: nothing in it is taken from the certificate. */
export type CertificateEvidence = {
  /** What is known to hold between the markets, from the registry of relations. */
  readonly relations: readonly Relation[]
  readonly market: (ref: MarketRef) => Market | undefined
  /**
   * The book of an outcome, best first: its asks are what a buy takes, its bids what a sale takes.
   */
  readonly levels: (ref: MarketRef, outcome: Outcome, side: 'bid' | 'ask') => readonly Level[]
}

export type Verdict =
  | { readonly kind: 'true' }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly where: string }

export type Refusal =
  | 'no-legs'
  | 'unknown-market'
  | 'not-open'
  | 'fee-not-known'
  | 'wrong-instrument'
  | 'off-lot'
  | 'below-least-size'
  | 'levels-do-not-add-up'
  | 'levels-out-of-order'
  | 'off-grid'
  | 'not-in-the-book'
  | 'cost-wrong'
  | 'fee-too-low'
  | 'values-wrong'
  | 'state-wrong'
  | 'state-missing'
  | 'too-many-worlds'
  | 'contradiction'
  | 'edge-wrong'
  | 'no-edge'
  | 'not-believed'
  | 'assumption-missing'
  | 'set-unknown'

const scale = 10_000n
const micro = 1_000_000n

/**
 * Whether a certificate is true: every level is there, every cost is right, and no world that the
 * relations allow leaves less than the edge.
 *
 * Independent of the detectors: all arithmetic is done again, in `bigint`, and the worlds are found
 * again in another way. Costs microseconds to a millisecond: once for each signal, never on a tick.
 */
export function checkCertificate(certificate: Certificate, evidence: CertificateEvidence): Verdict {
  if (certificate.legs.length === 0) return refuse('no-legs', certificate.group)

  const byLeg = certificate.legs.map((leg) => checkLeg(leg, evidence)).find(isRefused)
  if (byLeg !== undefined) return byLeg

  return (
    checkDepth(certificate.legs, evidence) ??
    checkClaims(certificate, evidence) ??
    checkStates(certificate) ??
    checkWorlds(certificate, evidence) ?? { kind: 'true' }
  )
}

function refuse(reason: Refusal, where: string): Verdict {
  return { kind: 'refused', reason, where }
}

function isRefused(verdict: Verdict | undefined): verdict is Verdict {
  return verdict !== undefined
}

function checkLeg(leg: CertificateLeg, evidence: CertificateEvidence): Verdict | undefined {
  const where = `${refKey(leg)} ${leg.outcome}`
  const market = evidence.market(leg)
  if (market === undefined) return refuse('unknown-market', where)
  if (market.status !== 'open') return refuse('not-open', where)
  if (market.fee.kind === 'unknown') return refuse('fee-not-known', where)
  if (instrumentOf(market, leg.outcome).id !== leg.instrument) {
    return refuse('wrong-instrument', where)
  }
  if (leg.size <= 0 || leg.size % market.lot !== 0) return refuse('off-lot', where)
  if (leg.size < market.sizeMin) return refuse('below-least-size', where)
  return checkLevels(leg, market, where)
}

function checkLevels(leg: CertificateLeg, market: Market, where: string): Verdict | undefined {
  if (market.fee.kind === 'unknown') return refuse('fee-not-known', where)
  const { taker } = market.fee

  let size = 0n
  let money = 0n
  let fee = 0n
  let before: number | undefined
  for (const level of leg.taken) {
    if (level.size <= 0) return refuse('levels-do-not-add-up', where)
    if (!isOnGrid(market.grid, level.price)) return refuse('off-grid', where)
    const worse =
      before === undefined || (leg.side === 'buy' ? level.price > before : level.price < before)
    if (!worse) return refuse('levels-out-of-order', where)
    before = level.price

    const product = BigInt(level.price) * BigInt(level.size)
    size += BigInt(level.size)
    money += leg.side === 'buy' ? (product + scale - 1n) / scale : -(product / scale)
    const spread = BigInt(level.price) * (scale - BigInt(level.price))
    const curve =
      (BigInt(level.size) * BigInt(taker.rate) * spread ** BigInt(taker.exponent)) /
      (micro * (scale * scale) ** BigInt(taker.exponent))
    fee += curve + BigInt(reserveOf(market.fee, level.size))
  }
  if (size !== BigInt(leg.size)) return refuse('levels-do-not-add-up', where)
  if (money !== BigInt(leg.cost)) return refuse('cost-wrong', where)
  if (fee !== BigInt(leg.fee)) return refuse('fee-too-low', where)
  return undefined
}

/** Two legs may not take the same order twice: a NO bought at 40 cents is a YES sold at 60. */
function checkDepth(
  legs: readonly CertificateLeg[],
  evidence: CertificateEvidence,
): Verdict | undefined {
  const used = new Map<string, bigint>()
  for (const leg of legs) {
    const market = evidence.market(leg)
    if (market === undefined) return refuse('unknown-market', refKey(leg))
    const side = leg.side === 'buy' ? 'ask' : 'bid'
    const there = evidence.levels(leg, leg.outcome, side)
    for (const { price, size } of leg.taken) {
      const level = there.find((candidate) => candidate.price === price)
      const key = restingOrder(leg, market, price)
      const total = (used.get(key) ?? 0n) + BigInt(size)
      if (level === undefined || total > BigInt(level.size)) return refuse('not-in-the-book', key)
      used.set(key, total)
    }
  }
  return undefined
}

/** A name for the level that is taken, the same from both outcomes where the venue mirrors. */
function restingOrder(leg: CertificateLeg, market: Market, price: number): string {
  const side = leg.side === 'buy' ? 'ask' : 'bid'
  if (market.bookKind === 'separate') return `${refKey(leg)} ${leg.outcome} ${side} ${price}`
  if (leg.outcome === 'yes') return `${refKey(leg)} yes ${side} ${price}`
  return `${refKey(leg)} yes ${side === 'ask' ? 'bid' : 'ask'} ${10_000 - price}`
}

/** The relations must be believed, and each that speaks of a leg stands among the assumptions. */
function checkClaims(certificate: Certificate, evidence: CertificateEvidence): Verdict | undefined {
  const legs = new Set(certificate.legs.map(refKey))
  for (const relation of evidence.relations) {
    const text = describeRelation(relation)
    if (!isBelieved(relation.claim)) return refuse('not-believed', text)
    const touches = membersOf(relation).some((member) => legs.has(refKey(member)))
    if (touches && !certificate.assumptions.includes(text)) {
      return refuse('assumption-missing', text)
    }
  }
  const sets = new Set(certificate.legs.map((leg) => evidence.market(leg)?.set))
  const strange = certificate.sets.find((set) => !sets.has(set))
  return strange === undefined ? undefined : refuse('set-unknown', strange)
}

/** The table itself: every line adds up, and the edge is its least profit. */
function checkStates(certificate: Certificate): Verdict | undefined {
  const markets = new Set(certificate.legs.map(refKey))
  const cost = sum(certificate.legs.map((leg) => leg.cost))
  const fee = sum(certificate.legs.map((leg) => leg.fee))
  let least: bigint | undefined
  for (const state of certificate.states) {
    const values = valuesOf(state)
    if (values === undefined || values.size !== markets.size) {
      return refuse('values-wrong', state.name)
    }
    if ([...values.keys()].some((key) => !markets.has(key)))
      return refuse('values-wrong', state.name)

    const payoff = payoffOf(certificate.legs, (key) => values.get(key) ?? 0n)
    const profit = payoff - cost - fee
    const right =
      BigInt(state.payoff) === payoff &&
      BigInt(state.cost) === cost &&
      BigInt(state.fee) === fee &&
      BigInt(state.profit) === profit
    if (!right) return refuse('state-wrong', state.name)
    if (least === undefined || profit < least) least = profit
  }
  if (least === undefined) return refuse('state-missing', certificate.group)
  if (least !== BigInt(certificate.edge)) return refuse('edge-wrong', certificate.group)
  return least > 0n ? undefined : refuse('no-edge', certificate.group)
}

/** The list is complete: every world the relations allow is one of its states. */
function checkWorlds(certificate: Certificate, evidence: CertificateEvidence): Verdict | undefined {
  const found = possibleWorlds(certificate.legs, evidence.relations)
  if (found === undefined) return refuse('too-many-worlds', certificate.group)
  // Relations that leave no world at all would prove anything.
  if (found.worlds.length === 0) return refuse('contradiction', certificate.group)

  const markets = [...new Set(certificate.legs.map(refKey))]
  const places = markets.map((key) => found.keys.indexOf(key))
  const listed = new Set(
    certificate.states.map((state) => {
      const values = valuesOf(state) ?? new Map<string, bigint>()
      return markets.map((key) => values.get(key) ?? 0n).join()
    }),
  )
  for (const world of found.worlds) {
    const line = places.map((place) => BigInt(world[place] ?? 0) * micro).join()
    if (!listed.has(line)) return refuse('state-missing', `${markets.join()} = ${line}`)
  }
  return undefined
}

function valuesOf(state: CertificateState): ReadonlyMap<string, bigint> | undefined {
  const values = new Map<string, bigint>()
  for (const value of state.values) {
    if (values.has(refKey(value)) || value.yes < 0 || value.yes > 1_000_000) return undefined
    values.set(refKey(value), BigInt(value.yes))
  }
  return values
}

function payoffOf(legs: readonly CertificateLeg[], yesOf: (key: string) => bigint): bigint {
  return sum(
    legs.map((leg) => {
      const yes = yesOf(refKey(leg))
      const product = BigInt(leg.size) * (leg.outcome === 'yes' ? yes : micro - yes)
      // Rounded against us: what is held pays less, what is owed costs more.
      return leg.side === 'buy' ? product / micro : -((product + micro - 1n) / micro)
    }),
  )
}

function sum(numbers: readonly (number | bigint)[]): bigint {
  return numbers.reduce<bigint>((total, number) => total + BigInt(number), 0n)
}
