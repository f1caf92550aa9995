import { describe, expect, it } from 'vitest'
import { routeOf, safeNext, withQuery } from './route.ts'

describe('addresses', () => {
  it('open one card by the number read on the telephone', () => {
    expect(routeOf('/approve/S-1042')).toEqual({ page: 'card', number: 'S-1042' })
  })

  it.each([
    '/approve/../evidence',
    '/approve/S-1/x',
    '/approve/%2e%2e',
    '/nothing',
    '/send/',
    '//',
  ])('mean no page: %s', (path) => {
    expect(routeOf(path)).toEqual({ page: 'unknown' })
  })

  it('keep other filters when one changes', () => {
    const place = { path: '/evidence', query: new URLSearchParams('person=%F0%A0%AE%B7&page=3') }
    expect(withQuery(place, { page: '' })).toBe('/evidence?person=%F0%A0%AE%B7')
  })
})

describe('where sign-in leads', () => {
  it.each([
    '//evil.example/',
    'https://evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/sign-in?next=/sign-in',
    '/nowhere',
    '',
  ])('never outside of the program: %j', (next) => {
    expect(safeNext(next)).toBe('/')
  })

  it('is the card of the e-mail that was followed', () => {
    expect(safeNext('/approve/S-1042')).toBe('/approve/S-1042')
    expect(safeNext('/evidence?person=a&page=2')).toBe('/evidence?person=a&page=2')
  })
})
