import { describe, expect, test } from 'vitest'
import { HandClock, tokens } from '../../test/server/api-scene.ts'
import { Access } from './access.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

function given(): { readonly access: Access; readonly clock: HandClock } {
  const clock = new HandClock()
  return { access: new Access(tokens, clock), clock }
}

describe('a link', () => {
  test('lets one browser in, once', () => {
    const { access } = given()
    const code = access.issueCode('control')

    expect(access.redeemCode(code)).toBe('control')
    expect(access.redeemCode(code)).toBeUndefined()
  })

  test('is no good after an hour', () => {
    const { access, clock } = given()
    const code = access.issueCode('read')

    clock.ms += hourMs

    expect(access.redeemCode(code)).toBeUndefined()
  })

  test('that was never made lets nobody in', () => {
    expect(given().access.redeemCode('')).toBeUndefined()
  })
})

describe('a token', () => {
  test.each([
    [tokens.read, 'read'],
    [tokens.control, 'control'],
    [`${tokens.control}x`, undefined],
    ['', undefined],
  ] as const)('%s opens %s', (token, scope) => {
    expect(given().access.scopeOfToken(token)).toBe(scope)
  })
})

describe('a cookie', () => {
  test('is good after a restart, and holds no token', () => {
    const { access, clock } = given()
    const { value } = access.makeCookie('read')

    expect(new Access(tokens, clock).scopeOfCookie(value)).toBe('read')
    expect(value).not.toContain(tokens.read)
    expect(value).not.toContain(tokens.control)
  })

  test('ends with its thirty days', () => {
    const { access, clock } = given()
    const { value } = access.makeCookie('control')

    clock.ms += 30 * dayMs

    expect(access.scopeOfCookie(value)).toBeUndefined()
  })

  test.each([
    { name: 'with a wider scope', change: (value: string) => value.replace('read', 'control') },
    {
      name: 'with a later end',
      change: (value: string) => value.replace(/\.(\d)/, '.9$1'),
    },
    { name: 'without its signature', change: (value: string) => value.replace(/\.[^.]*$/, '') },
    { name: 'that is nothing', change: () => '' },
  ])('$name is refused', ({ change }) => {
    const { access } = given()
    const { value } = access.makeCookie('read')

    expect(access.scopeOfCookie(change(value))).toBeUndefined()
  })

  test('is worth nothing once the token was changed', () => {
    const { access, clock } = given()
    const { value } = access.makeCookie('control')
    const changed = new Access({ ...tokens, control: 'd'.repeat(43) }, clock)

    expect(changed.scopeOfCookie(value)).toBeUndefined()
  })
})

describe('guessing', () => {
  test('is barred for a minute after twenty failures', () => {
    const { access, clock } = given()

    for (let tries = 0; tries < 20; tries++) access.noteFailure()
    expect(access.isBarred).toBe(true)
    clock.ms += 60_001

    expect(access.isBarred).toBe(false)
  })
})
