import { useState } from 'react'
import { controlResult } from '../../src/server/schema/control.ts'
import { ask } from './request.ts'

export type ControlSaid = { readonly done: boolean; readonly message: string }

export type ControlLine = {
  readonly busy: boolean
  /** What came of the last thing asked. */
  readonly said: ControlSaid | undefined
  readonly act: (what: 'pause' | 'resume') => Promise<ControlSaid>
  readonly send: (path: string, method: 'POST' | 'PUT', body?: unknown) => Promise<ControlSaid>
}

/** Asks the engine for something, and keeps what came of it. */
export function useControl(): ControlLine {
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<ControlSaid | undefined>(undefined)
  const send: ControlLine['send'] = async (path, method, body) => {
    setBusy(true)
    const outcome = await tryTo(path, method, body)
    setSaid(outcome)
    setBusy(false)
    return outcome
  }
  return { busy, said, send, act: (what) => send(`/api/control/${what}`, 'POST') }
}

async function tryTo(path: string, method: 'POST' | 'PUT', body: unknown): Promise<ControlSaid> {
  try {
    const { message } = await ask(path, controlResult, { method, body })
    return { done: true, message }
  } catch (error) {
    return { done: false, message: error instanceof Error ? error.message : String(error) }
  }
}
