import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

import { startCli } from './start-cli.ts'

const Usd = z.string().regex(/^\d+(\.\d{1,6})?$/)
const Summary = z.looseObject({
  orders: z.int(),
  fills: z.int(),
  basketsClosed: z.int(),
  basketsOpen: z.int(),
  basketsUnwound: z.int(),
  unknownResolved: z.int(),
  doubledOrders: z.int(),
  ledgerBalanced: z.boolean(),
  ledgerEqualsVenue: z.boolean(),
  exposureMaxUsd: Usd,
  exposureLimitUsd: Usd,
  differences: z.array(z.string()),
})

/** Of a run that found something to trade and whose books are the venues'. */
const clean = {
  basketsOpen: 0,
  doubledOrders: 0,
  ledgerBalanced: true,
  ledgerEqualsVenue: true,
  differences: [],
}

/** Start, trading, and what is waited for at the end, on a machine that does other things. */
const patienceMs = 240_000

async function rehearse(...options: readonly string[]): Promise<z.infer<typeof Summary>> {
  const args = ['rehearse', '--for', '12s', '--seed', '5', '--json', '--port', '0', ...options]
  const { code, stdout, stderr } = await startCli(args, { LOG_LEVEL: 'off' }).ended
  expect(stderr).toEqual([])
  const summary = Summary.parse(JSON.parse(stdout.at(-1) ?? ''))
  expect(summary.differences).toEqual([])
  expect(code).toBe(0)
  return summary
}

describe('rehearse', () => {
  test(
    'trades on both venues within its limit, ends with their books, and replays as it was',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rehearse-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const journal = join(folder, 'journal')

      const summary = await rehearse('--journal', journal)
      const replay = await startCli(['replay', journal, '--json']).ended

      expect(summary).toMatchObject(clean)
      expect(summary.orders).toBeGreaterThan(0)
      expect(summary.fills).toBeGreaterThan(0)
      expect(summary.basketsClosed).toBeGreaterThan(0)
      expect(Number(summary.exposureMaxUsd)).toBeGreaterThan(0)
      expect(Number(summary.exposureMaxUsd)).toBeLessThanOrEqual(Number(summary.exposureLimitUsd))
      expect(replay.code).toBe(0)
      expect(JSON.parse(replay.stdout.at(-1) ?? '')).toMatchObject({
        divergence: null,
        effectDivergence: null,
      })
    },
    patienceMs,
  )

  test(
    'with answers that are lost finds out what became of every order',
    async () => {
      const summary = await rehearse('--faults', 'lost-reply')

      expect(summary).toMatchObject(clean)
      expect(summary.unknownResolved).toBeGreaterThan(0)
    },
    patienceMs,
  )

  test(
    'with every fault ends with the books of the venues all the same',
    async () => {
      const summary = await rehearse('--faults', 'all')

      expect(summary).toMatchObject(clean)
      expect(summary.orders).toBeGreaterThan(0)
      expect(Number(summary.exposureMaxUsd)).toBeLessThanOrEqual(Number(summary.exposureLimitUsd))
    },
    patienceMs,
  )
})
