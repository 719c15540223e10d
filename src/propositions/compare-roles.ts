import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { unknown } from './finding.ts'

/**
 * Who does it to whom. "Israel strikes Iran" and "Iran strikes Israel" are the same words.
 *
 * In a contest the side that wins must be known on both venues. Elsewhere the names that both use
 * must come in the same order; a passive turns them round, and then a person has to look.
 */
export function compareRoles(a: Reading, b: Reading): readonly Finding[] {
  if (a.kind === 'contest' || b.kind === 'contest') {
    if (a.subject !== undefined && b.subject !== undefined) return []
    const silent = a.subject === undefined ? a : b
    if (a.subject !== undefined || b.subject !== undefined) {
      return [unknown('subject', `not clear whose win ${silent.listing.venue} asks about`)]
    }
  }
  const first = a.names.filter((name) => b.names.includes(name))
  const second = b.names.filter((name) => a.names.includes(name))
  if (first.every((name, place) => name === second[place])) return []
  return [unknown('roles', `${first.join(', ')} against ${second.join(', ')}`)]
}
