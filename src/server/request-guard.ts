/** What of a request decides whether it may come near. Names of headers in lower case. */
export type Asked = {
  readonly method: string
  readonly path: string
  readonly header: (name: string) => string | undefined
}

export type GuardOptions = {
  /** The address that is listened on. */
  readonly host: string
  /** Names under which this server may be reached besides its address. */
  readonly allowedHosts: readonly string[]
}

/** For machines that watch machines: they come by any name, and learn nothing secret. */
const probes = ['/metrics', '/healthz', '/readyz']

/**
 * Why a request must not be answered, if it must not.
 *
 * A page of another site can point its own name at this address, or send requests to it through the
 * browser of whoever looks at it. The first shows in the Host, the second in the Origin.
 */
export function refuseRequest(asked: Asked, options: GuardOptions): string | undefined {
  const host = asked.header('host')
  if (host === undefined || !isOurName(asked.path, host, options)) {
    return isLoopback(options.host)
      ? 'this server answers to localhost only'
      : 'this server does not go by that name; see [server] allowed_hosts'
  }
  return isForeign(asked, host) ? 'this comes from another site' : undefined
}

/** Whether a page of ours sent it: what a cookie alone allows to change anything. */
export function isFromOurPage(asked: Asked): boolean {
  const origin = asked.header('origin')
  return origin !== undefined && origin === originOf(asked.header('host') ?? '')
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isOurName(path: string, hostHeader: string, options: GuardOptions): boolean {
  const name = nameOf(hostHeader)
  if (isLoopback(options.host)) return isLoopback(name)
  if (probes.includes(path)) return true
  // An address cannot be pointed elsewhere, a name can.
  return isLoopback(name) || isAddress(name) || options.allowedHosts.includes(name)
}

function isForeign(asked: Asked, host: string): boolean {
  const origin = asked.header('origin')
  if (origin !== undefined) return origin !== originOf(host)
  const site = asked.header('sec-fetch-site')
  // A link from elsewhere may lead to a page of ours, and to nothing below it.
  const opensPage = asked.method === 'GET' && !asked.path.startsWith('/api/')
  return (site === 'cross-site' || site === 'same-site') && !opensPage
}

function originOf(host: string): string {
  return `http://${host}`
}

function nameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(':')
}
