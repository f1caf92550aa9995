import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { urlAllowed } from '../verify/url.ts'
import { allowedUrl } from './url.ts'

describe('links', () => {
  it.each([
    ['https://www.example.lg.jp/a?b=1#c', 'https://www.example.lg.jp/a?b=1#c'],
    [' http://例え.jp/手続 ', 'http://xn--r8jz45g.jp/%E6%89%8B%E7%B6%9A'],
    ['mailto:jumin@example.lg.jp', 'mailto:jumin@example.lg.jp'],
    ['tel:+81-3-1234-5678', 'tel:+81-3-1234-5678'],
    ['#第2章', '#%E7%AC%AC2%E7%AB%A0'],
  ])('keeps %s', (url, written) => expect(allowedUrl(url)).toBe(written))

  it.each(['#a b', '#第2章', '#a%20b', 'http://例え.jp/手続 き'])(
    'writes %s the same twice',
    (url) => {
      const once = allowedUrl(url)
      expect(once).toBeDefined()
      expect(allowedUrl(once ?? '')).toBe(once)
    },
  )

  it.each([
    'file:///c:/x',
    '\\\\host\\share',
    '//host/share',
    'http:\\\\host\\share',
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    'java\tscript:x',
    'ms-msdt:/id',
    'search-ms:query=x',
    'vbscript:x',
    'data:text/html,x',
    'ftp://h/',
    'http://user:pw@host/',
    'https://host@SSL/DavWWWRoot/x',
    'http://h/DavWWWRoot/x',
    'ｈｔｔｐ://h/',
    'http://',
    'tel:*#06#',
    'mailto:a@b?attach=c:\\x',
    'mailto:a@b?attachment=/etc/passwd',
    'mailto:a@b?cc=c&%41TT%61c%68=/etc/passwd',
    'http://h/\u202Ex',
    'x',
    '',
    `https://h/${'a'.repeat(2083)}`,
    'vnd.sun.star.script:x',
    'macro:x',
    'about:blank',
  ])('does not keep %s', (url) => expect(allowedUrl(url)).toBeUndefined())

  it('a field of a mail link that attaches a file is seen by the verifier, too, however it is spelled', () => {
    for (const field of ['attach', 'Attachment', '%61ttach', 'atta%63%48ment'])
      expect(urlAllowed(`mailto:a@b?subject=x&${field}=y`)).toBe(false)
    expect(urlAllowed('mailto:a@b?subject=attach')).toBe(true)
  })

  it('writes only what the verifier accepts', () => {
    const unit = fc.constantFrom(
      'http://',
      'https://',
      'mailto:',
      'tel:',
      '#',
      'h',
      '/',
      '\\',
      '@',
      ':',
      '%',
      '？',
      ' ',
      '1',
      '.',
      '[',
      '?',
    )
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (pieces) => {
        const written = allowedUrl(pieces.join(''))
        expect(written === undefined || urlAllowed(written)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
