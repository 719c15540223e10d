import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrategyScene, sceneFee, sceneMarket } from 'prediction-engine/testing'
import { strategy } from './news-filter.ts'

const from = '2026-11-03T19:00:00Z'

function scene(settings = {}, fee = 0): StrategyScene {
  return new StrategyScene(strategy, {
    markets: [sceneMarket('rain', { fee: sceneFee(fee) })],
    settings: { times: ['2026-11-03T20:00:00Z'], ...settings },
    from,
  })
}

/** Ten minutes at 50 cents, and then a fall to so many cents. */
function fall(at: StrategyScene, ask: string, bid = '0.30'): void {
  for (let minute = 0; minute < 10; minute++) {
    at.book('rain', { bids: [['0.49', '100']], asks: [['0.51', `${100 + minute}`]] })
    at.wait(50)
  }
  at.book('rain', { bids: [[bid, '100']], asks: [[ask, '100']] })
  at.wait(50)
}

test('buys what fell far below its average', () => {
  const at = scene()

  fall(at, '0.42')

  assert.equal(at.fills[0]?.price, '0.42')
  assert.equal(at.position('rain', 'yes'), '10')
})

test('passes on a fall that is small, and on one whose fee eats the gain', () => {
  const small = scene()
  fall(small, '0.46')
  assert.equal(small.lastPass, 'fair')

  const dear = scene({ fallMin: '0.01' }, 200_000)
  fall(dear, '0.48')
  assert.equal(dear.lastPass, 'fee-eats-it')
})

for (const { name, time, want } of [
  { name: 'the last moment before the window', time: '2026-11-03T19:10:01.000Z', want: 1 },
  { name: 'its first moment', time: '2026-11-03T19:10:00.500Z', want: 0 },
  { name: 'its last moment', time: '2026-11-03T18:30:00.600Z', want: 0 },
  { name: 'the first moment after it', time: '2026-11-03T18:30:00.500Z', want: 1 },
]) {
  test(`at ${name} it makes ${want} orders`, () => {
    // The fall comes half a second after the start of the scene.
    const at = scene({ times: [time] })

    fall(at, '0.42')

    assert.equal(at.fills.length, want)
    if (want === 0) assert.equal(at.lastPass, 'news-window')
  })
}

test('buys once, and then holds', () => {
  const at = scene()
  fall(at, '0.42')

  at.book('rain', { bids: [['0.20', '100']], asks: [['0.30', '100']] })

  assert.equal(at.lastPass, 'held-already')
})

test('a time that is none is refused before anything is traded', () => {
  assert.throws(() => scene({ times: ['tomorrow'] }), /"tomorrow" is no ISO date/)
})
