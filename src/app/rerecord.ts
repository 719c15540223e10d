import type { Nanos } from '../core/units.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { JournalWriter, journalWriterDefaults } from '../journal/journal-writer.ts'
import { JournalReplay } from '../journal/replay-journal.ts'
import { writeHeader } from './journal-header.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { takeHeader } from './take-header.ts'

/** Writes a journal again: the events of the one at `from`, and what this program makes of them. */
export async function rerecord(from: string, to: string): Promise<void> {
  const items = readJournal(from)
  const header = await takeHeader(items, from)
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    directory: to,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: () => {},
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  writer.appendText('header', writeHeader(header), 0 as Nanos)
  // A block of its own: a journal cut anywhere after it can still be replayed.
  writer.seal()
  const { intake } = await recordedKernel(header, { obey: () => {}, journal: writer })
  await new JournalReplay().run(items, { intake, venues: header.venues })
  writer.close()
}
