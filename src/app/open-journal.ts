import { existsSync } from 'node:fs'

import { compressSegment } from '../journal/compress-segment.ts'
import { JournalWriter, journalWriterDefaults } from '../journal/journal-writer.ts'
import { recoverJournal } from '../journal/recover-journal.ts'
import { listSegments } from '../journal/segment.ts'
import type { Log } from '../ports/log.ts'
import type { JournalHeader } from './journal-header.ts'
import { writeHeader } from './journal-header.ts'
import type { Machine } from './machine.ts'

/** How long an event may wait for the operating system, at the most. */
const commitEveryMs = 50
const spaceEveryMs = 1_000

export type OpenJournal = {
  readonly writer: JournalWriter
  /** Writes what is left, and closes the last segment. */
  readonly close: () => Promise<void>
}

export type OpenJournalOptions = {
  readonly directory: string
  readonly header: JournalHeader
  readonly machine: Machine
  readonly log: Log
  /** The record is about to stop, so trading must: the disk is nearly full, or it refuses. */
  readonly onEnd: (reason: JournalEnd) => void
  /** Below so much free space the record is about to stop. Left out: what suits a run. */
  readonly reserveBytes?: number
  /** When this run has written so much, before compression. Left out: no limit. */
  readonly bytesMax?: number
}

export type JournalEnd = 'disk-nearly-full' | 'disk-refuses' | 'bytes-limit'

/**
 * Opens a journal in a directory of its own and commits it while it is open.
 *
 * One run, one directory: replay begins at the header, and a second run's events would meet the
 * first one's engine. Throws when the directory holds a journal already.
 */
export async function openJournal(options: OpenJournalOptions): Promise<OpenJournal> {
  const { directory, header, machine, log, onEnd } = options
  await refuseUsed(directory)
  let closing = false
  let packing = Promise.resolve()
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    ...(options.reserveBytes === undefined ? {} : { reserveBytes: options.reserveBytes }),
    directory,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: (path) => {
      // The last one stays as it is: whoever ends a run wants to look into it, not to wait.
      if (!closing) packing = packing.then(() => pack(path, log))
    },
    onFailure: (error) => {
      log.error('the journal cannot be written any more', { directory, error })
      onEnd('disk-refuses')
    },
  })
  writer.open()
  writer.appendText('header', writeHeader(header), machine.clock.nanos())
  writer.commit()

  const bytesMax = options.bytesMax ?? Number.POSITIVE_INFINITY
  let isEnding = false
  const end = (reason: JournalEnd, text: string): void => {
    isEnding = true
    log.error(text, { directory })
    onEnd(reason)
  }
  const stops = [
    machine.timers.every(commitEveryMs, () => {
      writer.commit()
      if (isEnding || writer.bytesWritten < bytesMax) return
      end('bytes-limit', 'the journal has grown to its limit')
    }),
    machine.timers.every(spaceEveryMs, () => {
      if (isEnding || !writer.spaceLow()) return
      end('disk-nearly-full', 'the disk of the journal is nearly full')
    }),
  ]
  return {
    writer,
    close: async () => {
      closing = true
      for (const stop of stops) stop()
      writer.close()
      await packing
    },
  }
}

/** A segment that cannot be compressed stays plain: nothing is lost but room. */
async function pack(path: string, log: Log): Promise<void> {
  try {
    log.debug('a journal segment is complete', { path: await compressSegment(path) })
  } catch (error) {
    log.warn('a journal segment could not be compressed', { path, error })
  }
}

async function refuseUsed(directory: string): Promise<void> {
  if (!existsSync(directory) || (await listSegments(directory)).length === 0) return
  const { nextNumber } = await recoverJournal(directory)
  throw new JournalInUseError(
    `${directory} holds a journal of ${nextNumber - 1} records; name an empty or a new directory`,
  )
}

/** A directory cannot take another journal. */
export class JournalInUseError extends Error {
  override readonly name = 'JournalInUseError'
}
