import { expect, test } from 'vitest'

import { startCli } from './start-cli.ts'

test('killed in the middle of baskets, live trading goes on with the books of the venues', async () => {
  const { code, stderr, stdout } = await startCli([
    'crash-test',
    '--rounds',
    '2',
    '--seed',
    '1',
    '--json',
  ]).ended

  expect(stderr.filter((line) => !line.endsWith('books equal the venues’'))).toEqual([])
  expect(stdout).toHaveLength(1)
  expect(JSON.parse(stdout[0] ?? '')).toEqual({
    rounds: 2,
    doubledOrders: 0,
    lostFills: 0,
    ledgerMismatches: 0,
    crashes: expect.any(Number) as number,
  })
  expect(code).toBe(0)
}, 300_000)
