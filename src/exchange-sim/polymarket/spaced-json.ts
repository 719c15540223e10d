/**
 * JSON with a space after each comma and none after a colon, as the venue sends single messages.
 *
 * docs/venues/polymarket.md, 4.2.
 */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${spacedJson(member)}`)
  return `{${members.join(', ')}}`
}

/** Spaces out a JSON array of flat objects that was written compactly. */
export function spaceOut(compact: string): string {
  return compact.replaceAll('","', '", "').replaceAll('},{', '}, {')
}
