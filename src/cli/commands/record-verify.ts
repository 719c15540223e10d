import { resolve } from 'node:path'

import { Command } from 'commander'

import type { RecordedGap } from '../../app/record-gaps.ts'
import type { PartReport, RecordingReport } from '../../app/record-verify.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { formatBytes, formatCount } from '../format-number.ts'

/** More gaps than this nobody reads: the JSON has them all. */
const gapsShown = 20

export function recordVerifyCommand(context: CommandContext): Command {
  return (
    new Command('verify')
      .summary('read a recording from end to end, and say what it is worth')
      .description(
        'Checks every checksum, takes every frame through the venues’ decoding, and lists gaps. ' +
          'Exits with 1 when something is damaged; a torn end, as a crash leaves it, is none.',
      )
      .argument('<directory>', 'a recording, or one journal')
      .option('--json', 'the report as one JSON object')
      // Options that stand behind the name are this command's and not those of `record`.
      .action(async (directory: string, options: { readonly json?: true }, command: Command) => {
        const json = options.json ?? command.optsWithGlobals()['json'] === true
        context.end(await verify(directory, json ? 'json' : 'lines', context))
      })
  )
}

async function verify(
  directory: string,
  form: 'json' | 'lines',
  { io, machine }: CommandContext,
): Promise<number> {
  const { verifyRecording } = await import('../../app/record-verify.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  try {
    const report = await verifyRecording(resolve(machine.folder, directory))
    if (form === 'json') io.print(JSON.stringify(report))
    else for (const line of describe(report)) io.print(line)
    return report.sound ? exitCode.ok : exitCode.failure
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function describe(report: RecordingReport): readonly string[] {
  const { parts, segments, records, frames, bytes, faults, gaps, sound } = report
  return [
    `${report.directory}: ${sound ? 'sound' : 'damaged'}`,
    `  ${span(report)}: ${parts.length} parts, ${segments} segments, ${formatBytes(bytes)}`,
    `  ${formatCount(records)} records, ${formatCount(frames)} frames`,
    ...parts.flatMap(describePart),
    ...faults.map(
      ({ kind, path, offset, detail }) => `  ${kind} in ${path} at byte ${offset}: ${detail}`,
    ),
    `  ${gaps.length} gaps`,
    ...gaps.slice(0, gapsShown).map(describeGap),
    ...(gaps.length > gapsShown ? [`    … and ${gaps.length - gapsShown} more`] : []),
  ]
}

function describePart(part: PartReport): readonly string[] {
  const ended = part.endedBy ?? 'its process ended first'
  const { source } = part
  return [
    `  ${part.directory.split('/').at(-1) ?? ''}  ${span(part)}  ended by: ${ended}`,
    ...(source === null ? [] : [`    imported from ${source.file}; frames ${source.frames}`]),
    ...(source?.lacks ?? []).map(({ what, makesImpossible }) => {
      return `    lacks ${what}, so it is impossible ${makesImpossible}`
    }),
    ...part.venues.map(({ venue, frames, frameBytes, framesRefused, booksProvenShare }) => {
      const proven =
        booksProvenShare === null
          ? 'no books'
          : `${(100 * booksProvenShare).toFixed(2)} % of books proven over time`
      return (
        `    ${venue}: ${formatCount(frames)} frames (${formatBytes(frameBytes)}), ` +
        `${framesRefused} refused, ${proven}`
      )
    }),
  ]
}

function describeGap({ kind, fromMs, untilMs, venue, markets, reason }: RecordedGap): string {
  const lasted = untilMs === null ? 'to the end' : `${((untilMs - fromMs) / 1_000).toFixed(1)} s`
  const where = venue === null ? '' : `, ${venue}, ${markets ?? 'all'} markets`
  return `    ${new Date(fromMs).toISOString()}  ${lasted}  ${kind}${where} (${reason})`
}

function span(of: { readonly fromMs: number | null; readonly untilMs: number | null }): string {
  const text = (atMs: number | null): string =>
    atMs === null ? '?' : new Date(atMs).toISOString().slice(0, 19)
  return `${text(of.fromMs)} to ${text(of.untilMs)}`
}
