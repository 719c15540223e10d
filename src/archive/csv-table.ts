import { closeSync, openSync, writeSync } from 'node:fs'

import { formatDecimal } from '../core/decimal.ts'
import type { Cell, Column, TableWriter } from './table.ts'

/** Text that is handed to the disk at once. */
const heldCharsMax = 1_000_000

/** A table as comma-separated values (RFC 4180), the names of the columns first. */
export class CsvTable implements TableWriter {
  readonly file: string
  readonly #columns: readonly Column[]
  readonly #handle: number
  #held: string
  #rowCount = 0

  /** Creates the file, or empties it. Throws what the file system says. */
  constructor(file: string, columns: readonly Column[]) {
    this.file = file
    this.#columns = columns
    this.#handle = openSync(file, 'w')
    this.#held = `${columns.map(({ name }) => name).join(',')}\n`
  }

  get rowCount(): number {
    return this.#rowCount
  }

  append(row: readonly Cell[]): void {
    const cells = this.#columns.map(({ type }, index) => textOf(type, row[index] ?? null))
    this.#held += `${cells.join(',')}\n`
    this.#rowCount++
    if (this.#held.length > heldCharsMax) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#handle)
  }

  #flush(): void {
    writeSync(this.#handle, this.#held)
    this.#held = ''
  }
}

function textOf(type: Column['type'], cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'number') return quoted(String(cell))
  if (type === 'price') return formatDecimal(cell, 4)
  if (type === 'amount') return formatDecimal(cell, 6)
  return type === 'time' ? timeText(cell) : String(cell)
}

/** Microseconds since 1970 as ISO 8601 with six decimals. */
function timeText(micros: number): string {
  const rest = micros % 1_000
  const text = new Date((micros - rest) / 1_000).toISOString()
  return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
