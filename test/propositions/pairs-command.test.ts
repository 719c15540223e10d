import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { thisMachine } from '../../src/app/machine.ts'
import { runCommandLine } from '../../src/cli/run-command-line.ts'

// Each command starts an exchange, and a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pairs-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command in an empty folder, and gives its exit code and what it printed. */
async function run(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommandLine(['pairs', ...args], {
    io: {
      print: (line) => out.push(line),
      complain: (line) => err.push(line),
      screen: undefined,
      color: false,
      onInterrupt: () => () => {},
      onExit: () => () => {},
      quit: () => {},
    },
    machine: { ...thisMachine, folder, environment: {} },
    version: 'test',
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const Suggested = z.array(
  z.object({
    id: z.string(),
    verdict: z.enum(['same', 'complement', 'one-directional', 'not-same', 'unknown']),
    confirmed: z.boolean(),
    polymarket: z.object({ slug: z.string() }),
    kalshi: z.object({ slug: z.string() }),
    allow: z.array(z.string()),
  }),
)

async function suggested(...args: readonly string[]): Promise<z.infer<typeof Suggested>> {
  const { out } = await run('suggest', '--demo', '--json', ...args)
  return Suggested.parse(JSON.parse(out))
}

/** What the simulated exchange lists to deceive: another source, zone, bound, date. */
const lookAlikes =
  /^(ether-above-3100-at-five|alderport-high-31|northbound-launch|unemployment-4-5)/

describe('pairs, on a simulated exchange', () => {
  test('are suggested, and no look-alike is called the same', async () => {
    const all = await suggested('--all', '--limit', '5000')

    const alike = all.filter(({ verdict }) => verdict === 'same' || verdict === 'complement')
    expect(alike.map(({ polymarket }) => polymarket.slug).toSorted()).toEqual([
      'harbour-tunnel-opens',
      'rovers-win-alder-cup',
    ])
    const deceivers = all.filter(({ polymarket }) => lookAlikes.test(polymarket.slug))
    expect(new Set(deceivers.map(({ polymarket }) => polymarket.slug)).size).toBe(4)
    expect(deceivers.filter(({ verdict }) => verdict === 'same')).toEqual([])
  })

  test('are shown side by side, confirmed with a name, and then hold', async () => {
    const [first] = await suggested()
    const id = first?.id ?? ''

    const shown = await run('show', id, '--demo')
    expect(shown.code).toBe(0)
    expect(shown.out).toMatch(/POLYMARKET +KALSHI/)
    expect(shown.out).toMatch(/^≠ question/m)
    expect(shown.out).toContain(`pairs confirm ${id} --by NAME`)

    expect((await run('confirm', id, '--demo')).code).toBe(64)
    const confirmed = await run('confirm', id, '--demo', '--by', 'Ann')
    expect(confirmed).toMatchObject({ code: 0 })
    expect(readFileSync(path.join(folder, 'propositions.yaml'), 'utf8')).toContain('by: Ann')

    expect((await suggested()).find((one) => one.id === id)?.confirmed).toBe(true)
    expect(await run('check', '--demo')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of 1 hold') as string,
    })
  })

  test('are withdrawn in the register when the rules are not those that were read', async () => {
    const file = path.join(folder, 'propositions.yaml')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/rules: [0-9a-f"]{32,34}/, `rules: ${'ab'.repeat(16)}`))

    const checked = await run('check', '--demo')

    expect(checked.code).toBe(1)
    expect(checked.out).toContain('WITHDRAWN NOW')
    expect(readFileSync(file, 'utf8')).toContain('because: "rules-changed: polymarket')
    const again = await run('check', '--demo')
    expect(again.code).toBe(0)
    expect(again.out).toContain('withdrawn before')
  })

  test('are refused when a veto stands against them, and when nobody knows them', async () => {
    const all = await suggested('--all', '--limit', '5000')
    const different = all.find(({ verdict }) => verdict === 'not-same')

    const refused = await run('confirm', different?.id ?? '', '--demo', '--by', 'Ann')
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/^not confirmed:/)

    expect(await run('show', 'p-0000000000', '--demo')).toMatchObject({ code: 1 })
    expect((await run('confirm', 'x', '--demo', '--by', 'A', '--allow', 'all')).code).toBe(64)
  })

  test('are not read from a register with a mistake in it', async () => {
    const file = path.join(folder, 'wrong.yaml')
    writeFileSync(file, 'propositions:\n  - id: p-1\n')

    const checked = await run('check', '--demo', '--register', 'wrong.yaml')

    expect(checked.code).toBe(78)
    expect(checked.err).toContain('wrong.yaml:2')
  })
})
