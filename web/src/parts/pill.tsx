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
  planned: 'calm',
  probing: 'accent',
  working: 'accent',
  reconciling: 'warn',
  pricing: 'warn',
  completing: 'accent',
  unwinding: 'warn',
  quarantined: 'loss',
  complete: 'gain',
  unwound: 'warn',
  uneven: 'loss',
  empty: 'calm',
}

/** What a basket is doing, or what it came to. */
export function BasketPill({ basket }: { readonly basket: BasketStanding }): ReactNode {
  const word = basket.result ?? basket.state
  return <Pill tone={basketTones[word] ?? 'calm'}>{word}</Pill>
}

const orderTones: Readonly<Record<string, Tone>> = {
  sent: 'accent',
  live: 'accent',
  filled: 'gain',
  'partly-filled': 'warn',
  rejected: 'loss',
  cancelled: 'calm',
  'not-attempted': 'calm',
  unknown: 'warn',
}

/** What became of an order, and why when it did not fill. */
export function OrderPill({ state, reason }: Reasoned): ReactNode {
  const why = reason === '' || reason === state || state === 'filled' ? '' : `: ${words(reason)}`
  return (
    <Pill tone={orderTones[state] ?? 'calm'}>
      {words(state)}
      {why}
    </Pill>
  )
}

const operationTones: Readonly<Record<string, Tone>> = {
  sent: 'accent',
  submitted: 'accent',
  final: 'gain',
  failed: 'loss',
  unknown: 'warn',
}

/** What became of a settlement operation. */
export function OperationPill({ state, reason }: Reasoned): ReactNode {
  return (
    <Pill tone={operationTones[state] ?? 'calm'}>
      {words(state)}
      {reason === '' ? '' : `: ${words(reason)}`}
    </Pill>
  )
}

type BasketStanding = { readonly state: string; readonly result: string | null }
type Reasoned = { readonly state: string; readonly reason: string }
