/**
 * Where each key of a TOML text stands: the line, from 1, by dotted path.
 *
 * The parser tells where the text is not TOML, but not where a value came from, and an error that
 * names no line sends its reader searching. Covers tables, dotted keys and plain keys; a key inside
 * an inline table has no line of its own and is found by the key that holds it.
 */
export function tomlLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  let table: readonly string[] = []
  let closing: string | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (closing !== undefined) {
      if (line.includes(closing)) closing = undefined
      continue
    }
    const header = /^\s*\[\[?([^[\]]+)\]\]?\s*(#.*)?$/.exec(line)
    if (header !== null) {
      table = splitKey(header[1] ?? '')
      note(lines, table, index + 1)
      continue
    }
    const pair = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$/
    const found = pair.exec(line)
    if (found === null) continue
    note(lines, [...table, ...splitKey(found[1] ?? '')], index + 1)
    closing = openedString(found[2] ?? '')
  }
  return lines
}

/** The line of a path, or of the nearest key above it. Undefined when nothing of it is there. */
export function lineOfPath(
  lines: ReadonlyMap<string, number>,
  path: readonly string[],
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(path.slice(0, length).join('.'))
    if (line !== undefined) return line
  }
  return undefined
}

function note(lines: Map<string, number>, path: readonly string[], line: number): void {
  for (let length = 1; length <= path.length; length++) {
    const key = path.slice(0, length).join('.')
    // A table may be opened again by its children; the whole path is where the value stands.
    if (length === path.length || !lines.has(key)) lines.set(key, line)
  }
}

function splitKey(key: string): readonly string[] {
  return (key.match(/[\w-]+|"[^"]*"|'[^']*'/g) ?? []).map((part) =>
    part.replace(/^["']|["']$/g, ''),
  )
}

/** The quotes that still have to close when a string goes on over several lines. */
function openedString(value: string): string | undefined {
  return ['"""', "'''"].find((quotes) => value.split(quotes).length === 2)
}
