import type { ReactNode } from 'react'
import type { ControlLine } from '../use-control.ts'

/** What came of the last thing asked. */
export function Said({ control }: { readonly control: ControlLine }): ReactNode {
  const { said } = control
  return (
    <p className={`said ${said === undefined ? '' : said.done ? 'gain' : 'loss'}`} role="status">
      {said?.message ?? ''}
    </p>
  )
}
