import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { Certificate, CertificateLeg } from '../core/certificate.ts'
import type { Decision, SignalLeg, TradeSignal } from '../core/signal.ts'
import { microShares, microUsd, ticks } from '../core/units.ts'
import type { EvalContext } from '../ports/strategy.ts'
import { CrossOutcome, crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'

/** An honest strategy whose signals are changed on their way out. */
class Tampered extends CrossOutcome {
  readonly #tamper: (signal: TradeSignal, proof: Certificate) => Partial<TradeSignal>

  constructor(tamper: (signal: TradeSignal, proof: Certificate) => Partial<TradeSignal>) {
    super(crossOutcomeDefaults)
    this.#tamper = tamper
  }

  override evaluate(context: EvalContext): Decision {
    const decision = super.evaluate(context)
    if (decision.kind === 'pass' || decision.certificate === undefined) return decision
    return { ...decision, ...this.#tamper(decision, decision.certificate) }
  }
}

function refusalOf(
  tamper: (signal: TradeSignal, proof: Certificate) => Partial<TradeSignal>,
): string | undefined {
  const scene = new Scene({ strategies: [new Tampered(tamper)], markets: [marketOf('rain')] })
  scene.frame('book rain-yes 0.40x50 / 0.45x20 0.46x20', 'book rain-no 0.45x50 / 0.50x40')
  return scene.of('note-signal')[0]?.reason
}

const firstLeg =
  (facts: Partial<SignalLeg>) =>
  ({ legs }: TradeSignal): Partial<TradeSignal> => ({
    legs: legs.map((leg, index) => (index === 0 ? { ...leg, ...facts } : leg)),
  })

const firstProof =
  (facts: Partial<CertificateLeg>) =>
  (_signal: TradeSignal, proof: Certificate): Partial<TradeSignal> => ({
    certificate: {
      ...proof,
      legs: proof.legs.map((leg, index) => (index === 0 ? { ...leg, ...facts } : leg)),
    },
  })

describe('the proof of a signal', () => {
  test('holds when nobody has touched it', () => {
    expect(refusalOf(() => ({}))).toBe('')
  })

  test('is not asked of a signal that claims none', () => {
    expect(refusalOf(() => ({ certificate: undefined }))).toBe('')
  })

  test.each([
    {
      name: 'a larger edge than proven',
      tamper: ({ edge }: TradeSignal) => ({ edge: microUsd(edge + 1) }),
    },
    { name: 'a leg of another size', tamper: firstLeg({ size: microShares(39_990_000) }) },
    { name: 'a worse limit than was counted on', tamper: firstLeg({ limit: ticks(4_700) }) },
    { name: 'one leg less', tamper: ({ legs }: TradeSignal) => ({ legs: legs.slice(0, 1) }) },
    {
      name: 'the legs the other way round',
      tamper: ({ legs }: TradeSignal) => ({ legs: legs.toReversed() }),
    },
  ])('does not serve another signal: $name', ({ tamper }) => {
    expect(refusalOf(tamper)).toBe('certificate-of-another-signal')
  })

  test.each([
    {
      name: 'a cost that is too low',
      tamper: firstProof({ cost: microUsd(1) }),
      want: 'certificate-cost-wrong',
    },
    {
      name: 'levels that are not in the book',
      tamper: firstProof({
        taken: [
          { price: ticks(4_400), size: microShares(20_000_000) },
          { price: ticks(4_600), size: microShares(20_000_000) },
        ],
        cost: microUsd(18_000_000),
      }),
      want: 'certificate-not-in-the-book',
    },
  ])('falls with $name', ({ tamper, want }) => {
    expect(refusalOf(tamper)).toBe(want)
  })
})
