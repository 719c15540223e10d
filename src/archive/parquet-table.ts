import type { SchemaElement } from 'hyparquet'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'

import { assert } from '../core/assert.ts'
import type { Cell, Column, TableWriter } from './table.ts'

type Stored = bigint | number | string | boolean | null

/** Rows of a row group: so many are in memory, whatever the length of the table. */
const rowGroupRows = 20_000

/** A table as a Parquet file, written row group by row group. */
export class ParquetTable implements TableWriter {
  readonly file: string
  readonly #columns: readonly Column[]
  readonly #writer: ParquetWriter
  #cells: Stored[][]
  #held = 0
  #rowCount = 0

  /** Creates the file, or empties it. Throws what the file system says. */
  constructor(file: string, columns: readonly Column[]) {
    this.file = file
    this.#columns = columns
    this.#cells = columns.map(() => [])
    this.#writer = new ParquetWriter({
      writer: fileWriter(file),
      schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
      createdBy: 'prediction-engine',
    })
  }

  get rowCount(): number {
    return this.#rowCount
  }

  append(row: readonly Cell[]): void {
    assert(row.length === this.#columns.length, `a row has a cell for each column: ${row.length}`)
    for (const [index, column] of this.#columns.entries()) {
      this.#cells[index]?.push(stored(column, row[index] ?? null))
    }
    this.#rowCount++
    this.#held++
    if (this.#held === rowGroupRows) this.#writeGroup()
  }

  close(): void {
    if (this.#held > 0) this.#writeGroup()
    void this.#writer.finish()
  }

  #writeGroup(): void {
    // The writer of files is synchronous, and so is this.
    void this.#writer.write({
      columnData: this.#columns.map(({ name }, index) => ({
        name,
        data: this.#cells[index] ?? [],
      })),
      rowGroupSize: rowGroupRows,
    })
    this.#cells = this.#columns.map(() => [])
    this.#held = 0
  }
}

/** Every column may be empty; decimals are exact integers with a scale. */
function elementOf({ name, type }: Column): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (type) {
    case 'time':
      return { ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }
    case 'ticks':
    case 'count':
      return { ...optional, type: 'INT32' }
    case 'micro':
    case 'ppm':
      return { ...optional, type: 'INT64' }
    case 'price':
      return { ...optional, type: 'INT64', converted_type: 'DECIMAL', precision: 9, scale: 4 }
    case 'amount':
      return { ...optional, type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 6 }
    case 'text':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
    case 'flag':
      return { ...optional, type: 'BOOLEAN' }
  }
}

function stored({ type }: Column, cell: Cell): Stored {
  if (typeof cell !== 'number' || type === 'ticks' || type === 'count') return cell
  return BigInt(cell)
}
