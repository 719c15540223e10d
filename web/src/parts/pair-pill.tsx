import type { ReactNode } from 'react'
import type { Pair } from '../../../src/server/schema/pair.ts'
import { title } from '../format.ts'
import { Pill } from './pill.tsx'

/** Where a pair stands, as a word in its colour. */
export function PairPill({ state }: { readonly state: Pair['state'] }): ReactNode {
  const tones = {
    candidate: 'calm',
    confirmed: 'gain',
    withdrawn: 'warn',
    rejected: 'loss',
  } as const
  return <Pill tone={tones[state]}>{title(state).toLowerCase()}</Pill>
}
