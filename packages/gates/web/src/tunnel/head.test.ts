import { describe, expect, it } from 'vitest'
import { HEAD_MAX, readHead } from './head.ts'

const read = (text: string) => readHead(Buffer.from(text, 'latin1'))
const faultOf = (text: string): string => {
  const reading = read(text)
  return reading.kind === 'fault' ? reading.fault : reading.kind
}

describe('the head of a request', () => {
  it('is read with what follows left alone', () => {
    const text = 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n'
    expect(read(`${text}\x16\x03\x01`)).toEqual({
      kind: 'head',
      length: text.length,
      head: {
        method: 'CONNECT',
        target: 'a.example:443',
        version: '1.1',
        fields: [['host', 'a.example:443']],
      },
    })
  })

  it('is the same however it is cut into segments', () => {
    const text = 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nX-A:  b c \r\n\r\n'
    for (let at = 0; at < text.length; at += 1) expect(read(text.slice(0, at)).kind).toBe('more')
    expect(read(text).kind).toBe('head')
  })

  it.each([
    [
      'a lone line feed ends a line',
      'CONNECT a.example:443 HTTP/1.1\nHost: b\r\n\r\n',
      'HEAD-LINE-END',
    ],
    ['a lone line feed ends the head', 'CONNECT a.example:443 HTTP/1.1\n\n', 'HEAD-LINE-END'],
    ['a lone carriage return', 'CONNECT a.example:443 HTTP/1.1\rHost: b\r\n\r\n', 'HEAD-LINE-END'],
    ['a NUL', 'CONNECT a.example\0:443 HTTP/1.1\r\n\r\n', 'HEAD-LINE-END'],
    ['two spaces', 'CONNECT  a.example:443 HTTP/1.1\r\n\r\n', 'HEAD-LINE'],
    ['a tab', 'CONNECT\ta.example:443 HTTP/1.1\r\n\r\n', 'HEAD-LINE'],
    ['an empty line first', '\r\nCONNECT a.example:443 HTTP/1.1\r\n\r\n', 'HEAD-LINE'],
    ['a space in the target', 'CONNECT a.example:443 x HTTP/1.1\r\n\r\n', 'HEAD-LINE'],
    ['letters that are not ASCII', 'CONNECT \xe9.example:443 HTTP/1.1\r\n\r\n', 'HEAD-LINE'],
    ['another version', 'CONNECT a.example:443 HTTP/2.0\r\n\r\n', 'HEAD-LINE'],
    ['no version', 'CONNECT a.example:443\r\n\r\n', 'HEAD-LINE'],
    [
      'a space before the colon',
      'CONNECT a.example:443 HTTP/1.1\r\nHost : b\r\n\r\n',
      'HEAD-FIELD',
    ],
    ['a folded line', 'CONNECT a.example:443 HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n', 'HEAD-FIELD'],
    ['no colon', 'CONNECT a.example:443 HTTP/1.1\r\nHost\r\n\r\n', 'HEAD-FIELD'],
    ['a control character', 'CONNECT a.example:443 HTTP/1.1\r\nX-A: b\x07\r\n\r\n', 'HEAD-FIELD'],
    ['two hosts', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n', 'HEAD-TWICE'],
    [
      'two lengths',
      'POST http://a.example/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      'HEAD-TWICE',
    ],
    [
      'two people',
      'CONNECT a.example:443 HTTP/1.1\r\nProxy-Authorization: Basic YQ==\r\nProxy-Authorization: Basic Yg==\r\n\r\n',
      'HEAD-TWICE',
    ],
    [
      'a length and chunks',
      'POST http://a.example/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HEAD-BODY',
    ],
    [
      'a CONNECT with a body',
      'CONNECT a.example:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n',
      'HEAD-BODY',
    ],
    [
      'a CONNECT with chunks',
      'CONNECT a.example:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HEAD-BODY',
    ],
    [
      'too many fields',
      `CONNECT a.example:443 HTTP/1.1\r\n${'A: b\r\n'.repeat(65)}\r\n`,
      'HEAD-LONG',
    ],
    ['too many bytes', `CONNECT a.example:443 HTTP/1.1\r\nA: ${'b'.repeat(HEAD_MAX)}`, 'HEAD-LONG'],
  ])('is turned away for %s', (_, text, expected) => {
    expect(faultOf(text)).toBe(expected)
  })

  it('never throws, and never takes bytes it has not got', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
      return seed % below
    }
    const base = 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nA: b\r\n\r\nrest'
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(base)
      for (let change = random(4); change >= 0; change -= 1)
        bytes[random(bytes.length)] = [0, 9, 10, 13, 32, 58, 127, 255, random(256)][random(9)] ?? 0
      const reading = readHead(bytes)
      if (reading.kind !== 'head') continue
      expect(bytes.subarray(reading.length - 4, reading.length).toString()).toBe('\r\n\r\n')
      expect(reading.head.target).toMatch(/^[!-~]+$/)
      expect(JSON.stringify(reading.head)).not.toMatch(/\\[rn]|\\u0000/)
    }
  })
})
