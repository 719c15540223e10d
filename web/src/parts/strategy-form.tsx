import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import type { StrategyStatus } from '../../../src/server/schema/run-status.ts'
import { words } from '../format.ts'
import type { ControlLine } from '../use-control.ts'

export type StrategyFormProps = {
  readonly strategy: StrategyStatus
  readonly mayAct: boolean
  readonly control: ControlLine
  readonly path: string
}

/** The parameters of a strategy, to be changed while it runs. */
export function StrategyForm({ strategy, mayAct, control, path }: StrategyFormProps): ReactNode {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({})
  const parameters = Object.entries(strategy.parameters)
  const changed = parameters.filter(([name, value]) => (drafts[name] ?? value) !== value)
  if (parameters.length === 0) return null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wanted = Object.fromEntries(changed.map(([name]) => [name, drafts[name] ?? '']))
    const { done } = await control.send(path, 'POST', { parameters: wanted })
    if (done) setDrafts({})
  }
  return (
    <form className="parameters" onSubmit={(event) => void submit(event)}>
      {parameters.map(([name, value]) => (
        <label key={name} className="parameter">
          {inWords(name)}
          <input
            className="field number"
            inputMode="decimal"
            disabled={!mayAct}
            value={drafts[name] ?? value}
            onChange={({ target }) => setDrafts((known) => ({ ...known, [name]: target.value }))}
          />
        </label>
      ))}
      <button
        type="submit"
        className="button"
        disabled={!mayAct || changed.length === 0 || control.busy}
      >
        Change
      </button>
    </form>
  )
}

/** "edgeMin" as words. */
function inWords(name: string): string {
  return words(name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`))
}
