import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { startCli } from './start-cli.ts'

const golden = 'test/golden/calm'
const loser = 'examples/strategies/known-loser.ts'

const Strategy = z.looseObject({
  realizedUsd: z.string(),
  episodes: z.int(),
  taken: z.int(),
  missed: z.record(z.string(), z.int()),
  captureRate: z.number().nullable(),
})
const Result = z.looseObject({
  finalEquityUsd: z.string(),
  maxDrawdownUsd: z.string(),
  byStrategy: z.record(z.string(), Strategy),
  legFill: z.array(z.looseObject({ sizeMaxShares: z.number(), legs: z.int() })),
  equity: z.array(z.object({ atMs: z.number(), equityUsd: z.number() })),
  trades: z.array(z.looseObject({ strategy: z.string() })),
  episodes: z.array(z.looseObject({ strategy: z.string(), fate: z.string() })),
  eventsPerSecond: z.number(),
})

// A page takes eleven backtests more: on a busy machine longer than the thirty seconds of others.
describe('backtest', { timeout: 90_000 }, () => {
  test('tries a strategy of the user’s own, and writes one page that needs nothing else', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'backtest-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const report = path.join(folder, 'out.html')

    const { code, stdout } = await startCli(
      ['backtest', '--recording', golden, '--report', report, '--json'].concat([
        '--strategy',
        loser,
        '--set',
        'known-loser.size=20',
      ]),
    ).ended

    expect(code).toBe(0)
    const result = Result.parse(JSON.parse(stdout.join('')))
    const mine = result.byStrategy['known-loser']
    expect(Number(mine?.realizedUsd)).toBeLessThan(0)
    expect(result.equity.length).toBeGreaterThan(3)

    const page = readFileSync(report, 'utf8')
    for (const heading of [
      'What came of it',
      'Equity',
      'Below the best so far',
      'By strategy',
      'Missed because',
      'Captured',
      'Equity by latency of orders',
      'Equity by size',
      'Legs of up to',
      'Episodes',
      'Trades',
    ]) {
      expect(page).toContain(heading)
    }
    // Charts with a point for each latency and size, rows for what happened, and why it did not.
    expect(page.match(/<svg /g)).toHaveLength(4)
    expect(page.match(/<circle /g)?.length).toBeGreaterThanOrEqual(11)
    expect(page).toContain(`<td>$${result.finalEquityUsd}</td>`)
    expect(page).toContain(`<td>$${result.maxDrawdownUsd}</td>`)
    for (const [name, { realizedUsd, missed }] of Object.entries(result.byStrategy)) {
      expect(page).toContain(`<td>${name}</td><td>$${realizedUsd}</td>`)
      for (const [reason, count] of Object.entries(missed)) {
        expect(page).toContain(`${reason} ${count}`)
      }
    }
    for (const { fate } of result.episodes) expect(page).toContain(`<td>${fate}</td>`)
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/)
  })

  test('of a shuffled market ends well when nothing was earned in it', async () => {
    const { code, stdout } = await startCli([
      'backtest',
      '--recording',
      golden,
      '--control',
      'shuffled',
      '--json',
    ]).ended

    const { finalEquityUsd } = Result.parse(JSON.parse(stdout.join('')))
    expect(Number(finalEquityUsd)).toBeLessThanOrEqual(20_000)
    expect(code).toBe(0)
  })

  test('names what is wrong with a strategy, and ends with the code for settings', async () => {
    const { code, stderr } = await startCli(
      ['backtest', '--recording', golden, '--strategy', loser].concat([
        '--set',
        'known-loser.size=many',
      ]),
    ).ended

    expect(code).toBe(78)
    expect(stderr.join('\n')).toContain('was "many", expected shares with at most six decimals')
  })
})
