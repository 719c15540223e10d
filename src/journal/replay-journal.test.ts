import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import type { VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { writeEffect, writeEvent } from './engine-text.ts'
import type { WrittenJournal } from './fixtures/written-journal.ts'
import { writtenJournal } from './fixtures/written-journal.ts'
import { readJournal } from './journal-reader.ts'
import type { JournalWriter } from './journal-writer.ts'
import type { ReplayResult } from './replay-journal.ts'
import { JournalReplay } from './replay-journal.ts'
import { segmentName } from './segment.ts'

const frames = ['one', 'two', 'three', 'four']
const written: WrittenJournal[] = []

afterEach(() => {
  for (const journal of written.splice(0)) journal.remove()
})

/** What the engine of these tests makes of a frame: that it could not read it. */
function effectOf(frame: string): Effect {
  return { kind: 'keep-frame', venue: 'kalshi', reason: frame }
}

/** Each frame in a block of its own with its effect, and a timer at the end, which has none. */
function journal(effects: (frame: string) => readonly Effect[] = (one) => [effectOf(one)]): string {
  const one = writtenJournal((writer) => {
    for (const [index, frame] of frames.entries()) {
      writer.appendFrame(1, 0, Buffer.from(frame), (index * 1_000) as Nanos)
      for (const effect of effects(frame)) {
        writer.appendText('effect', writeEffect(effect), 0 as Nanos)
      }
      writer.seal()
    }
    writeTimer(writer)
  })
  written.push(one)
  return one.directory
}

function writeTimer(writer: JournalWriter): void {
  const at = 9_000 as Nanos
  writer.appendText('event', writeEvent({ kind: 'timer', at }), at)
}

function replay(
  directory: string,
  decide = effectOf,
  venues: readonly VenueId[] = ['polymarket', 'kalshi'],
): Promise<ReplayResult> {
  const one = new JournalReplay()
  const intake = {
    process: () => {},
    onFrame: (venue: VenueId, _connection: number, bytes: Uint8Array) => {
      expect(venue).toBe('kalshi')
      one.onEffect(decide(Buffer.from(bytes).toString()))
    },
  }
  return one.run(readJournal(directory), { intake, venues })
}

function change(directory: string, make: (bytes: Buffer) => void): void {
  const path = join(directory, segmentName(1))
  const bytes = readFileSync(path)
  make(bytes)
  writeFileSync(path, bytes)
}

describe('a replay', () => {
  test('that decides the same has no difference', async () => {
    expect(await replay(journal())).toEqual({
      events: 5,
      effects: 4,
      divergence: null,
      effectDivergence: null,
      faults: [],
    })
  })

  test('names the first effect that differs, and goes on', async () => {
    const { divergence, effects } = await replay(journal(), (frame) =>
      effectOf(frame.startsWith('t') ? `not ${frame}` : frame),
    )

    expect(effects).toBe(4)
    expect(divergence).toEqual({
      kind: 'effect',
      record: 4,
      recorded: writeEffect(effectOf('two')),
      replayed: writeEffect(effectOf('not two')),
    })
  })

  test('names an effect that is not given again', async () => {
    const twice = journal((one) =>
      one === 'three' ? [effectOf(one), effectOf('x')] : [effectOf(one)],
    )

    expect((await replay(twice)).divergence).toEqual({
      kind: 'missing-effect',
      record: 7,
      recorded: writeEffect(effectOf('x')),
      replayed: '',
    })
  })

  test('names an effect that was not recorded, with the record that led to it', async () => {
    const without = journal((one) => (one === 'three' ? [] : [effectOf(one)]))

    expect((await replay(without)).divergence).toEqual({
      kind: 'extra-effect',
      record: 5,
      recorded: '',
      replayed: writeEffect(effectOf('three')),
    })
  })

  test('of a frame with one byte changed tells of the block, and of the first effect', async () => {
    const directory = journal()
    change(directory, (bytes) => bytes.write('T', bytes.indexOf('two')))

    const { divergence, effectDivergence, faults } = await replay(directory)

    expect(faults.map(({ kind }) => kind)).toEqual(['checksum'])
    expect(divergence).toMatchObject({ kind: 'fault', record: 3 })
    expect(effectDivergence).toEqual({
      kind: 'effect',
      record: 4,
      recorded: writeEffect(effectOf('two')),
      replayed: writeEffect(effectOf('Two')),
    })
  })

  test('ends without a difference where a crash has cut the journal off', async () => {
    const directory = journal()
    const path = join(directory, segmentName(1))
    truncateSync(path, readFileSync(path).length - 5)

    const { events, divergence, faults } = await replay(directory)

    expect(events).toBe(4)
    expect(divergence).toBeNull()
    expect(faults.map(({ kind }) => kind)).toEqual(['torn-tail'])
  })

  test('names a block that is missing, though all that is left is the same', async () => {
    const directory = journal()
    const path = join(directory, segmentName(1))
    const bytes = readFileSync(path)
    const second = bytes.indexOf('EBLK', bytes.indexOf('EBLK') + 1)
    const third = bytes.indexOf('EBLK', second + 1)
    writeFileSync(path, Buffer.concat([bytes.subarray(0, second), bytes.subarray(third)]))

    const { divergence, effectDivergence, faults } = await replay(directory)

    expect(faults.map(({ kind }) => kind)).toEqual(['hole'])
    expect(divergence?.kind).toBe('fault')
    expect(effectDivergence).toBeNull()
  })

  test('names an event that this program did not write, and a venue that no header names', async () => {
    const strange = writtenJournal((writer) => {
      writer.appendText('event', '{"kind":"eclipse"}', 0 as Nanos)
    })
    written.push(strange)

    expect((await replay(strange.directory)).divergence).toMatchObject({
      kind: 'unreadable-event',
      recorded: '{"kind":"eclipse"}',
    })
    expect((await replay(journal(), effectOf, ['polymarket'])).divergence).toMatchObject({
      kind: 'unreadable-event',
      recorded: 'a frame of venue 1',
    })
  })
})
