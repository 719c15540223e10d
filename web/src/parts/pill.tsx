import type { ReactNode } from 'react'
import { words } from '../format.ts'

export type Tone = 'calm' | 'gain' | 'loss' | 'warn' | 'accent'

/** A state in a word or two. The word says it; the colour only helps to find it. */
export function Pill({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}): ReactNode {
  return <span className={`pill ${tone}`}>{children}</span>
}

/** Whether a book may be believed. */
export function ProofPill({
  state,
}: {
  readonly state: 'proven' | 'unproven' | 'broken'
}): ReactNode {
  const tone = state === 'proven' ? 'gain' : state === 'broken' ? 'loss' : 'warn'
  return <Pill tone={tone}>{state}</Pill>
}

/** What became of an opportunity. */
export function VerdictPill({ verdict }: { readonly verdict: string }): ReactNode {
  return <Pill tone={verdictTones[verdict] ?? 'warn'}>{words(verdict)}</Pill>
}

const verdictTones: Readonly<Record<string, Tone>> = {
  traded: 'gain',
  working: 'accent',
  seen: 'calm',
  'already-taken': 'calm',
}

const basketTones: Readonly<Record<string, Tone>> = {
  working: 'accent',
  waiting: 'warn',
  uneven: 'loss',
  complete: 'gain',
  unwound: 'warn',
  empty: 'calm',
}

export function BasketPill({ state }: { readonly state: string }): ReactNode {
  return <Pill tone={basketTones[state] ?? 'calm'}>{state}</Pill>
}
