import { Command, InvalidArgumentError } from 'commander'
import type { Scanned, Sighted } from '../../app/scan.ts'
import { formatSize, formatUsd } from '../../core/decimal.ts'
import { asFraction } from '../../core/units.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { durationOption, seedOption } from '../option-parsers.ts'
import { writeTable } from '../write-table.ts'

type ScanOptions = {
  readonly for: number
  readonly demo?: true
  readonly seed: number
  readonly json?: true
  readonly explain?: string
  readonly by: 'edge' | 'return'
  readonly config?: string
}

const forMs = 20_000

export function scanCommand(context: CommandContext): Command {
  return new Command('scan')
    .summary('what cannot lose now, proven; trades nothing')
    .description(
      'Follows the books for a while and lists every basket that could not lose, best first, each ' +
        'once. --explain prints the proof of one as a table to follow with a pencil.',
    )
    .option('--demo', 'look at a simulated exchange: no network, no keys')
    .option('--seed <number>', 'of the simulated exchange', seedOption, 1)
    .option('--for <duration>', 'look for 30s, 2m …', durationOption, forMs)
    .option('--by <what>', 'best by edge or by return a year', orderOption, 'edge')
    .option('--explain <id>', 'print the proof of one; "best" is the first')
    .option('--json', 'one JSON array')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (options: ScanOptions) => context.end(await scan(options, context)))
}

async function scan(options: ScanOptions, { io, machine }: CommandContext): Promise<number> {
  const { runScan } = await import('../../app/scan.ts')
  const scanned = await interruptible(io, (stop) =>
    runScan({
      machine,
      configFile: options.config,
      forMs: options.for,
      demoSeed: options.demo === true ? options.seed : undefined,
      stop,
      progress: (text) => io.complain(text),
    }),
  )
  const sighted = options.by === 'edge' ? scanned.sighted : byReturn(scanned.sighted)
  const code = scanned.refused === 0 ? exitCode.ok : exitCode.failure
  if (options.explain !== undefined) {
    const { explain } = await import('../../arbitrage/explain.ts')
    const wanted = options.explain
    const found = sighted.find(({ opportunity }) => wanted === 'best' || opportunity.id === wanted)
    if (found === undefined) {
      io.complain(`error: --explain: no "${wanted}" among the ${sighted.length} that were there`)
      return exitCode.failure
    }
    for (const line of explain(found.opportunity)) io.print(line)
    return code
  }
  if (options.json === true) io.print(JSON.stringify(await toJson(sighted)))
  else for (const line of describe(scanned, sighted)) io.print(line)
  return code
}

async function toJson(sighted: readonly Sighted[]): Promise<readonly unknown[]> {
  const { opportunityJson } = await import('../../arbitrage/opportunity-json.ts')
  return sighted.map(({ opportunity, firstSeenAt, lastSeenAt, sightings }) => ({
    ...opportunityJson(opportunity),
    firstSeenAt: new Date(firstSeenAt).toISOString(),
    lastSeenAt: new Date(lastSeenAt).toISOString(),
    sightings,
  }))
}

function describe({ surveys, groups }: Scanned, sighted: readonly Sighted[]): readonly string[] {
  const looked = `${groups} groups, looked at ${surveys} times`
  if (sighted.length === 0) return [`nothing that cannot lose: ${looked}`]
  const rows = sighted.map(({ opportunity: found, firstSeenAt, lastSeenAt }) => ({
    id: found.id,
    what: found.title,
    legs: found.legs.length,
    shares: formatSize(found.size),
    edge: formatUsd(found.edge),
    // What is money at once earns on nothing that waits: a return by the year would say nothing.
    'a year': found.realisation.by === 'settlement' ? percent(found.annualisedReturn) : '',
    money: found.realisation.by,
    seconds: ((lastSeenAt - firstSeenAt) / 1_000).toFixed(1),
  }))
  const columns = ['id', 'what', 'legs', 'shares', 'edge', 'a year', 'money', 'seconds']
  return [...writeTable(rows, columns), '', looked]
}

/** The best return by the year first; what comes at a day nobody knows comes last. */
function byReturn(sighted: readonly Sighted[]): readonly Sighted[] {
  const of = ({ opportunity }: Sighted): number => opportunity.annualisedReturn ?? -1
  return sighted.toSorted((a, b) => of(b) - of(a))
}

function percent(rate: Sighted['opportunity']['annualisedReturn']): string {
  return rate === undefined ? '' : `${Math.floor(100 * asFraction(rate))} %`
}

function orderOption(text: string): 'edge' | 'return' {
  if (text === 'edge' || text === 'return') return text
  throw new InvalidArgumentError('Expected edge or return.')
}
