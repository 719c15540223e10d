import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrategyScene, sceneMarket } from 'prediction-engine/testing'
import { strategy } from './passive-maker.ts'

function scene(settings = {}): StrategyScene {
  return new StrategyScene(strategy, { markets: [sceneMarket('rain')], settings, latencyMs: 25 })
}

/** A spread of six cents, and the time that an order takes. */
function wide(at: StrategyScene): void {
  at.book('rain', { bids: [['0.42', '100']], asks: [['0.48', '100']] })
  at.wait(50)
}

test('rests a bid a step inside the spread, post-only', () => {
  const at = scene()

  wide(at)

  const [leg] = at.signals[0]?.legs ?? []
  assert.equal(leg?.outcome, 'yes')
  assert.equal(leg?.limit, 4_300)
  assert.deepEqual(leg?.rest, { forMs: 20_000, postOnly: true })
  assert.deepEqual(at.fills, [])
  assert.deepEqual(at.refusals, [])
})

test('is filled at its own price when somebody sells down to it, as a maker', () => {
  const at = scene()
  wide(at)

  at.book('rain', { bids: [['0.42', '100']], asks: [['0.43', '50']] })
  at.wait(50)

  assert.deepEqual(
    at.fills.map(({ side, price, size, liquidity }) => ({ side, price, size, liquidity })),
    [{ side: 'buy', price: '0.43', size: '20', liquidity: 'maker' }],
  )
  assert.equal(at.position('rain', 'yes'), '20')
})

test('is not filled by a price that only comes near', () => {
  const at = scene()
  wide(at)

  at.book('rain', { bids: [['0.42', '100']], asks: [['0.44', '50']] })
  at.wait(100)

  assert.deepEqual(at.fills, [])
})

test('waits while its order rests, and then quotes the other outcome', () => {
  const at = scene({ restMs: 1_000 })
  wide(at)
  at.bid('rain', '0.41', '5')
  assert.equal(at.lastPass, 'quoted')

  at.wait(1_100)
  at.bid('rain', '0.41', '6')

  assert.deepEqual(
    at.signals.map(({ legs }) => legs[0]?.outcome),
    ['yes', 'no'],
  )
})

for (const { name, bids, asks, reason } of [
  { name: 'a narrow spread', bids: '0.45', asks: '0.48', reason: 'narrow' },
  { name: 'a book with one side', bids: undefined, asks: '0.48', reason: 'one-sided' },
]) {
  test(`passes on ${name}`, () => {
    const at = scene()

    at.book('rain', {
      bids: bids === undefined ? [] : [[bids, '100']],
      asks: [[asks, '100']],
    })

    assert.equal(at.lastPass, reason)
  })
}

test('passes close to the end of a market', () => {
  const closesAt = (Date.parse('2026-10-05T12:00:00Z') + 60_000) as never
  const at = new StrategyScene(strategy, { markets: [sceneMarket('rain', { closesAt })] })

  wide(at)

  assert.equal(at.lastPass, 'closing-soon')
})
