import type { CheckedPair } from '../../app/pairs.ts'
import type { ConfirmResult } from '../../propositions/confirm.ts'

export function describeConfirmed(result: ConfirmResult, file: string): readonly string[] {
  if (result.kind === 'refused') {
    return ['not confirmed:', ...result.reasons.map((reason) => `  ${reason}`)]
  }
  const { id, title, by, allow, verdict } = result.entry
  return [
    `${id} confirmed by ${by}: ${title} (${verdict}${allow.length > 0 ? `, allowing ${allow.join(', ')}` : ''})`,
    `written to ${file}; name it in the configuration under [propositions] file`,
  ]
}

const words: Readonly<Record<CheckedPair['state'], string>> = {
  holds: 'holds',
  'not-listed': 'not listed',
  withdrawn: 'withdrawn before',
  'withdrawn-now': 'WITHDRAWN NOW',
}

export function describeChecked(pairs: readonly CheckedPair[], file: string): readonly string[] {
  if (pairs.length === 0) return [`no pair is confirmed in ${file}`]
  const lines = pairs.map(({ entry, state, detail }) => {
    const why = detail === '' ? '' : `: ${detail}`
    return `${entry.id}  ${words[state].padEnd(16)} ${entry.title}${why}`
  })
  const count = (state: CheckedPair['state']): number =>
    pairs.filter((pair) => pair.state === state).length
  return [
    ...lines,
    '',
    `${count('holds')} of ${pairs.length} hold, ${count('withdrawn-now')} withdrawn now, ` +
      `${count('withdrawn')} before, ${count('not-listed')} not listed (${file})`,
  ]
}
