import type { ReactNode } from 'react'

export type MeterProps = {
  readonly label: string
  readonly used: number
  readonly max: number
  /** How it is read out and written: "$120 of $10,000". */
  readonly text: string
}

/** How much of a limit is used. */
export function Meter({ label, used, max, text }: MeterProps): ReactNode {
  const share = max <= 0 ? 0 : Math.min(1, Math.max(0, used / max))
  const tone = share >= 0.95 ? ' full' : share >= 0.75 ? ' near' : ''
  return (
    <div className={`meter${tone}`}>
      <div className="meter-words">
        <span>{label}</span>
        <span className="soft">{text}</span>
      </div>
      <div
        className="meter-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(used, max)}
        aria-valuetext={text}
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  )
}
