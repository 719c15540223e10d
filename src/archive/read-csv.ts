import { readLines } from './read-lines.ts'

/** A line of comma-separated values by the names of the columns. */
export type CsvRow = ReadonlyMap<string, string>

/**
 * The rows of a file of comma-separated values (RFC 4180) whose first line names the columns.
 *
 * A cell in quotes may hold a newline.
 */
export async function* readCsv(file: string): AsyncGenerator<CsvRow> {
  let names: readonly string[] | undefined
  let held = ''
  for await (const line of readLines(file)) {
    held += line.toString('utf8').replace(/\r$/, '')
    // An odd number of quotes: the cell goes on in the next line.
    if (((held.match(/"/g)?.length ?? 0) & 1) === 1) {
      held += '\n'
      continue
    }
    const cells = cellsOf(held)
    held = ''
    if (names === undefined) {
      names = cells.map((name) => name.trim().toLowerCase())
      continue
    }
    if (cells.length === 1 && cells[0] === '') continue
    yield new Map(names.map((name, index) => [name, cells[index] ?? '']))
  }
}

function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
  }
  return cells
}
