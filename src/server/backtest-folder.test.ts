import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { BacktestFolder } from './backtest-folder.ts'
import { backtestDetail, backtestList } from './schema/backtest.ts'

const result = {
  recording: { directory: '/recordings/day-1', fromMs: 1_000, untilMs: 61_000, events: 9 },
  strategies: ['ladder'],
  latencyMs: 25,
  seed: 1,
  capitalUsd: '10000',
  realizedPnlUsd: '12.5',
  unrealizedPnlUsd: '-1',
  feesUsd: '0.25',
  maxDrawdownUsd: '3',
  ledgerBalanced: true,
  signals: 4,
  baskets: 3,
  fills: 6,
  rejections: 0,
  phantoms: 2,
  refusals: { 'no-cash': 1 },
  byStrategy: {
    ladder: { realizedUsd: '12.5', feesUsd: '0.25', episodes: 4, taken: 3, captureRate: 0.75 },
  },
  equity: Array.from({ length: 5_000 }, (_, at) => ({ atMs: 1_000 + at, equityUsd: at })),
  trades: [],
}

function folderWith(files: Readonly<Record<string, string>>): BacktestFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'backtests-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return new BacktestFolder(folder)
}

describe('the folder of backtests', () => {
  test('lists what backtest --json wrote, and names what does not read', async () => {
    const folder = folderWith({
      'a.json': JSON.stringify(result),
      'a.html': '<p>report</p>',
      'b.json': '{"not":"a result"}',
      'c.json': 'nonsense',
      'notes.txt': 'mine',
    })

    const list = backtestList.parse(await folder.list())

    expect(list.backtests).toMatchObject([
      { id: 'a', recording: 'day-1', realised: '12.5', hasReport: true },
    ])
    expect(list.refused).toEqual([
      'b.json: is not what `backtest --json` writes',
      'c.json: is not what `backtest --json` writes',
    ])
  })

  test('thins a long curve, and keeps where it ends', async () => {
    const folder = folderWith({ 'a.json': JSON.stringify(result) })

    const detail = backtestDetail.parse(await folder.detail('a'))

    expect(detail.equity.length).toBeLessThanOrEqual(2_001)
    expect(detail.equity.at(-1)).toEqual({ atMs: 5_999, equityUsd: 4_999 })
    expect(detail.byStrategy).toMatchObject([{ name: 'ladder', captureRate: 0.75 }])
  })

  test('gives a report as it was written, and no other file', async () => {
    const folder = folderWith({ 'a.html': '<p>report</p>' })

    expect(await folder.report('a')).toBe('<p>report</p>')
    expect(await folder.report('../a')).toBeUndefined()
    expect(await folder.detail('../../etc/passwd')).toBeUndefined()
  })

  test('that is not there is empty', async () => {
    const folder = new BacktestFolder(path.join(tmpdir(), 'no-such-folder'))

    expect((await folder.list()).backtests).toEqual([])
  })
})
