import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError } from './load-config.ts'
import { loadStrategyFile } from './strategy-file.ts'
import { loadUserStrategies } from './user-strategies.ts'

function place(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'strategies-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  return folder
}

/** A whole strategy, with one thing replaced. */
function strategy(over: { readonly name?: string; readonly body?: string } = {}): string {
  const { name = 'mine', body = "evaluate: () => pass('quiet')" } = over
  return `import { defineStrategy, fraction, pass, shares, texts } from 'prediction-engine/strategy'
export const strategy = defineStrategy({
  name: '${name}',
  about: 'Does nothing.',
  parameters: {
    sizeMax: shares('10', 'Shares of an order.'),
    edgeMin: fraction('0.02', 'Least edge.'),
    times: texts([], 'When.'),
  },
  create: (settings) => ({ ${body} }),
})
`
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return error instanceof ConfigError ? error.message.split('\n') : []
}

function load(folder: string, files: readonly string[], own = {}, origins = () => 'the file') {
  return loadUserStrategies({ files, folder, own, origins })
}

describe('a strategy of the user’s own', () => {
  test('is loaded from wherever it lies, and goes by its own settings', async () => {
    const folder = place({ 'mine.ts': strategy() })

    const [own] = await load(folder, ['mine.ts'], {
      mine: { sizeMax: 25, edgeMin: '0.005', times: 'a, b' },
    })

    expect(own?.strategy.name).toBe('mine')
    expect(own?.given).toEqual({ sizeMax: 25, edgeMin: '0.005', times: 'a, b' })
  })

  test('reads them in its units, and what is left out as its file has it', async () => {
    const body = 'evaluate: () => pass(`${settings.sizeMax}-${settings.edgeMin}`)'
    const folder = place({ 'mine.ts': strategy({ body }) })

    const [own] = await load(folder, ['mine.ts'], { mine: { sizeMax: '25.5' } })

    expect(own?.strategy.evaluate({} as never)).toEqual({ kind: 'pass', reason: '25500000-20000' })
  })

  test('has a version that changes with its file and with what it imports', async () => {
    const folder = place({
      'mine.ts': `${strategy()}import { two } from './parts/two.ts'\nexport const three = two\n`,
      'parts/two.ts': "export const two: string = 'two'\n",
    })
    const file = path.join(folder, 'mine.ts')
    const before = await loadStrategyFile(file)
    writeFileSync(path.join(folder, 'parts/two.ts'), "export const two: string = 'three'\n")

    const after = await loadStrategyFile(file)

    expect(before.parts.map(({ name }) => name)).toEqual(['mine.ts', 'parts/two.ts'])
    expect(after.version).not.toBe(before.version)
  })

  test('that is not enabled is checked and left out', async () => {
    const folder = place({ 'mine.ts': strategy() })

    expect(await load(folder, ['mine.ts'], { mine: { enabled: false } })).toEqual([])
  })
})

describe('what is no strategy is refused, with its place and a remedy', () => {
  test.each([
    { name: 'no file', text: undefined, want: 'mine.ts: there is no such file; check the path' },
    {
      name: 'no export',
      text: 'export const other = 1\n',
      want: 'mine.ts: exports no strategy; expected: export const strategy = defineStrategy({…})',
    },
    {
      name: 'a name with capitals',
      text: strategy({ name: 'Mine' }),
      want: 'mine.ts: strategy.name: expected lower case with dashes, such as "my-strategy"; ',
    },
    {
      name: 'a body without evaluate',
      text: strategy({ body: 'look: () => 1' }),
      want: 'mine.ts: mine: create failed: ',
    },
    {
      name: 'a clock',
      text: strategy({ body: 'evaluate: () => pass(String(Date.now()))' }),
      want: 'mine.ts:10: uses Date.now; take the time from context.nowMs or context.now',
    },
    {
      name: 'chance',
      text: strategy({ body: "evaluate: () => pass(Math.random() > 0.5 ? 'a' : 'b')" }),
      want: 'mine.ts:10: uses Math.random; ',
    },
    {
      name: 'a promise',
      text: strategy({ body: "evaluate: async () => pass('later')" }),
      want: 'mine.ts:10: uses async; evaluate answers at once',
    },
    {
      name: 'another package',
      text: `import { readFileSync } from 'node:fs'\n${strategy()}export const a = readFileSync\n`,
      want: 'mine.ts:1: imports node:fs; expected prediction-engine/strategy, or a file beside it',
    },
    {
      name: 'text that is no TypeScript',
      text: `${strategy()}const = 3\n`,
      want: 'cannot be loaded: ',
    },
  ])('$name', async ({ text, want }) => {
    const folder = place(text === undefined ? {} : { 'mine.ts': text })

    const problems = await problemsOf(load(folder, ['mine.ts']))

    expect(problems.join('\n')).toContain(want)
  })

  test('words of a clock in a comment or a text are none', async () => {
    const folder = place({
      'mine.ts': `// Not Date.now().\n${strategy()}export const a = 'async'\n`,
    })

    expect(await load(folder, ['mine.ts'])).toHaveLength(1)
  })

  test.each([
    {
      name: 'a name of the house',
      files: { 'a.ts': strategy({ name: 'cross-outcome' }) },
      want: 'one of the house',
    },
    {
      name: 'the name of another',
      files: { 'a.ts': strategy(), 'b.ts': strategy() },
      want: '"mine" is the name of ',
    },
  ])('$name', async ({ files, want }) => {
    const problems = await problemsOf(load(place(files), Object.keys(files)))

    expect(problems.join('\n')).toContain(want)
  })

  test.each([
    {
      name: 'a parameter that is mistyped',
      own: { mine: { sizeMix: 1 } },
      want: 'the file: strategies.mine.size_mix: is not a parameter; did you mean size_max?',
    },
    {
      name: 'a value that does not fit',
      own: { mine: { edgeMin: 'much' } },
      want: 'the file: strategies.mine.edge_min: was "much", expected a fraction with at most six decimals, such as "0.8"; change it, or leave it out for "0.02"',
    },
    {
      name: 'a strategy that nobody has loaded',
      own: { mind: { sizeMax: 1 } },
      want: 'the file: strategies.mind: is not a strategy; did you mean strategies.mine?',
    },
  ])('$name', async ({ own, want }) => {
    const folder = place({ 'mine.ts': strategy() })

    expect(await problemsOf(load(folder, ['mine.ts'], own))).toEqual([want])
  })
})
