// `prediction-engine/testing`: the sources where they are, else what was built of them.
import { existsSync } from 'node:fs'

const source = new URL('../src/strategy-kit/testing.ts', import.meta.url)
const built = new URL('../dist/strategy-kit/testing.js', import.meta.url)
const kit = await import(String(existsSync(source) ? source : built))

// An import by a name that is computed passes nothing on by itself.
export const { StrategyScene, sceneFee, sceneMarket } = kit
