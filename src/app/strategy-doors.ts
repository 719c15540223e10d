import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type StrategyDoor = 'strategy' | 'testing'

/** The file behind `prediction-engine/strategy`: the source where it is, else what was built. */
export function doorFile(door: StrategyDoor): string {
  const source = fileURLToPath(new URL(`../strategy-kit/${door}.ts`, import.meta.url))
  return existsSync(source)
    ? source
    : fileURLToPath(new URL(`../strategy-kit/${door}.js`, import.meta.url))
}

/** The same for a compiler: what was built has its types beside it. */
export function doorTypes(door: StrategyDoor): string {
  return doorFile(door).replace(/\.js$/, '.d.ts')
}
