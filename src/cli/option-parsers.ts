import { InvalidArgumentError } from 'commander'
import { parseDuration } from './parse-duration.ts'

export function durationOption(text: string): number {
  const durationMs = parseDuration(text)
  if (durationMs === undefined) {
    throw new InvalidArgumentError('Expected a duration such as 30s, 2m or 1h30m, up to 24 days.')
  }
  return durationMs
}

export function seedOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected 0 to 999999999.')
  return Number(text)
}

export function portOption(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new InvalidArgumentError('Expected 0 to 65535; 0 is any free port.')
  return port
}

export function countOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a positive number.')
  return Number(text)
}

export function listOption(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

const bytesOf: Readonly<Record<string, number>> = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

export function bytesOption(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9})(KB|MB|GB|TB)?$/i.exec(text) ?? []
  const bytes = Number(digits) * (bytesOf[unit.toUpperCase()] ?? Number.NaN)
  if (!(bytes > 0)) throw new InvalidArgumentError('Expected a size such as 500MB or 20GB.')
  return bytes
}
