import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

import { doorFile } from './strategy-doors.ts'

export type NewStrategy = { readonly file: string; readonly test: string }

/**
 * Writes a strategy to begin with, and its test, which passes as it is.
 *
 * Throws a {@link NewStrategyError} where the name is none, or a file would be overwritten.
 */
export function newStrategy(name: string, folder: string): NewStrategy {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new NewStrategyError(`"${name}" is no name; expected lower case with dashes: my-strategy`)
  }
  const file = path.join(folder, `${name}.ts`)
  const test = path.join(folder, `${name}.test.ts`)
  for (const target of [file, test]) {
    if (existsSync(target)) throw new NewStrategyError(`${target} is there already`)
  }
  mkdirSync(folder, { recursive: true })
  const doors = { strategy: doorFrom(folder, 'strategy'), testing: doorFrom(folder, 'testing') }
  writeFileSync(file, strategyText(name, doors.strategy))
  writeFileSync(test, testText(name, doors.testing))
  return { file, test }
}

/**
 * How a file in the folder imports from us: by the name of the package where Node finds that, and
 * else by a path, so that its test runs at once wherever it lies.
 */
function doorFrom(folder: string, door: 'strategy' | 'testing'): string {
  const target = doorFile(door)
  const name = `prediction-engine/${door}`
  if (packageAt(folder, name) === rootOf(target)) return name
  const relative = path.relative(realpathSync(folder), target).split(path.sep).join('/')
  return relative.startsWith('.') ? relative : `./${relative}`
}

/** The root of the package that a name leads to from a folder. */
function packageAt(folder: string, name: string): string | undefined {
  try {
    const found = createRequire(path.join(folder, 'any.js')).resolve(name)
    return realpathSync(path.dirname(path.dirname(found)))
  } catch {
    // No package of that name is installed there.
    return undefined
  }
}

function rootOf(door: string): string {
  return realpathSync(path.resolve(door, '../../..'))
}

function strategyText(name: string, door: string): string {
  return `import {
  cost,
  defineStrategy,
  legOf,
  noAsk,
  pass,
  price,
  proceeds,
  shares,
  subtract,
  takerFeeMax,
  trade,
} from '${door}'
import type { Decision, StrategyDefinition, Ticks } from '${door}'

const name = '${name}'
const noAskThere = pass('no-ask')
const dear = pass('dear')
const small = pass('too-small')
const held = pass('held-already')
const feeEatsIt = pass('fee-eats-it')
const unsure = pass('not-proven')

/** Say here when it trades, and what must be true for it to earn. */
export const strategy: StrategyDefinition = defineStrategy({
  name,
  about: 'Buys YES once in each market where it is offered at priceMax or less.',
  parameters: {
    priceMax: price('0.05', 'Dearer than this it buys nothing.'),
    worth: price('0.08', 'What a share is thought to be worth, in dollars.'),
    size: shares('10', 'Shares of one order.'),
  },
  create(settings) {
    // State lives here: each run, each backtest and each test begins with its own.
    const bought = new Set<number>()

    return {
      evaluate(context): Decision {
        const { market, yes, index } = context.entry
        // Cheap tests on best prices first: this is called at each change of a book.
        if (yes.bestAsk === noAsk) return noAskThere
        if (yes.bestAsk > settings.priceMax) return dear
        if (bought.has(index)) return held
        const { size } = settings
        if (yes.bestAskSize < size || size < market.sizeMin) return small

        // What it expects to earn, the fee paid. An unknown fee is never traded.
        const limit: Ticks = yes.bestAsk
        const fee = takerFeeMax(market.fee, limit, size)
        if (fee === undefined) return feeEatsIt
        const edge = subtract(subtract(proceeds(settings.worth, size), cost(limit, size)), fee)
        if (edge <= 0) return feeEatsIt
        // A proof costs microseconds: last of all.
        if (!context.fresh(context.entry) || !context.prove(yes.book)) return unsure

        bought.add(index)
        const leg = legOf(market, { outcome: 'yes', side: 'buy', limit, size })
        return trade(context, { strategy: name, legs: [leg], edge })
      },
    }
  },
})
`
}

function testText(name: string, door: string): string {
  return `// Run it with: node --test ${name}.test.ts
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StrategyScene, sceneFee, sceneMarket } from '${door}'
import { strategy } from './${name}.ts'

test('buys what is cheap, and is filled at the ask', () => {
  const scene = new StrategyScene(strategy, { markets: [sceneMarket('rain')] })

  scene.book('rain', { bids: [['0.03', '100']], asks: [['0.04', '100']] })
  scene.wait(50)

  assert.deepEqual(
    scene.fills.map(({ side, price, size }) => \`\${side} \${size} at \${price}\`),
    ['buy 10 at 0.04'],
  )
})

test('buys once', () => {
  const scene = new StrategyScene(strategy, { markets: [sceneMarket('rain')] })

  scene.book('rain', { bids: [['0.03', '100']], asks: [['0.04', '100']] })
  scene.book('rain', { bids: [['0.03', '100']], asks: [['0.04', '101']] })

  assert.equal(scene.signals.length, 1)
  assert.equal(scene.lastPass, 'held-already')
})

for (const { name, asks, reason, settings = {}, fee = 0 } of [
  { name: 'a price above its most', asks: [['0.06', '100']], reason: 'dear' },
  { name: 'fewer shares than it wants', asks: [['0.04', '9']], reason: 'too-small' },
  { name: 'an empty side', asks: [], reason: 'no-ask' },
  {
    name: 'its own setting',
    asks: [['0.04', '100']],
    reason: 'dear',
    settings: { priceMax: '0.03' },
  },
  { name: 'a fee that eats it', asks: [['0.05', '100']], reason: 'fee-eats-it', fee: 900_000 },
] as const) {
  test(\`passes for \${name}\`, () => {
    const markets = [sceneMarket('rain', { fee: sceneFee(fee) })]
    const scene = new StrategyScene(strategy, { markets, settings })

    scene.book('rain', { bids: [['0.03', '100']], asks })

    assert.equal(scene.lastPass, reason)
    assert.deepEqual(scene.signals, [])
  })
}
`
}

/** A strategy that cannot be begun so. */
export class NewStrategyError extends Error {
  override readonly name = 'NewStrategyError'
}
