import type { Context } from 'react'
import { createContext, useContext } from 'react'

type Scope = 'read' | 'control'

export const ScopeContext: Context<Scope> = createContext<Scope>('read')

/** Whether this browser may act, and not only read. */
export function useMayAct(): boolean {
  return useContext(ScopeContext) === 'control'
}
