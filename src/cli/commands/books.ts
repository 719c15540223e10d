import { statSync } from 'node:fs'
import { resolve } from 'node:path'

import { Command, Option } from 'commander'

import type { LedgerRow, LedgerTable } from '../../app/ledger-reader.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { writeCsv } from '../write-csv.ts'
import { writeTable } from '../write-table.ts'

type BooksOptions = { readonly json?: true; readonly csv?: true; readonly data: string }

type Shown = {
  readonly name: LedgerTable
  readonly summary: string
  readonly columns: readonly string[]
}

const shown: readonly Shown[] = [
  {
    name: 'positions',
    summary: 'shares held, what they cost and what they would bring now',
    columns: ['venue', 'question', 'outcome', 'shares', 'cost', 'value'],
  },
  {
    name: 'pnl',
    summary: 'what each strategy has earned after fees, and the fees that it has paid',
    columns: ['strategy', 'realised', 'fees'],
  },
  {
    name: 'attribution',
    summary: 'the edge that was expected of closed baskets against what their fills came to',
    columns: ['strategy', 'baskets', 'expected', 'missed', 'slippage', 'legLosses', 'executed'],
  },
  {
    name: 'orders',
    summary: 'orders, the latest first',
    columns: ['id', 'venue', 'question', 'outcome', 'side', 'limit', 'size', 'state'],
  },
  {
    name: 'baskets',
    summary: 'baskets, the latest first',
    columns: [
      'id',
      'strategy',
      'purpose',
      'legs',
      'edge',
      'executed',
      'fees',
      'state',
      'createdAt',
    ],
  },
]

/** `positions`, `pnl`, `orders`, `baskets` …: the ledger on disk, also while the engine runs. */
export function booksCommands(context: CommandContext): readonly Command[] {
  return [...shown.map((table) => tableCommand(table, context)), exportCommand(context)]
}

function tableCommand({ name, summary, columns }: Shown, context: CommandContext): Command {
  return new Command(name)
    .summary(summary)
    .option('--json', 'one JSON array, every column')
    .option('--csv', 'comma-separated values, every column')
    .option('--data <folder>', 'where the engine keeps its data', 'data')
    .action(async (options: BooksOptions) => {
      context.end(await show(name, columns, options, context))
    })
}

function exportCommand(context: CommandContext): Command {
  const tables = [...shown.map(({ name }) => name), 'fills', 'ledger']
  return new Command('export')
    .summary('write a table of the ledger as CSV or JSON')
    .addOption(new Option('--table <name>', 'which').choices(tables).default('fills'))
    .addOption(new Option('--format <name>', 'how').choices(['csv', 'json']).default('csv'))
    .option('--data <folder>', 'where the engine keeps its data', 'data')
    .action(async ({ table, format, data }: ExportOptions) => {
      const options: BooksOptions = format === 'json' ? { json: true, data } : { csv: true, data }
      context.end(await show(table, [], options, context))
    })
}

type ExportOptions = {
  readonly table: LedgerTable
  readonly format: 'csv' | 'json'
  readonly data: string
}

async function show(
  table: LedgerTable,
  columns: readonly string[],
  options: BooksOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { readLedger } = await import('../../app/ledger-reader.ts')
  const { LedgerFileError } = await import('../../app/ledger-schema.ts')
  try {
    const rows = readLedger(latestLedger(resolve(machine.folder, options.data)), table)
    for (const line of linesOf(rows, columns, options)) io.print(line)
    return exitCode.ok
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function linesOf(
  rows: readonly LedgerRow[],
  columns: readonly string[],
  { json, csv }: BooksOptions,
): readonly string[] {
  if (json === true) return [JSON.stringify(rows)]
  if (csv === true) return writeCsv(rows)
  return rows.length === 0 ? ['nothing yet'] : writeTable(rows, columns)
}

/** The ledger that was written to last: of the real feeds, or of a simulation. */
function latestLedger(folder: string): string {
  const paths = ['ledger.db', 'ledger-simulated.db'].map((name) => resolve(folder, name))
  const [latest] = paths.toSorted((a, b) => changedAt(b) - changedAt(a))
  return latest ?? folder
}

function changedAt(path: string): number {
  const times = [path, `${path}-wal`].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  )
  return Math.max(...times)
}
