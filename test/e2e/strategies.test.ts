import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startCli } from './start-cli.ts'

const root = path.resolve(import.meta.dirname, '..', '..')

function place(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'own-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Runs tests as a user does, with nothing but Node. */
function nodeTest(files: readonly string[]): {
  readonly code: number | null
  readonly out: string
} {
  // A test runner within a test runner reports to the outer one, unless it does not know of it.
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', ...files], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  return { code: status, out: `${stdout}${stderr}` }
}

function looker(body: string): string {
  return `import { defineStrategy, pass } from 'prediction-engine/strategy'
export const strategy = defineStrategy({
  name: 'looker', about: 'Looks.', parameters: {},
  create: () => { let looks = 0; return { evaluate() { looks++; ${body} } } },
})
`
}

const buying = (size: string): string => `import {
  defineStrategy, legOf, noAsk, pass, shares, trade, usd,
} from 'prediction-engine/strategy'
const name = 'buyer'
export const strategy = defineStrategy({
  name, about: 'Buys.',
  parameters: { size: shares('${size}', 'Shares.'), edge: usd('0.1', 'Claim.') },
  create(settings) {
    let looks = 0
    return { evaluate(context) {
      const { market, yes } = context.entry
      if (++looks % 100 !== 0 || yes.bestAsk === noAsk) return pass('waiting')
      const { size, edge } = settings
      const leg = legOf(market, { outcome: 'yes', side: 'buy', limit: yes.bestAsk, size })
      return trade(context, { strategy: name, legs: [leg], edge })
    } }
  },
})
`

describe('strategy new', () => {
  test('writes a strategy whose own test passes at once, wherever that is', async () => {
    const into = place()
    const { code, stdout } = await startCli(['strategy', 'new', 'cheap-yes', '--into', into]).ended

    expect(code).toBe(0)
    expect(stdout[0]).toBe(`wrote ${path.join(into, 'cheap-yes.ts')}`)
    const run = nodeTest([path.join(into, 'cheap-yes.test.ts')])
    expect(run.out).toMatch(/pass 7\n/)
    expect(run.code).toBe(0)
  })

  test('overwrites nothing, and takes no odd name', async () => {
    const into = place()
    writeFileSync(path.join(into, 'mine.ts'), '')

    const there = await startCli(['strategy', 'new', 'mine', '--into', into]).ended
    const odd = await startCli(['strategy', 'new', '../Mine', '--into', into]).ended

    expect([there.code, odd.code]).toEqual([1, 1])
    expect(there.stderr).toEqual([`${path.join(into, 'mine.ts')} is there already`])
  })
})

describe('strategy check', () => {
  test('says that one is sound, with its parameters as a file has them', async () => {
    const file = 'examples/strategies/passive-maker.ts'
    const { code, stdout } = await startCli(['strategy', 'check', file, '--json']).ended

    const checked: unknown = JSON.parse(stdout.join(''))
    expect(checked).toMatchObject({ ok: true, name: 'passive-maker', problems: [] })
    expect(code).toBe(0)
  })

  test('names the line of what is wrong', async () => {
    const file = path.join(place(), 'mine.ts')
    writeFileSync(file, looker('return pass(String(Date.now()))'))

    const { code, stdout } = await startCli(['strategy', 'check', file]).ended

    expect(code).toBe(1)
    expect(stdout).toContainEqual(expect.stringContaining(`${file}:4: uses Date.now`))
  })
})

test('the tests of the examples pass, run with nothing but Node', async () => {
  const folder = path.join(root, 'examples', 'strategies')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'))

  const { code, out } = nodeTest(files.map((name) => path.join(folder, name)))

  expect(out).toMatch(/fail 0\n/)
  expect(code).toBe(0)
})

// Starting, trading and replaying takes a busy machine longer than the thirty seconds of others.
describe('a demo with a strategy of the user’s own', { timeout: 90_000 }, () => {
  test('takes new code between two turns, and its journal replays with both versions', async () => {
    const folder = place()
    const file = path.join(folder, 'buyer.ts')
    const journal = path.join(folder, 'journal')
    writeFileSync(file, buying('10'))
    const run = startCli(
      ['demo', '--for', '9s', '--seed', '3', '--port', '0', '--json', '--journal', journal].concat([
        '--strategy',
        file,
      ]),
    )
    await run.line((line) => line.includes('"strategy":"buyer"') && line.includes('"fill"'))
    writeFileSync(file, buying('20'))
    await run.line((line) => line.includes('buyer was reloaded'))
    const { code, stdout } = await run.ended
    // What the file becomes later changes nothing of what was.
    writeFileSync(file, buying('30'))

    const replay = await startCli(['replay', journal, '--json']).ended

    expect(code).toBe(0)
    const sizes = stdout.filter((line) => line.includes('"buyer"') && line.includes('"fill"'))
    expect(sizes.some((line) => line.includes('"size":"10"'))).toBe(true)
    expect(sizes.some((line) => line.includes('"size":"20"'))).toBe(true)
    expect(JSON.parse(replay.stdout.join(''))).toHaveProperty('divergence', null)
    expect(replay.code).toBe(0)

    // Without the copies beside the journal there is only the file, and that has changed.
    rmSync(path.join(journal, 'strategies'), { recursive: true })
    const changed = await startCli(['replay', journal, '--json']).ended
    expect(changed.code).toBe(1)
    expect(changed.stderr.join('')).toContain('the file has changed since')
  })

  test('that nothing can stop ends the run, by name, with exit code 70', async () => {
    const folder = place()
    const file = path.join(folder, 'looker.ts')
    const journal = path.join(folder, 'journal')
    writeFileSync(
      file,
      looker(`if (looks > 200) /(a+)+$/.test('${'a'.repeat(60)}b'); return pass('looking')`),
    )

    const { code, stderr } = await startCli(
      ['demo', '--for', '60s', '--port', '0', '--json', '--journal', journal].concat([
        '--strategy',
        file,
        '--set',
        'strategies.stallAfterMs=1000',
      ]),
    ).ended

    expect(code).toBe(70)
    expect(stderr).toContain('looker has not answered for 1000 ms, and never will')
    expect(existsSync(journal)).toBe(true)
  })

  test('one that is slow, throws or loops for ever is stopped alone, in a replay too', async () => {
    const folder = place()
    const journal = path.join(folder, 'journal')
    const slow = path.join(folder, 'slow.ts')
    const thrower = path.join(folder, 'thrower.ts')
    const loop = 'for (let i = 0, x = 0; i < 4e7; i++) x += i'
    writeFileSync(
      slow,
      looker(`if (looks < 6) { ${loop} } return pass('slow')`).replace("'looker'", "'slow'"),
    )
    writeFileSync(thrower, looker("throw new Error('out of ideas')"))
    const looper = path.join(folder, 'looper.ts')
    writeFileSync(looper, looker("for (;;); return pass('never')").replace("'looker'", "'looper'"))

    const { code, stdout, stderr } = await startCli(
      ['demo', '--for', '5s', '--seed', '3', '--port', '0', '--json'].concat([
        '--strategy',
        slow,
        '--strategy',
        thrower,
        '--strategy',
        looper,
        '--set',
        'strategies.lookBudgetMs=20',
        '--journal',
        journal,
      ]),
    ).ended

    const log = [...stdout, ...stderr].join('\n')
    expect(log).toContain('Error: out of ideas')
    expect(log).toContain('LoopError: its loops went round more than 50000000 times in one look')
    expect(log).toMatch(/took \d+ ms for a look: 3 were over 20 ms/)
    // The others went on: a stall may make one of their sightings old, so that is not judged here.
    expect(stdout.at(-1)).toMatch(/"signals":[1-9]/)
    expect([0, 1]).toContain(code)

    const replay = await startCli(['replay', journal, '--json']).ended
    expect(JSON.parse(replay.stdout.join(''))).toHaveProperty('divergence', null)
  })
})
