import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Context, collectItems, readMessage } from '@sekisho/disarm/mail'
import { copyForInside } from './rewrite.ts'

const DOMAIN = 'town.kasumi.example.jp'

function copied(lines: readonly string[]): string {
  const bytes = copyForInside(Buffer.from(lines.join('\r\n'), 'latin1'), DOMAIN)
  return Buffer.from(bytes ?? []).toString('latin1')
}

const HEAD = ['From: a@x.jp', 'Message-ID: <1@x.jp>', 'X-Town: kept', 'MIME-Version: 1.0']
const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

describe('mail for those inside', () => {
  it('is every byte as it came, but Bcc', () => {
    const lines = [...HEAD, 'Content-Type: text/plain', '', 'hello', '']
    expect(copied(['Bcc: b@x.jp,', ' c@x.jp', ...lines])).toBe(lines.join('\r\n'))
  })

  it('in eight bits keeps its fields, its parts and its words, and leaves in seven', () => {
    const text = copied([
      ...HEAD,
      'Content-Type: multipart/mixed; boundary="b"',
      'Content-Transfer-Encoding: 8bit',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      utf8('お世話になっております。𠮷田'),
      '--b',
      'Content-Type: application/x-own',
      'Content-Disposition: attachment; filename="a.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      'AAEC',
      '--b--',
      '',
    ])
    expect(text).toMatch(/^X-Town: kept\r$/mu)
    expect(text).toContain('Content-Type: application/x-own')
    expect(text).not.toMatch(/[\u0080-\u00FF]/u)
    const [body] = collectItems(readMessage(text, new Context()), new Context())
    expect(body).toMatchObject({ text: 'お世話になっております。𠮷田' })
  })

  it('whatever its words are, they arrive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (words) => {
        const line = words.replaceAll(/[\r\n\0]/gu, ' ')
        const text = copied([
          ...HEAD,
          'Content-Type: text/plain; charset=utf-8',
          '',
          utf8(line),
          '',
        ])
        const [body] = collectItems(readMessage(text, new Context()), new Context())
        expect(body?.kind === 'body' && body.text?.trim()).toBe(line.trim())
      }),
      { numRuns: 100 },
    )
  })
})
