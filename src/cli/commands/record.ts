import { Command, InvalidArgumentError } from 'commander'

import type { RecordLimits, RecordSummary, RecordWatcher } from '../../app/record.ts'
import type { RecordStatus } from '../../app/record-status.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { formatBytes, formatCount } from '../format-number.ts'
import { interruptible } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { bytesOption, durationOption, seedOption } from '../option-parsers.ts'
import { formatClock } from '../parse-duration.ts'
import { recordVerifyCommand } from './record-verify.ts'

type RecordOptions = {
  readonly into?: string
  readonly for?: number
  readonly demo?: true
  readonly seed: number
  readonly part: number
  readonly keep?: number
  readonly bytesMax?: number
  readonly whenFull: RecordLimits['whenFull']
  readonly freeMin: number
  readonly json?: true
  readonly config?: string
}

const partMs = 3_600_000
const freeBytesMin = 1_000_000_000

export function recordCommand(context: CommandContext): Command {
  return (
    new Command('record')
      .summary('keep the public feeds for replays and backtests; trades nothing')
      .description(
        'Writes every frame of the configured venues into a folder of parts, each a journal that ' +
          'stands alone. Named again, a folder is gone on with, and the gap between is marked.',
      )
      // Not a required option to the parser: `record verify` has none.
      .option('--into <directory>', 'the folder of the recording; needed')
      .option('--for <duration>', 'stop by itself after 30s, 2m, 12h …', durationOption)
      .option('--demo', 'record a simulated exchange: no network, no keys')
      .option('--seed <number>', 'of the simulated exchange', seedOption, 1)
      .option('--part <duration>', 'begin a new part so often', durationOption, partMs)
      .option('--keep <duration>', 'remove parts that are older', durationOption)
      .option('--bytes-max <size>', 'the most it may take on the disk: 500MB, 20GB', bytesOption)
      .option('--when-full <what>', 'at that size: remove-oldest or stop', whenFullOption, 'stop')
      .option('--free-min <size>', 'stop when less is free on the disk', bytesOption, freeBytesMin)
      .option('--json', 'progress as JSON lines, the summary as the last')
      .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
      .action(async (options: RecordOptions) => context.end(await record(options, context)))
      .addCommand(recordVerifyCommand(context))
  )
}

async function record(options: RecordOptions, { io, machine }: CommandContext): Promise<number> {
  const { runRecorder } = await import('../../app/record.ts')
  const { FolderInUseError } = await import('../../app/record-folder.ts')
  const { into } = options
  if (into === undefined) {
    io.complain(
      'error: record needs --into, the folder of the recording (--help shows the options)',
    )
    return exitCode.usage
  }
  const watcher = watcherOf(io, options.json === true)
  try {
    const summary = await interruptible(io, (stop) =>
      runRecorder({
        machine,
        configFile: options.config,
        into,
        demoSeed: options.demo === true ? options.seed : undefined,
        forMs: options.for,
        limits: {
          partMs: options.part,
          keepMs: options.keep,
          bytesMax: options.bytesMax,
          whenFull: options.whenFull,
          freeBytesMin: options.freeMin,
        },
        stop,
        watcher,
      }),
    )
    if (options.json === true) io.print(JSON.stringify(summary))
    else for (const line of describe(summary)) io.print(line)
    return isAsWanted(summary) ? exitCode.ok : exitCode.failure
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function isAsWanted({ endedBy }: RecordSummary): boolean {
  return endedBy === 'time-is-up' || endedBy === 'stopped' || endedBy === 'bytes-limit'
}

function watcherOf(io: Io, json: boolean): RecordWatcher {
  if (json) {
    return {
      statusEveryMs: 5_000,
      progress: (text) => io.print(JSON.stringify({ event: 'progress', text })),
      status: (status) => io.print(JSON.stringify({ event: 'status', ...status })),
    }
  }
  const { screen } = io
  if (screen === undefined) {
    return {
      statusEveryMs: 5_000,
      progress: io.print,
      status: (status) => io.print(statusLine(status)),
    }
  }
  // One line that is written over; what is told meanwhile stays above it.
  return {
    statusEveryMs: 500,
    progress: (text) => screen.write(`\r\u001b[2K${text}\n`),
    status: (status) =>
      screen.write(`\r\u001b[2K${statusLine(status).slice(0, screen.columns() - 1)}`),
  }
}

function statusLine(status: RecordStatus): string {
  const { elapsedMs, eventsPerSecond, bytesPerSecond, compressionRatio, diskBytes } = status
  const { books, gaps, diskLeftBytes, parts } = status
  const ratio = compressionRatio === null ? '' : `, ${compressionRatio}× smaller packed`
  const known = books.proven + books.unproven + books.broken
  return [
    formatClock(elapsedMs),
    `${formatCount(eventsPerSecond)} events/s`,
    `${formatBytes(bytesPerSecond)}/s${ratio}`,
    `${formatBytes(diskBytes)} in ${parts} parts, room for ${formatBytes(diskLeftBytes)}`,
    `${books.proven} of ${known} books proven`,
    `${gaps} gaps`,
  ].join('  ')
}

const reasons: Readonly<Record<RecordSummary['endedBy'], string>> = {
  'time-is-up': 'the time was up',
  stopped: 'it was asked to stop',
  'bytes-limit': 'it has grown to --bytes-max',
  'disk-nearly-full': 'less than --free-min is free on the disk',
  'disk-refuses': 'the disk takes no more',
  'next-part': 'the next part has begun',
  failed: 'it failed',
  imported: 'all was imported',
}

function describe(summary: RecordSummary): readonly string[] {
  const { into, endedBy, frames, events, parts, segments, diskBytes, bytesWritten } = summary
  const ratio = summary.compressionRatio
  const packed = ratio === null ? '' : ` (${ratio}× smaller packed)`
  return [
    '',
    `${into}: ended because ${reasons[endedBy]}`,
    `  ${formatCount(frames)} frames with ${formatCount(events)} messages, ` +
      `${formatBytes(bytesWritten)} written${packed}, ${summary.gaps} gaps`,
    `  ${parts} parts in ${segments} segments, ${formatBytes(diskBytes)} on the disk`,
  ]
}

function whenFullOption(text: string): RecordLimits['whenFull'] {
  if (text === 'stop' || text === 'remove-oldest') return text
  throw new InvalidArgumentError('Expected stop or remove-oldest.')
}
