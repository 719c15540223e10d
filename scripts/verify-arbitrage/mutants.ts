import type { CertificateEvidence } from '../../src/arbitrage/check-certificate.ts'
import type { Certificate, CertificateLeg, CertificateState } from '../../src/core/certificate.ts'
import type { FeeSchedule } from '../../src/core/fee.ts'
import type { InstrumentId, Market } from '../../src/core/market.ts'
import { uniformGrid } from '../../src/core/price-grid.ts'
import type { Random } from '../../src/core/random.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../../src/core/units.ts'

/** A certificate that was true and is no longer: itself changed, or the world around it. */
export type Mutant = {
  readonly name: string
  readonly certificate: Certificate
  readonly evidence: CertificateEvidence
}

/** Every way we know to spoil a certificate, each on a leg or a state at random. */
export function mutantsOf(
  certificate: Certificate,
  evidence: CertificateEvidence,
  random: Random,
): readonly Mutant[] {
  const leg = random.integer(0, certificate.legs.length - 1)
  const state = random.integer(0, certificate.states.length - 1)
  const changed = changedCertificates(certificate, leg, state).map(([name, mutant]) => ({
    name,
    certificate: mutant,
    evidence,
  }))
  const victim = certificate.legs[leg]
  const worlds = victim === undefined ? [] : changedWorlds(victim, evidence)
  return [...changed, ...worlds.map(([name, world]) => ({ name, certificate, evidence: world }))]
}

type Named<T> = readonly (readonly [string, T])[]

function changedCertificates(
  certificate: Certificate,
  leg: number,
  state: number,
): Named<Certificate> {
  const legs = (change: (one: CertificateLeg) => CertificateLeg): Certificate => ({
    ...certificate,
    legs: certificate.legs.map((one, index) => (index === leg ? change(one) : one)),
  })
  const states = (change: (one: CertificateState) => CertificateState): Certificate => ({
    ...certificate,
    states: certificate.states.map((one, index) => (index === state ? change(one) : one)),
  })
  return [
    ['a leg is larger than its levels', legs((one) => ({ ...one, size: more(one.size, 10_000) }))],
    ['a level is taken deeper than it is', legs((one) => deepened(one))],
    ['a level is a tick cheaper', legs((one) => cheapened(one))],
    ['a cost is a micro-dollar less', legs((one) => ({ ...one, cost: more(one.cost, -1) }))],
    ['a fee is a micro-dollar less', legs((one) => ({ ...one, fee: more(one.fee, -1) }))],
    ['a leg is the other outcome', legs((one) => flipped(one))],
    ['a leg buys another instrument', legs((one) => ({ ...one, instrument: other(one) }))],
    ['a leg stands there twice', { ...certificate, legs: doubled(certificate.legs, leg) }],
    ['a leg is missing', { ...certificate, legs: without(certificate.legs, leg) }],
    ['a state is missing', { ...certificate, states: without(certificate.states, state) }],
    ['a payoff is a micro-dollar more', states((one) => ({ ...one, payoff: more(one.payoff, 1) }))],
    ['a profit is a micro-dollar more', states((one) => ({ ...one, profit: more(one.profit, 1) }))],
    ['a state values a market otherwise', states((one) => revalued(one))],
    ['the edge is a micro-dollar more', { ...certificate, edge: more(certificate.edge, 1) }],
    ['an assumption is not named', { ...certificate, assumptions: [] }],
  ]
}

function changedWorlds(
  { market, venue, outcome }: CertificateLeg,
  evidence: CertificateEvidence,
): Named<CertificateEvidence> {
  const market$ = (change: (one: Market) => Market): CertificateEvidence => ({
    ...evidence,
    market: (ref) => {
      const one = evidence.market(ref)
      const hit = one !== undefined && one.id === market && one.venue === venue
      return hit ? change(one) : one
    },
  })
  return [
    ['the market has closed', market$((one) => ({ ...one, status: 'closed' }))],
    ['the fee has risen', market$((one) => ({ ...one, fee: dearer(one.fee) }))],
    ['the fee is not known', market$((one) => ({ ...one, fee: unknownFee }))],
    ['the lot has grown', market$((one) => ({ ...one, lot: 7_000_001 as MicroShares }))],
    ['the least size has grown', market$((one) => ({ ...one, sizeMin: 1e12 as MicroShares }))],
    ['the steps have grown', market$((one) => ({ ...one, grid: uniformGrid(5_000 as Ticks) }))],
    ['the book is gone', { ...evidence, levels: () => [] }],
    [
      'the book is a little thinner',
      {
        ...evidence,
        levels: (ref, side, kind) =>
          evidence.levels(ref, side, kind).map((level) => {
            const hit = ref.market === market && side === outcome
            return hit ? { ...level, size: more(level.size, 1 - level.size) } : level
          }),
      },
    ],
    ['nothing holds between the markets', { ...evidence, relations: [] }],
    [
      'what holds is only supposed',
      {
        ...evidence,
        relations: evidence.relations.map((one) => ({
          ...one,
          claim: { ...one.claim, holds: 'unknown' },
        })),
      },
    ],
  ]
}

const unknownFee: FeeSchedule = { kind: 'unknown', reason: 'not read' }

function more<T extends MicroShares | MicroUsd>(amount: T, by: number): T {
  return (amount + by) as T
}

function deepened(leg: CertificateLeg): CertificateLeg {
  const taken = leg.taken.map((level) => ({ ...level, size: more(level.size, 100_000_000) }))
  return { ...leg, taken, size: more(leg.size, 100_000_000 * taken.length) }
}

function cheapened(leg: CertificateLeg): CertificateLeg {
  const taken = leg.taken.map((level, index) =>
    index === 0 ? { ...level, price: (level.price - 1) as Ticks } : level,
  )
  return { ...leg, taken }
}

function flipped(leg: CertificateLeg): CertificateLeg {
  return { ...leg, outcome: leg.outcome === 'yes' ? 'no' : 'yes' }
}

function other(leg: CertificateLeg): InstrumentId {
  return `${leg.instrument}-other` as InstrumentId
}

function doubled(legs: readonly CertificateLeg[], at: number): readonly CertificateLeg[] {
  const leg = legs[at]
  return leg === undefined ? legs : [...legs, leg]
}

function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, index) => index !== at)
}

function revalued(state: CertificateState): CertificateState {
  const values = state.values.map((value, index) =>
    index === 0 ? { ...value, yes: (1_000_000 - value.yes) as Ppm } : value,
  )
  return { ...state, values }
}

function dearer(fee: FeeSchedule): FeeSchedule {
  if (fee.kind === 'unknown') return fee
  return { ...fee, taker: { ...fee.taker, rate: (fee.taker.rate + 50_000_000) as Ppm } }
}
