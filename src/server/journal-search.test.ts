import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Nanos } from '../core/units.ts'
import { JournalWriter, journalWriterDefaults } from '../journal/journal-writer.ts'
import { JournalSearch } from './journal-search.ts'
import type { RecordType } from './schema/journal.ts'

const startedAtMs = 1_796_000_000_000
const all = { types: [], text: '', limit: 100 } as const

/** A journal of two segments or more: a header, and then frames that each lead to an effect. */
function journalOf(frames: number): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'journal-search-'))
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    blockBytes: 1_024,
    segmentBytes: 8_192,
    directory,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: () => {},
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  const config = { alerts: { token: 'a-secret' } }
  const header = { program: '0.0.0', startedAtMs, venues: ['polymarket'], config }
  writer.appendText('header', JSON.stringify(header), 5e6 as Nanos)
  for (let each = 1; each <= frames; each++) {
    const at = (5e6 + each * 1e6) as Nanos
    writer.appendFrame(0, 3, Buffer.from(`frame ${each} ${'x'.repeat(60)}`), at)
    writer.appendText('effect', `{"kind":"place-basket","basket":"B${each}"}`, 0 as Nanos)
  }
  writer.close()
  return directory
}

async function numbers(
  search: JournalSearch,
  question: Parameters<JournalSearch['find']>[0],
): Promise<readonly number[]> {
  return (await search.find(question)).entries.map(({ number }) => number)
}

describe('the search in a journal', () => {
  test('gives nothing where no journal is kept', async () => {
    const search = new JournalSearch(undefined)

    expect(await search.find(all)).toEqual({
      directory: null,
      entries: [],
      next: null,
      faults: [],
    })
  })

  test('gives the latest records first asked for, and pages from any number on', async () => {
    const search = new JournalSearch(journalOf(300))

    expect(await numbers(search, { ...all, limit: 3 })).toEqual([599, 600, 601])
    const page = await search.find({ ...all, from: 400, limit: 2 })
    expect(page.entries.map(({ number }) => number)).toEqual([400, 401])
    expect(page.next).toBe(402)
    expect((await search.find({ ...all, from: 601 })).next).toBeNull()
  })

  test('finds a basket by its id, with the instant of what led to it', async () => {
    const search = new JournalSearch(journalOf(300))

    const { entries } = await search.find({ ...all, from: 1, text: '"B7"' })

    expect(entries).toEqual([
      {
        number: 15,
        type: 'effect',
        atMs: startedAtMs + 7,
        venue: null,
        connection: null,
        bytes: 37,
        text: '{"kind":"place-basket","basket":"B7"}',
      },
    ])
  })

  test('keeps to the kinds asked for, and says where a frame came from', async () => {
    const search = new JournalSearch(journalOf(10))
    const types: readonly RecordType[] = ['frame']

    const { entries } = await search.find({ ...all, from: 1, types, limit: 1 })

    expect(entries).toMatchObject([
      { number: 2, type: 'frame', venue: 'polymarket', connection: 3 },
    ])
  })

  test('shows no configuration, which may hold secrets', async () => {
    const search = new JournalSearch(journalOf(1))

    const { entries } = await search.find({ ...all, from: 1, types: ['header'] })

    expect(entries).toHaveLength(1)
    expect(entries[0]?.text).not.toContain('a-secret')
    expect(entries[0]?.text).toContain('polymarket')
  })

  test('goes on after a question that failed', async () => {
    const search = new JournalSearch(path.join(tmpdir(), 'no-such-journal'))

    await expect(search.find(all)).rejects.toThrow()
    await expect(search.find(all)).rejects.toThrow()
  })
})
