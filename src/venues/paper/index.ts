export type { PaperBand } from './bands.ts'
export type { LatencyQuantiles, OrderLatency } from './order-latency.ts'
export { PaperGateway, type PaperOptions } from './paper-gateway.ts'
