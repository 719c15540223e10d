type Row = Readonly<Record<string, string | number | null>>

/** A long question is cut, so that a row stays a line. */
const cellMax = 44

/** Rows as aligned columns, numbers to the right, a line of names above. */
export function writeTable(rows: readonly Row[], columns: readonly string[]): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => cellOf(row[column])))
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const rightward = columns.map((_, index) => cells.every((row) => isNumber(row[index] ?? '')))
  return [[...columns], ...cells].map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0
        return rightward[index] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

function cellOf(value: Row[string] | undefined): string {
  const text = String(value ?? '')
  return text.length > cellMax ? `${text.slice(0, cellMax - 1)}…` : text
}

function isNumber(text: string): boolean {
  return /^-?[\d.]*$/.test(text)
}
