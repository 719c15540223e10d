import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { Link } from './link.tsx'

export type DetailFrameProps = {
  readonly title: string
  readonly note?: string
  /** The list it was opened from. */
  readonly back: string
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** One of many, opened beside its list. */
export function DetailFrame({ title, note, back, tools, children }: DetailFrameProps): ReactNode {
  return (
    <section className="panel detail" aria-label={title}>
      <header className="panel-head">
        <Link to={back} className="button quiet" label="Back to the list">
          <Icon name="back" />
        </Link>
        <h2 title={title}>{title}</h2>
        {note === undefined ? null : <span className="note">{note}</span>}
        <span className="spring" />
        {tools}
      </header>
      <div className="panel-body scroll" tabIndex={0} role="group" aria-label="Details">
        {children}
      </div>
    </section>
  )
}
