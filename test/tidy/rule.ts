import type ts from 'typescript'
import { lineOf, type Tree } from './tree.ts'

/** A place where a rule does not hold. */
export type Finding = { readonly file: string; readonly line: number; readonly what: string }

/** Files by path, small enough to read at a glance. */
export type Example = Readonly<Record<string, string>>

export type Rule = {
  /** The rule as a claim about the project. */
  readonly name: string
  /** What to do where it does not hold. */
  readonly instead: string
  readonly check: (tree: Tree) => readonly Finding[]
  /** Trees that the rule must refuse, each by itself. */
  readonly bad: readonly Example[]
  /** Trees close to the bad ones that it must let pass. */
  readonly good: readonly Example[]
}

export function finding(node: ts.Node, what: string): Finding {
  return { file: node.getSourceFile().fileName, line: lineOf(node), what }
}
