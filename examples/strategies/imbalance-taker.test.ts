import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrategyScene, sceneFee, sceneMarket } from 'prediction-engine/testing'
import { strategy } from './imbalance-taker.ts'

function scene(settings = {}, fee = 0): StrategyScene {
  return new StrategyScene(strategy, {
    markets: [sceneMarket('rain', { fee: sceneFee(fee) })],
    settings,
  })
}

test('buys YES where the bids weigh four fifths, and is filled at the ask', () => {
  const { book, fills } = bound(scene())

  book([['0.44', '400']], [['0.45', '50']])

  assert.deepEqual(fills(), [
    {
      market: 'rain',
      outcome: 'yes',
      side: 'buy',
      price: '0.45',
      size: '10',
      fee: '0',
      liquidity: 'taker',
    },
  ])
})

test('buys NO where the asks do', () => {
  const { book, fills } = bound(scene())

  book([['0.44', '50']], [['0.45', '400']])

  // A NO ask is a YES bid seen from the other side: 1 - 0.44.
  assert.equal(fills()[0]?.outcome, 'no')
  assert.equal(fills()[0]?.price, '0.56')
})

test('never takes more than is there, and nothing below the least size', () => {
  const { book, fills, scene: at } = bound(scene())

  book([['0.44', '400']], [['0.45', '7.5']])
  assert.equal(fills()[0]?.size, '7.5')

  const little = bound(scene())
  little.book([['0.44', '400']], [['0.45', '0.5']])
  assert.equal(little.scene.lastPass, 'too-small')
  assert.equal(at.stopped, undefined)
})

for (const { name, bids, asks, reason, settings = {}, fee = 0 } of [
  { name: 'a book in balance', bids: '100', asks: '100', reason: 'balanced' },
  { name: 'just below four fifths', bids: '399', asks: '100', reason: 'balanced' },
  {
    name: 'a spread that is too wide',
    bids: '400',
    asks: '50',
    reason: 'wide',
    settings: { spreadMax: '0.005' },
  },
  {
    name: 'a fee that eats what is expected',
    bids: '400',
    asks: '50',
    reason: 'fee-eats-it',
    fee: 70_000,
  },
]) {
  test(`passes on ${name}`, () => {
    const { book, fills, scene: at } = bound(scene(settings, fee))

    book([['0.44', bids]], [['0.45', asks]])

    assert.equal(at.lastPass, reason)
    assert.deepEqual(fills(), [])
  })
}

test('leaves a market alone for a while after a signal', () => {
  const { book, scene: at } = bound(scene({ pauseMs: 1_000 }))

  book([['0.44', '400']], [['0.45', '50']])
  book([['0.44', '401']], [['0.45', '50']])
  assert.equal(at.lastPass, 'waiting')

  at.wait(1_000)
  book([['0.44', '402']], [['0.45', '50']])
  assert.equal(at.signals.length, 2)
})

test('what it signals is an opinion: no certificate, so nothing calls it an arbitrage', () => {
  const { book, scene: at } = bound(scene())

  book([['0.44', '400']], [['0.45', '50']])

  assert.equal(at.signals[0]?.certificate, undefined)
  assert.equal(at.signals[0]?.realisation, 'settlement')
})

type Bound = {
  readonly scene: StrategyScene
  readonly book: (bids: [string, string][], asks: [string, string][]) => void
  readonly fills: () => StrategyScene['fills']
}

/** A scene of one market, with the time that an order takes after each change. */
function bound(at: StrategyScene): Bound {
  return {
    scene: at,
    book: (bids: [string, string][], asks: [string, string][]) => {
      at.book('rain', { bids, asks })
      at.wait(50)
    },
    fills: () => at.fills,
  }
}
