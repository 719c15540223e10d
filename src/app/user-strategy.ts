import { assert } from '../core/assert.ts'
import type { Market } from '../core/market.ts'
import type { Decision } from '../core/signal.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../ports/strategy.ts'
import type { StrategyBody } from '../strategy-kit/define-strategy.ts'
import type { ParameterValue } from '../strategy-kit/parameter.ts'
import { beginLook } from '../strategy-kit/loop-count.ts'
import type { StrategyFile } from './strategy-file.ts'

export type UserSettings = Readonly<Record<string, ParameterValue>>

/** Looks at how long a strategy takes. It changes nothing: what it finds comes back as a command. */
export type LookGuard = {
  /** A strategy is asked now. */
  enter(strategy: string): void
  /** It has answered. */
  leave(): void
}

type Version = { readonly file: StrategyFile; readonly settings: UserSettings }

/** A strategy of the user's own at work, in one of the versions of its file. */
export class UserStrategy implements Strategy {
  readonly name: string
  readonly #versions: Map<string, Version> = new Map()
  readonly #guard: LookGuard | undefined
  #body: StrategyBody
  #version: string

  constructor(file: StrategyFile, settings: UserSettings, guard?: LookGuard) {
    this.name = file.definition.name
    this.#guard = guard
    this.#version = file.version
    this.#versions.set(file.version, { file, settings })
    this.#body = bodyOf({ file, settings })
  }

  /** The hash of the file that is at work. */
  get version(): string {
    return this.#version
  }

  /** Another version that it may be told to become. */
  learn(file: StrategyFile, settings: UserSettings): void {
    assert(file.definition.name === this.name, `a version keeps its name: ${this.name}`)
    this.#versions.set(file.version, { file, settings })
  }

  become(version: string): boolean {
    const known = this.#versions.get(version)
    if (known === undefined) return false
    this.#body = bodyOf(known)
    this.#version = version
    return true
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    this.#timed(() => this.#body.onCatalogue?.(catalogue, cache))
  }

  watches(market: Market, catalogue: CatalogueView): boolean {
    beginLook()
    return this.#body.watches?.(market, catalogue) ?? true
  }

  evaluate(context: EvalContext): Decision {
    beginLook()
    const guard = this.#guard
    if (guard === undefined) return this.#body.evaluate(context)
    guard.enter(this.name)
    try {
      return this.#body.evaluate(context)
    } finally {
      guard.leave()
    }
  }

  #timed(run: () => void): void {
    beginLook()
    this.#guard?.enter(this.name)
    try {
      run()
    } finally {
      this.#guard?.leave()
    }
  }
}

/** Throws what the file throws, and a TypeError where it makes no strategy. */
function bodyOf({ file, settings }: Version): StrategyBody {
  beginLook()
  const body: unknown = file.definition.create(settings)
  if (typeof body === 'object' && body !== null && 'evaluate' in body) {
    if (typeof body.evaluate === 'function') return body as StrategyBody
  }
  throw new TypeError(`${file.file}: create gave no { evaluate }`)
}
