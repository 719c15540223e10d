import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { JournalWriter, journalWriterDefaults } from '../journal/journal-writer.ts'
import type { Nanos } from '../core/units.ts'
import { runBacktest } from './backtest.ts'

const root = path.resolve(import.meta.dirname, '../..')
const golden = path.join(root, 'test/golden/calm')
const example = (name: string): string => path.join(root, 'examples/strategies', `${name}.ts`)
const houseOff = [
  'crossOutcome',
  'outcomeBasket',
  'conversion',
  'ladder',
  'combinatorial',
  'crossVenue',
].map((name) => ({ path: ['strategies', name, 'enabled'], text: 'false' }))
const places: string[] = []

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function backtest(more: Partial<Parameters<typeof runBacktest>[0]> = {}): Promise<BacktestResult> {
  return runBacktest({ directory: golden, changes: [], proofs: 'recorded', ...more })
}

function profitOf({ finalEquityUsd, capitalUsd }: BacktestResult): number {
  return Number(finalEquityUsd) - Number(capitalUsd)
}

describe('a known loser', () => {
  test('loses in a backtest: the spread and the fees of each round', async () => {
    const result = await backtest({
      changes: houseOff,
      strategyFiles: [example('known-loser')],
    })

    expect(result.strategies).toEqual(['known-loser'])
    expect(result.baskets).toBeGreaterThan(20)
    expect(profitOf(result)).toBeLessThan(-1)
    expect(result.ledgerBalanced).toBe(true)
  })

  test('loses less where it trades less: its parameters reach it', async () => {
    const pauseMs = { path: ['strategies', 'knownLoser', 'pauseMs'], text: '60000' }

    const often = await backtest({ changes: houseOff, strategyFiles: [example('known-loser')] })
    const seldom = await backtest({
      changes: [...houseOff, pauseMs],
      strategyFiles: [example('known-loser')],
    })

    expect(seldom.baskets).toBeLessThan(often.baskets)
    expect(profitOf(seldom)).toBeGreaterThan(profitOf(often))
  })
})

describe('a shuffled market', () => {
  test.each([1, 2, 3])('yields nothing, in the order of seed %i', async (seed) => {
    const files = ['imbalance-taker', 'known-loser'].map(example)

    const result = await backtest({ control: 'shuffled', seed, strategyFiles: files })

    expect(result.control).toBe('shuffled')
    expect(result.recording.frames).toBeGreaterThan(1_000)
    expect(profitOf(result)).toBeLessThanOrEqual(0)
    expect(result.ledgerBalanced).toBe(true)
  })

  test('holds next to no arbitrage of the house: hardly a book in it can be proven', async () => {
    const real = await backtest()

    const result = await backtest({ control: 'shuffled' })

    expect(real.baskets).toBeGreaterThan(2)
    expect(result.baskets).toBeLessThan(real.baskets / 2)
  })

  test('is another for another seed, and the same for the same', async () => {
    const shuffled = (seed: number): Promise<BacktestResult> =>
      backtest({ control: 'shuffled', seed, strategyFiles: [example('known-loser')] })

    const one = await shuffled(1)

    expect(await shuffled(1)).toEqual(one)
    expect((await shuffled(2)).trades).not.toEqual(one.trades)
  })
})

describe('another future', () => {
  test('changes nothing of what was done before it', async () => {
    const files = [example('known-loser'), example('imbalance-taker')]
    const whole = await backtest({ strategyFiles: files })
    const middle = whole.trades[Math.floor(whole.trades.length / 2)]
    const splitMs = middle?.atMs ?? 0
    const place = await withOtherFuture((splitMs - whole.recording.fromMs) * 1e6)

    const shifted = await backtest({ directory: place, strategyFiles: files })

    const before = ({ trades }: BacktestResult): unknown =>
      trades.filter(({ atMs }) => atMs < splitMs)
    expect((before(whole) as unknown[]).length).toBeGreaterThan(20)
    expect(before(shifted)).toEqual(before(whole))
    const equityBefore = ({ equity }: BacktestResult): unknown =>
      equity.filter(({ atMs }) => atMs < splitMs)
    expect(equityBefore(shifted)).toEqual(equityBefore(whole))
    // And the future is another indeed: the same length, and other trades.
    expect(shifted.recording.frames).toBe(whole.recording.frames)
    expect(shifted.trades).not.toEqual(whole.trades)
  })
})

/** The recording again, with every price in every frame after an instant moved. */
async function withOtherFuture(afterNanos: number): Promise<string> {
  const place = mkdtempSync(path.join(tmpdir(), 'future-'))
  places.push(place)
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    directory: place,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: () => {},
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  let startAt: number | undefined
  for await (const item of readJournal(golden)) {
    if (item.kind !== 'record') continue
    const { type, at, payload, venueIndex, connection } = item.record
    if (type === 'event') startAt ??= at
    if (type !== 'frame') {
      writer.appendText(type, Buffer.from(payload).toString('utf8'), at as Nanos)
      continue
    }
    const isFuture = startAt !== undefined && at - startAt > afterNanos
    const bytes = isFuture ? moved(payload) : payload
    writer.appendFrame(venueIndex, connection, bytes, at as Nanos)
  }
  writer.close()
  return place
}

/** Each price that ends in a digit is another one: "0.45" becomes "0.46". */
function moved(payload: Uint8Array): Uint8Array {
  const text = Buffer.from(payload).toString('latin1')
  const other = text.replaceAll(/("0\.\d)(\d)"/g, (_, head: string, last: string) => {
    return `${head}${(Number(last) + 1) % 10}"`
  })
  return Buffer.from(other, 'latin1')
}
