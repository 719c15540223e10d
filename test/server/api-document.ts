import type { ApiApp } from '../../src/server/api-app.ts'
import { createApp } from '../../src/server/create-app.ts'
import { ApiScene } from './api-scene.ts'

/** Of no version, so that a release does not change the contract. */
export function newApp(): ApiApp {
  return createApp({
    guard: { host: '127.0.0.1', allowedHosts: [] },
    parts: new ApiScene().parts,
    cookieName: 'session',
    dashboardFolder: '',
    version: '0.0.0',
    exposition: async () => '',
    notAlive: () => [],
    notReady: () => [],
  })
}

/** The contract of the API, as it is served. */
export async function apiDocument(): Promise<unknown> {
  const headers = { host: '127.0.0.1' }
  return (await newApp().request('/api/openapi.json', { headers })).json()
}
