import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import type { PairDetail } from '../../../src/server/schema/pair.ts'
import { pairDecision } from '../../../src/server/schema/pair.ts'
import { words } from '../format.ts'
import { ask } from '../request.ts'
import { useMayAct } from '../scope.ts'

export type PairDecisionProps = { readonly pair: PairDetail; readonly onDecided: () => void }

const nameKey = 'reader'

/** Confirms or rejects a pair. Every difference is allowed by name, or the pair does not trade. */
export function PairDecision({ pair, onDecided }: PairDecisionProps): ReactNode {
  const mayAct = useMayAct()
  const [by, setBy] = useState(localStorage.getItem(nameKey) ?? '')
  const [note, setNote] = useState('')
  const [allowed, setAllowed] = useState<ReadonlySet<string>>(new Set())
  const [said, setSaid] = useState<{ readonly done: boolean; readonly text: string }>()
  const isVetoed = pair.verdict === 'not-same'
  const decide = async (what: 'confirm' | 'reject'): Promise<void> => {
    localStorage.setItem(nameKey, by)
    const body = what === 'confirm' ? { by, allow: [...allowed], note } : { by, because: note }
    try {
      const path = `/api/pairs/${encodeURIComponent(pair.id)}/${what}`
      const { message } = await ask(path, pairDecision, { method: 'POST', body })
      setSaid({ done: true, text: message })
      onDecided()
    } catch (error) {
      setSaid({ done: false, text: error instanceof Error ? error.message : String(error) })
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void decide('confirm')
  }
  return (
    <form className="decision" onSubmit={submit}>
      {pair.allowances.map((allowance) => (
        <label key={allowance} className="check">
          <input
            type="checkbox"
            disabled={!mayAct}
            checked={allowed.has(allowance)}
            onChange={({ target }) => setAllowed(toggled(allowed, allowance, target.checked))}
          />
          I allow the difference in {words(allowance)}
        </label>
      ))}
      <TextField name="Your name" required value={by} onValue={setBy} />
      <TextField
        name={
          pair.verdict === 'unknown'
            ? 'Note (needed: what could not be read, you answer for)'
            : 'Note'
        }
        value={note}
        onValue={setNote}
      />
      {said === undefined ? null : (
        <p className={said.done ? 'gain' : 'loss'} role="status">
          {said.text}
        </p>
      )}
      <div className="actions-row">
        <button type="submit" className="button primary" disabled={!mayAct || isVetoed}>
          Confirm: the same question
        </button>
        <button
          type="button"
          className="button danger"
          disabled={!mayAct || by.trim() === ''}
          onClick={() => void decide('reject')}
        >
          Reject
        </button>
        {isVetoed ? (
          <span className="muted">They ask different things: nobody can allow that away.</span>
        ) : null}
      </div>
    </form>
  )
}

type TextFieldProps = {
  readonly name: string
  readonly required?: boolean
  readonly value: string
  readonly onValue: (value: string) => void
}

function TextField({ name, required = false, value, onValue }: TextFieldProps): ReactNode {
  const mayAct = useMayAct()
  return (
    <label className="stacked">
      {name}
      <input
        className="field"
        required={required}
        disabled={!mayAct}
        value={value}
        onChange={({ target }) => onValue(target.value)}
      />
    </label>
  )
}

function toggled(known: ReadonlySet<string>, name: string, on: boolean): ReadonlySet<string> {
  const next = new Set(known)
  if (on) next.add(name)
  else next.delete(name)
  return next
}
