import { describe, test } from 'vitest'
import { z } from 'zod'
import type { FaultName } from '../../src/exchange-sim/fault-names.ts'
import { startCli } from '../e2e/start-cli.ts'

const Summary = z.object({
  falseSignals: z.int(),
  ledgerBalanced: z.boolean(),
  plantedFound: z.int(),
  booksProven: z.int(),
  booksUnproven: z.int(),
  booksBroken: z.int(),
})

/** Those of public data. What can happen to orders does not happen to orders on paper. */
const feedFaults: readonly FaultName[] = [
  'silent-freeze',
  'dropped-snapshot',
  'stale-delta',
  'crossed-sweep',
  'malformed-frame',
  'disconnect',
  'http-429',
  'slow-reply',
  'corrupt-level',
  'duplicate-frame',
]

// One after another: a machine that is too busy to deliver news in time makes true signals late.
// Each fault goes on until the end, so a few books are always on their way back.
describe('demo with one fault after another', () => {
  test.for(feedFaults)(
    '%s leads to no false signal, and books come back to proven',
    { timeout: 60_000 },
    async (fault, { expect, onTestFinished }) => {
      const demo = startCli(
        ['demo', '--for', '9s', '--seed', '5', '--faults', fault, '--json', '--port', '0'],
        { LOG_LEVEL: 'off' },
        onTestFinished,
      )

      const { code, stdout } = await demo.ended
      const summary = Summary.parse(JSON.parse(stdout.at(-1) ?? ''))

      expect(stdout.filter((line) => line.includes('"unfounded"'))).toEqual([])
      expect(code).toBe(0)
      expect(summary).toMatchObject({ falseSignals: 0, ledgerBalanced: true })
      expect(summary.plantedFound).toBeGreaterThan(0)
      expect(summary.booksProven).toBeGreaterThan(summary.booksUnproven + summary.booksBroken)
    },
  )
})
