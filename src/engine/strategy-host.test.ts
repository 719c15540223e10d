import { describe, expect, test } from 'vitest'
import type { Decision } from '../core/signal.ts'
import { pass } from '../core/signal.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { Buyer, Coward, Watcher } from '../../test/engine/plain-strategies.ts'
import { Scene } from '../../test/engine/scene.ts'

const markets = [marketOf('rain', { bookKind: 'mirrored' }), marketOf('snow')]

describe('strategies are shown', () => {
  test('each changed book once, when its frame is read to the end', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets })

    scene.frame(
      'bid rain-yes 0.40 5',
      'bid snow-no 0.30 5',
      'bid rain-yes 0.41 5',
      'bid rain-no 0.50 5',
    )

    expect(watcher.seen).toEqual(['rain-yes 4100', 'snow-no 0'])
  })

  test('no book that is torn, and none that is broken', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets })

    scene.frame('tear rain-yes', 'bid rain-yes 0.40 5')
    scene.frame('break snow-yes', 'bid snow-yes 0.40 5')
    expect(watcher.seen).toEqual([])

    scene.frame('bid rain-yes 0.41 5', 'mend rain-yes')
    scene.frame('book snow-yes 0.42x5 /')
    expect(watcher.seen).toEqual(['rain-yes 4100', 'snow-yes 4200'])
  })

  test('only markets that they watch, and in the order in which they were given', () => {
    const calls: string[] = []
    const one = new Watcher('one', ['rain'])
    const two = new Watcher('two')
    for (const watcher of [one, two]) {
      const evaluate = watcher.evaluate.bind(watcher)
      watcher.evaluate = (context) => {
        calls.push(`${watcher.name} ${context.entry.market.id}`)
        return evaluate(context)
      }
    }
    const scene = new Scene({ strategies: [two, one], markets })

    scene.frame('bid rain-yes 0.40 5', 'bid snow-yes 0.40 5')

    expect(calls).toEqual(['two rain', 'one rain', 'two snow'])
  })

  test('no market that is not open', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets })

    scene.frame('pause rain')
    scene.frame('bid rain-yes 0.39 5')
    scene.list([marketOf('hail')])
    scene.frame('bid rain-yes 0.40 5')
    expect(watcher.seen).toEqual([])

    scene.frame('reopen rain')
    scene.frame('bid rain-yes 0.41 5')
    expect(watcher.seen).toEqual(['rain-yes 4100'])
  })
})

describe('a strategy that throws', () => {
  test('is stopped alone, with the reason', () => {
    const coward = new Coward('snow')
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [coward, watcher], markets })

    scene.frame('bid rain-yes 0.40 5')
    scene.frame('bid snow-yes 0.40 5')
    scene.frame('bid rain-yes 0.41 5')

    expect(coward.calls).toBe(2)
    expect(watcher.seen).toHaveLength(3)
    expect(scene.of('note-strategy-stopped')).toEqual([
      { kind: 'note-strategy-stopped', strategy: 'coward', reason: 'Error: afraid of snow' },
    ])
    expect(scene.engine.view.strategies.map(({ stopped }) => stopped)).toEqual([
      'Error: afraid of snow',
      undefined,
    ])
  })

  test('runs again when an operator says so', () => {
    const coward = new Coward('snow')
    const scene = new Scene({ strategies: [coward], markets })
    scene.frame('bid snow-yes 0.40 5')

    const command = { kind: 'enable-strategy', strategy: 'coward' } as const
    scene.process({ kind: 'command', command, at: scene.now })
    scene.frame('bid rain-yes 0.40 5')

    expect(coward.calls).toBe(2)
  })

  test('while it is told of the catalogue, is stopped too', () => {
    const coward = new Coward('none')
    coward.onCatalogue = () => {
      throw new TypeError('no catalogue')
    }
    const scene = new Scene({ strategies: [coward], markets })

    scene.frame('bid rain-yes 0.40 5')

    expect(coward.calls).toBe(0)
    expect(scene.of('note-strategy-stopped')).toMatchObject([{ reason: 'TypeError: no catalogue' }])
  })
})

describe('a strategy that answers what is no decision', () => {
  const answers: readonly { name: string; answer: unknown; reason: string }[] = [
    { name: 'nothing', answer: undefined, reason: 'it answered undefined' },
    {
      name: 'a promise',
      answer: Promise.resolve(pass('later')),
      reason: 'it answered with a promise: evaluate must answer at once',
    },
    {
      name: 'another kind',
      answer: { kind: 'hold' },
      reason: 'its answer is neither a pass nor a signal',
    },
    {
      name: 'a sentence where a label belongs',
      answer: { kind: 'pass', reason: 'it is too thin' },
      reason: 'the reason of a pass is a label such as "too-thin": it was "it is too thin"',
    },
  ]
  test.each(answers)('is stopped alone: $name', ({ answer, reason }) => {
    const odd = new Watcher('odd')
    odd.evaluate = () => answer as Decision
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [odd, watcher], markets })

    scene.frame('bid rain-yes 0.40 5')

    expect(watcher.seen).toHaveLength(1)
    expect(scene.of('note-strategy-stopped')).toMatchObject([{ strategy: 'odd', reason }])
  })

  test.each([
    { name: 'another’s name', facts: { strategy: 'watcher' }, reason: 'its signal names watcher' },
    { name: 'no number', facts: { edge: Number.NaN }, reason: 'its edge is no whole number: NaN' },
    {
      name: 'half a ppm',
      facts: { edgeRate: 0.5 },
      reason: 'its edgeRate is no whole number: 0.5',
    },
    { name: 'no legs', facts: { legs: undefined }, reason: 'its signal has no legs' },
    {
      name: 'a realisation there is not',
      facts: { realisation: 'luck' },
      reason: 'its realisation is not known',
    },
  ])('is stopped before risk hears of it: $name', ({ facts, reason }) => {
    const buyer = new Buyer([4_500, 0], 10, facts as object)
    const scene = new Scene({ strategies: [buyer], markets })

    scene.frame('book snow-yes 0.40x100 / 0.45x100')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.of('note-strategy-stopped')).toMatchObject([{ strategy: 'buyer', reason }])
  })
})

describe('a strategy whose file has changed', () => {
  function reloadable(): {
    scene: Scene
    strategy: Watcher & { become(version: string): boolean }
  } {
    const strategy = Object.assign(new Watcher(), {
      become: (version: string) => {
        strategy.seen.push(`is ${version}`)
        return version === 'two'
      },
    })
    return { strategy, scene: new Scene({ strategies: [strategy], markets }) }
  }
  const reload = (scene: Scene, version: string): void => {
    const command = { kind: 'reload-strategy', strategy: 'watcher', version } as const
    scene.process({ kind: 'command', command, at: scene.now })
  }

  test('goes on as the new version between two looks', () => {
    const { scene, strategy } = reloadable()

    scene.frame('bid rain-yes 0.40 5')
    reload(scene, 'two')
    scene.frame('bid rain-yes 0.41 5')

    expect(strategy.seen).toEqual(['rain-yes 4000', 'is two', 'rain-yes 4100'])
  })

  test('runs again when it was stopped, and is stopped when there is no such version', () => {
    const { scene, strategy } = reloadable()
    const command = { kind: 'disable-strategy', strategy: 'watcher', reason: 'slow' } as const

    scene.process({ kind: 'command', command, at: scene.now })
    reload(scene, 'two')
    scene.frame('bid rain-yes 0.40 5')
    reload(scene, 'three')
    scene.frame('bid rain-yes 0.41 5')

    expect(strategy.seen).toEqual(['is two', 'rain-yes 4000', 'is three'])
    expect(scene.of('note-strategy-stopped').map(({ reason }) => reason)).toEqual([
      'slow',
      'there is no version three',
    ])
  })
})

describe('a strategy that an operator disables', () => {
  test('is asked no more, and catches up when it is enabled', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets })
    const command = (kind: 'enable-strategy' | 'disable-strategy'): void => {
      scene.process({ kind: 'command', command: { kind, strategy: 'watcher' }, at: scene.now })
    }

    command('disable-strategy')
    scene.frame('bid rain-yes 0.40 5')
    scene.list([marketOf('hail')])
    command('enable-strategy')
    scene.frame('bid hail-yes 0.40 5')

    expect(watcher.seen).toEqual(['hail-yes 4000'])
  })
})

test('passes are counted by strategy and reason', () => {
  const scene = new Scene({ strategies: [new Watcher()], markets })

  scene.frame('bid rain-yes 0.40 5')
  scene.frame('bid rain-yes 0.41 5')

  expect(scene.count('strategy_passes_total{strategy=watcher,reason=watching}')).toBe(2)
})

test('two strategies do not share a name', () => {
  expect(() => new Scene({ strategies: [new Watcher(), new Watcher()], markets })).toThrow(
    'a name of its own',
  )
})
