import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { BenchResult } from './bench-case.ts'
import { median } from './bench-case.ts'

export type RecordingTask = 'backtest' | 'fast-backtest' | 'replay'

/** Nanoseconds of one round: by the clock, of all threads, of the one that decides, of reading. */
export type RecordingRound = {
  readonly ns: number
  readonly processorNs: number
  readonly threadNs: number
  readonly readNs: number
  /** What the process holds at the end of the run. */
  readonly residentMb: number
}

const roundsShape: z.ZodType<readonly RecordingRound[]> = z.array(
  z.object({
    ns: z.number(),
    processorNs: z.number(),
    threadNs: z.number(),
    readNs: z.number(),
    residentMb: z.number(),
  }),
)

export type RunOptions = {
  readonly task: RecordingTask
  readonly directory: string
  readonly rounds: number
  /** `one`: all threads of the process on the first core. */
  readonly cores?: 'all' | 'one'
  readonly heapMb?: number
}

const loop = fileURLToPath(new URL('./recording-loop.ts', import.meta.url))

/** Goes through a recording in a process of its own. Undefined where a core cannot be chosen. */
export function runRecording(options: RunOptions): readonly RecordingRound[] | undefined {
  const { task, directory, rounds, cores = 'all', heapMb } = options
  const limits = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`]
  const command = [process.execPath, ...limits, loop, task, directory, String(rounds)]
  const [program = '', ...args] = cores === 'one' ? ['taskset', '-c', '0', ...command] : command
  const { stdout, stderr, status, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (cores === 'one' && error !== undefined) return undefined
  if (status !== 0) throw new Error(`the ${task} ended with ${status}: ${stderr.slice(-2_000)}`)
  return roundsShape.parse(JSON.parse(stdout))
}

/** A task on two cores, or as many as there are, and on one; next to reading alone. */
export function measureRecording(options: RunOptions, events: number): BenchResult {
  const run = runRecording(options)
  const alone = runRecording({ ...options, cores: 'one' })
  if (run === undefined) throw new Error('a core cannot be chosen, and none was')
  const ns = middle(run, 'ns')
  const readNs = middle(run, 'readNs')
  const perSecond = (time: number): number => Math.round(events / (time / 1e9))
  return {
    nsPerOp: ns / events,
    baselineNsPerOp: readNs / events,
    ratio: readNs / ns,
    rounds: options.rounds,
    more: {
      eventsPerSecond: perSecond(ns),
      ...(alone && { eventsPerSecondOneCore: perSecond(middle(alone, 'ns')) }),
      // What other work on the machine cannot take: of all threads, and of the one that decides.
      eventsPerProcessorSecond: perSecond(middle(run, 'processorNs')),
      eventsPerThreadSecond: perSecond(middle(run, 'threadNs')),
      readPerSecond: perSecond(readNs),
      residentMb: run[0]?.residentMb ?? 0,
      events,
    },
  }
}

export function middle(rounds: readonly RecordingRound[], figure: keyof RecordingRound): number {
  return median(rounds.map((round) => round[figure]))
}
