import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrategyScene, sceneFee, sceneMarket } from 'prediction-engine/testing'
import { strategy } from './known-loser.ts'

test('loses the spread and both fees of each round', () => {
  const at = new StrategyScene(strategy, {
    markets: [sceneMarket('rain', { fee: sceneFee(40_000) })],
  })

  for (let round = 0; round < 4; round++) {
    at.book('rain', { bids: [['0.44', `${100 + round}`]], asks: [['0.46', '100']] })
    at.wait(1_000)
  }

  assert.deepEqual(
    at.fills.map(({ side, price }) => `${side} ${price}`),
    ['buy 0.46', 'sell 0.44', 'buy 0.46', 'sell 0.44'],
  )
  // Two rounds of ten shares lose two cents a share; the fees come on top.
  assert.ok(Number(at.realized) <= -0.4, at.realized)
})
