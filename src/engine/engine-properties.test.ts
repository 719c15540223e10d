import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { live, smallWorld } from '../../test/engine/random-lines.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { MicroUsd } from '../core/units.ts'
import { add, zeroUsd } from '../core/units.ts'
import type { Effect } from './event.ts'

const seed = fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 }))

function run(one: number, deeds = 300): Scene {
  const scene = new Scene(smallWorld())
  live(scene, one, deeds)
  return scene
}

/** What the entries alone say: the sum of all postings to accounts whose name begins so. */
function posted(effects: readonly Effect[], prefix: string): MicroUsd {
  let sum = zeroUsd
  for (const effect of effects) {
    if (effect.kind !== 'note-entry') continue
    for (const { account, amount } of effect.entry.postings) {
      if (account.startsWith(prefix)) sum = add(sum, amount)
    }
  }
  return sum
}

describe('whatever happens', () => {
  test('the ledger balances, nothing stays tied up, and its entries tell it all', () => {
    let baskets = 0
    fc.assert(
      fc.property(seed, (one) => {
        const scene = run(one)
        const { view } = scene.engine
        for (let second = 0; second < 8; second++) scene.wait(1_000)
        baskets += scene.of('place-basket').length
        expect(view.ledgerBalanced).toBe(true)
        expect(posted(scene.effects, '')).toBe(0)
        expect(posted(scene.effects, 'reserved:')).toBe(0)
        expect(posted(scene.effects, 'inventory:')).toBe(view.exposure)
        expect(view.openBaskets).toBe(0)
        const cash = posted(scene.effects, 'cash:')
        expect(cash + view.exposure).toBe(10_000_000_000 + view.realised)
      }),
      { numRuns: 60, seed: 1 },
    )
    expect(baskets).toBeGreaterThan(100)
  })

  test('the same events give the same effects', () => {
    fc.assert(
      fc.property(seed, (one) => {
        expect(run(one).effects).toEqual(run(one).effects)
      }),
      { numRuns: 15 },
    )
  })

  test('no signal is approved whose books were not proven, whole and fresh at that moment', () => {
    fc.assert(
      fc.property(seed, (one) => {
        const scene = new Scene(smallWorld())
        const obeyed = scene.effects.push.bind(scene.effects)
        scene.effects.push = (effect) => {
          if (effect.kind === 'note-signal' && effect.approved) {
            for (const leg of effect.signal.legs) {
              const found = scene.cache.byInstrument(leg.venue, leg.instrument)
              expect([found?.book.state, found?.book.torn]).toEqual(['proven', false])
              expect(found !== undefined && scene.codec.prove(found.book)).toBe(true)
            }
          }
          return obeyed(effect)
        }
        live(scene, one, 300)
      }),
      { numRuns: 60 },
    )
  })

  test('a basket that came about has earned at least what was proved', () => {
    let complete = 0
    fc.assert(
      fc.property(seed, (one) => {
        const scene = run(one)
        const intents = new Map(
          scene.of('place-basket').map(({ intent }) => [intent.basket, intent]),
        )
        for (const { report } of scene.of('note-report')) {
          const intent = intents.get(report.basket)
          if (intent?.purpose !== 'open' || intent.signal.strategy !== 'cross-outcome') continue
          if (report.legs.some(({ outcome }) => outcome !== 'filled')) continue
          complete++
          const sign = intent.signal.realisation === 'merge' ? 1 : -1
          let earned: number = sign * (intent.orders[0]?.size ?? 0)
          for (const { fills } of report.legs) {
            for (const { notional, fee } of fills) earned -= sign * notional + fee
          }
          expect(earned).toBeGreaterThanOrEqual(intent.signal.edge)
        }
      }),
      { numRuns: 200, seed: 1 },
    )
    expect(complete).toBeGreaterThan(20)
  })
})
