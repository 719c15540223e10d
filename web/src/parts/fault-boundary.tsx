import type { ReactNode } from 'react'
import { Component } from 'react'
import { Failed } from './states.tsx'

/** `place` is where the fault was met: elsewhere it is forgotten. */
type Props = { readonly place: string; readonly children: ReactNode }
type State = { readonly error: Error | undefined; readonly place: string }

/** Keeps a bug of one page on that page: what stands around it, the kill switch too, goes on. */
export class FaultBoundary extends Component<Props, State> {
  override state: State = { error: undefined, place: this.props.place }

  static getDerivedStateFromProps({ place }: Props, state: State): State | null {
    return place === state.place ? null : { error: undefined, place }
  }

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div className="page">
        <div className="panel">
          <Failed error={error} again={() => this.setState({ error: undefined })} />
        </div>
      </div>
    )
  }
}
