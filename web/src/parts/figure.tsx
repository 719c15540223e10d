import type { ReactNode } from 'react'

export type FigureProps = {
  readonly label: string
  readonly value: ReactNode
  readonly note?: ReactNode
  readonly tone?: string
}

/** One number and what it is. */
export function Figure({ label, value, note, tone = '' }: FigureProps): ReactNode {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className={tone}>{value}</dd>
      {note === undefined ? null : <dd className="figure-note">{note}</dd>}
    </div>
  )
}

export function Figures({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="figures">{children}</dl>
}
