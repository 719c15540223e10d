import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Watcher } from '../../test/engine/plain-strategies.ts'
import { Scene } from '../../test/engine/scene.ts'
import { CrossOutcome, crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'

const markets = [marketOf('rain', { bookKind: 'mirrored' }), marketOf('snow')]

function newScene(): Scene {
  return new Scene({ strategies: [new Watcher()], markets })
}

describe('a lost connection', () => {
  test('takes the proof of its books, and the time to the next proof is measured', () => {
    const scene = newScene()
    scene.frame('book rain-yes 0.40x5 /', 'book snow-yes 0.40x5 /', 'book snow-no 0.40x5 /')
    expect(scene.engine.view.books()).toEqual({ proven: 3, unproven: 0, broken: 0 })

    scene.lose(0, ['rain', 'snow'])
    expect(scene.engine.view.books()).toEqual({ proven: 0, unproven: 3, broken: 0 })

    scene.wait(40)
    scene.frame('book rain-yes 0.40x5 /')
    scene.wait(5)
    scene.frame('book snow-no 0.40x5 /')

    expect(scene.metrics.records.get('book_time_to_proven_ms{venue=polymarket}')).toEqual([40, 45])
    expect(scene.count('book_proof_events_total{venue=polymarket,event=connection-lost}')).toBe(4)
  })

  test('of markets that are not kept any more does no harm', () => {
    const scene = newScene()

    scene.lose(0, ['rain', 'gone'])

    expect(scene.engine.view.books().unproven).toBe(3)
  })
})

test('the time to proven runs from a book’s break too, and not before its first snapshot', () => {
  const scene = newScene()
  scene.frame('skip rain-yes')
  scene.wait(5)
  scene.frame('book rain-yes 0.40x5 /')
  scene.frame('break rain-yes')
  scene.wait(7)

  scene.frame('book rain-yes 0.40x5 /')

  expect(scene.metrics.records.get('book_time_to_proven_ms{venue=polymarket}')).toEqual([7])
})

describe('a snapshot', () => {
  test('that a book needs is asked for once, and again when it has not come', () => {
    const scene = newScene()
    scene.frame('need rain')
    scene.frame('need rain')
    expect(scene.of('request-snapshot')).toHaveLength(1)

    scene.wait(2_000)
    scene.frame('need rain')
    expect(scene.of('request-snapshot')).toHaveLength(2)
  })

  test('changes the book and is shown to strategies', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets })
    scene.frame('need rain')

    scene.process({
      kind: 'snapshot',
      venue: 'polymarket',
      market: marketOf('rain').id,
      bytes: new TextEncoder().encode('book rain-yes 0.44x5 /'),
      at: scene.now,
    })
    scene.frame('need rain')

    expect(watcher.seen).toEqual(['rain-yes 4400'])
    expect(scene.of('request-snapshot')).toHaveLength(2)
  })
})

describe('what does not fit', () => {
  test('is counted by reason, and its frame is kept once', () => {
    const scene = newScene()

    scene.frame('what is this', 'book nobody 0.1x5 /', 'bid rain-yes 0.40 5')

    expect(scene.of('keep-frame')).toEqual([
      { kind: 'keep-frame', venue: 'polymarket', reason: 'unknown-line' },
    ])
    expect(scene.count('feed_frames_refused_total{venue=polymarket,reason=unknown-line}')).toBe(1)
    expect(scene.count('feed_frames_refused_total{venue=polymarket,reason=unknown-token}')).toBe(1)
    expect([scene.engine.view.framesReceived, scene.engine.view.framesRefused]).toEqual([1, 1])
    expect(scene.engine.view.books().broken).toBe(0)
  })

  test('of a venue that nobody reads is a bug', () => {
    const scene = newScene()

    expect(() => scene.engine.onFrame('kalshi', 0, new Uint8Array(), scene.now)).toThrow(
      'read by its codec',
    )
  })
})

describe('phantoms that no strategy is shown', () => {
  test.each([
    { deed: 'tear', cause: 'TORN' },
    { deed: 'break', cause: 'BROKEN' },
  ])('are counted once for as long as they last: $cause', ({ deed, cause }) => {
    const scene = new Scene({ strategies: [new CrossOutcome(crossOutcomeDefaults)], markets })
    scene.frame('book rain-yes 0.40x5 / 0.45x5')

    scene.frame(`${deed} rain-yes`, 'ask rain-yes 0.39 5')
    scene.frame('ask rain-yes 0.39 6')
    scene.frame('ask rain-yes 0.39 0')
    scene.frame('ask rain-yes 0.39 7')

    expect(scene.count(`phantoms_total{strategy=none,cause=${cause}}`)).toBe(2)
    expect(scene.engine.view.phantomCount).toBe(2)
  })

  test('are none where the books only look odd', () => {
    const scene = newScene()

    scene.frame('tear rain-yes', 'bid rain-yes 0.40 5', 'ask rain-yes 0.40 5')

    expect(scene.engine.view.phantomCount).toBe(0)
  })
})

test('idle time proves books anew, within its budget', () => {
  const scene = newScene()

  scene.wait(10)
  scene.wait(10)

  expect(scene.codec.audited).toBe(100)
})

test('the last turn tells the kinds of its messages, for whoever times it', () => {
  const scene = newScene()
  scene.frame('bid rain-yes 0.40 5', 'ask snow-no 0.40 5')

  const turn = scene.engine.lastTurn

  expect([turn?.venue, turn?.kindCount, turn?.kindAt(0), turn?.kindAt(1)]).toEqual([
    'polymarket',
    2,
    'bid',
    'ask',
  ])
  expect(scene.count('adapter_events_total{venue=polymarket,event_type=bid}')).toBe(1)
})

test('gauges are taken once a second', () => {
  const scene = newScene()
  scene.frame('book rain-yes 0.40x5 /')

  scene.wait(1_000)

  expect(scene.count('books{venue=polymarket,state=proven}')).toBe(1)
  expect(scene.count('books{venue=polymarket,state=unproven}')).toBe(2)
  expect(scene.count('ledger_balanced')).toBe(1)
  expect(scene.count('queue_depth{queue=baskets}')).toBe(0)
})
