/**
 * What tests of a strategy are written with: `prediction-engine/testing`.
 *
 * A door of the package, so it passes on what other files export; within the project everybody
 * imports from those. docs/strategy-guide.md shows a test.
 */
export type { SceneFill, SceneLevel, SceneOptions } from './strategy-scene.ts'
export { StrategyScene } from './strategy-scene.ts'
export { sceneFee, sceneMarket } from './scene-market.ts'
