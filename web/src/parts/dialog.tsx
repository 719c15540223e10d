import type { ReactNode } from 'react'
import { useEffect, useId, useRef } from 'react'
import { Icon } from '../icon.tsx'

export type DialogProps = {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * A question that must be answered first. The browser keeps the focus inside, and Escape closes.
 */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={id}
      onCancel={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose()
      }}
    >
      <div className="dialog-frame">
        <header className="panel-head">
          <h2 id={id}>{title}</h2>
          <span className="spring" />
          <button type="button" className="button quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="panel-body">{children}</div>
      </div>
    </dialog>
  )
}
