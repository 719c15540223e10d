import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { composeFaults } from './compose-faults.ts'

const ops = path.resolve(import.meta.dirname, '../../ops')
const text = readFileSync(path.join(ops, 'docker-compose.yml'), 'utf8')
const exists = (file: string): boolean => existsSync(path.join(ops, file))

describe('composeFaults', () => {
  test('finds nothing wrong with ours', () => {
    expect(composeFaults(text, exists)).toEqual([])
  })

  test.each([
    { name: 'an image that moves', from: 'prometheus:v3.5.0', to: 'prometheus:latest' },
    { name: 'an image without a tag', from: 'prometheus:v3.5.0', to: 'prometheus' },
    { name: 'a port open to the world', from: "'127.0.0.1:3000", to: "'3000" },
    { name: 'another port than is documented', from: "'127.0.0.1:9000", to: "'127.0.0.1:9001" },
    { name: 'a volume nobody declared', from: '- engine-data:', to: '- enginedata:' },
    { name: 'a file that is not there', from: './alerts.yml', to: './alarms.yml' },
    { name: 'our files mounted to be written', from: 'prometheus.yml:ro', to: 'prometheus.yml' },
    { name: 'a service that waits for nobody', from: '      - engine\n', to: '      - motor\n' },
    { name: 'a service without a check', from: 'healthcheck', to: 'healthchek' },
    { name: 'no engine', from: '\n  engine:\n', to: '\n  motor:\n' },
  ])('finds $name', ({ from, to }) => {
    expect(text).toContain(from)

    expect(composeFaults(text.replace(from, to), exists)).not.toEqual([])
  })
})
