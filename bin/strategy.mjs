// `prediction-engine/strategy`: the sources where they are, else what was built of them.
import { existsSync } from 'node:fs'

const source = new URL('../src/strategy-kit/strategy.ts', import.meta.url)
const built = new URL('../dist/strategy-kit/strategy.js', import.meta.url)
const kit = await import(String(existsSync(source) ? source : built))

// An import by a name that is computed passes nothing on by itself.
export const {
  add,
  askSide,
  bidSide,
  ceilToGrid,
  complement,
  cost,
  count,
  defineStrategy,
  flag,
  floorToGrid,
  floorToLot,
  fraction,
  legOf,
  max,
  milliseconds,
  min,
  noAsk,
  noBid,
  pass,
  price,
  proceeds,
  shares,
  stepAt,
  subtract,
  takerFee,
  takerFeeMax,
  texts,
  trade,
  usd,
  worth,
} = kit
