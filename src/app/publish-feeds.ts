import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import type { Venue } from './venue.ts'

/** Shows at each scrape how the sockets stand: nobody has to count it in between. */
export function publishFeeds(metrics: MetricRegistry, venues: readonly Venue[]): void {
  for (const venue of venues) {
    const reconnects = metrics.counter('feed_reconnects_total', { venue: venue.id })
    let counted = 0
    metrics.beforeReading(() => {
      const status = venue.feed.status()
      reconnects.add(status.reconnects - counted)
      counted = status.reconnects
      publish(metrics, venue)
    })
  }
}

function publish(metrics: MetricRegistry, { id: venue, feed, codec }: Venue): void {
  const { connectionsOpen, connectionsWanted, marketsSubscribed } = feed.status()
  metrics.gauge('feed_connections', { venue, state: 'open' }).set(connectionsOpen)
  metrics.gauge('feed_connections', { venue, state: 'wanted' }).set(connectionsWanted)
  metrics.gauge('feed_markets_subscribed', { venue }).set(marketsSubscribed)
  for (const [layer, count] of Object.entries(codec.layers())) {
    metrics.gauge('feed_decode_layer_frames', { venue, layer }).set(count)
  }
}
