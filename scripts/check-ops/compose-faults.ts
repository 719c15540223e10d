import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const Entry = z.looseObject({
  image: z.string(),
  build: z.strictObject({ context: z.string() }).optional(),
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2), interval: z.string() }),
  restart: z.string(),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))])
    .optional(),
})

const Compose = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Entry),
  volumes: z.record(z.string(), z.null()),
})

/** What must be reachable, by service: the ports that the documentation names. */
const wantedPorts: Readonly<Record<string, string>> = {
  engine: '127.0.0.1:9000:9000',
  prometheus: '127.0.0.1:9090:9090',
  grafana: '127.0.0.1:3000:3000',
}

/**
 * What is wrong with a compose file, in words; empty when nothing is.
 *
 * `exists` says whether a path beside the file is there.
 */
export function composeFaults(text: string, exists: (file: string) => boolean): readonly string[] {
  const read = Compose.safeParse(parse(text, { merge: true }))
  if (!read.success) return [z.prettifyError(read.error)]
  const { services, volumes } = read.data
  const faults = Object.keys(wantedPorts)
    .filter((name) => services[name] === undefined)
    .map((name) => `there is no service ${name}`)
  for (const [name, service] of Object.entries(services)) {
    const own = [
      ...imageFaults(service),
      ...portFaults(service, wantedPorts[name]),
      ...volumeFaults(service, Object.keys(volumes), exists),
      ...dependencyFaults(service, Object.keys(services)),
    ]
    faults.push(...own.map((fault) => `${name}: ${fault}`))
  }
  return faults
}

type Entry = z.infer<typeof Entry>

/** A tag that moves gives another program tomorrow. One that is built here is of this commit. */
function imageFaults({ build, image }: Entry): readonly string[] {
  if (build !== undefined) return []
  return /:v?\d+\.\d+\.\d+[\w.-]*$|@sha256:[0-9a-f]{64}$/.test(image)
    ? []
    : [`the image is not pinned to a version: ${image}`]
}

function portFaults({ ports }: Entry, wanted: string | undefined): readonly string[] {
  const open = ports.filter((port) => !port.startsWith('127.0.0.1:'))
  const faults = open.map((port) => `the port is open to the world: ${port}`)
  return wanted === undefined || ports.includes(wanted)
    ? faults
    : [...faults, `it is not reached on ${wanted}`]
}

function volumeFaults(
  { volumes }: Entry,
  named: readonly string[],
  exists: (file: string) => boolean,
): readonly string[] {
  return volumes.flatMap((volume) => {
    const [source = '', target = '', mode] = volume.split(':')
    if (!target.startsWith('/')) return [`a volume goes to no full path: ${volume}`]
    if (!source.startsWith('.')) return named.includes(source) ? [] : [`no volume is ${source}`]
    if (!exists(path.normalize(source))) return [`there is no ${source}`]
    return mode === 'ro' ? [] : [`what is kept in git is mounted to be written: ${volume}`]
  })
}

function dependencyFaults({ depends_on }: Entry, services: readonly string[]): readonly string[] {
  const names = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on ?? {})
  return names.filter((name) => !services.includes(name)).map((name) => `no service is ${name}`)
}
