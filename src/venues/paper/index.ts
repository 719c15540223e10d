export type { OrderLatency } from './order-latency.ts'
export { PaperGateway, type PaperOptions } from './paper-gateway.ts'
