import type { ReactNode } from 'react'
import { useId } from 'react'

export type PanelProps = {
  readonly title: string
  readonly note?: ReactNode
  /** What stands at the right of the head. */
  readonly tools?: ReactNode
  readonly flush?: boolean
  readonly scroll?: boolean
  readonly className?: string
  readonly children: ReactNode
}

/** A titled part of a page. */
export function Panel(props: PanelProps): ReactNode {
  const { title, note, tools, flush = false, scroll = false, className = '', children } = props
  const id = useId()
  const body = `panel-body${flush ? ' flush' : ''}${scroll ? ' scroll' : ''}`
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <span className="note">{note}</span>}
        <span className="spring" />
        {tools}
      </header>
      {/* What scrolls can be reached by the keyboard. */}
      <div
        className={body}
        {...(scroll ? { tabIndex: 0, role: 'group', 'aria-labelledby': id } : {})}
      >
        {children}
      </div>
    </section>
  )
}
