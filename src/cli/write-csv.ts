type Row = Readonly<Record<string, string | number | null>>

/** Rows as lines of comma-separated values (RFC 4180), the names of the columns first. */
export function writeCsv(rows: readonly Row[]): readonly string[] {
  const [first] = rows
  if (first === undefined) return []
  const columns = Object.keys(first)
  return [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))].map(
    (cells) => cells.map(quoted).join(','),
  )
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
