import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Lexer, MAX_NESTING, SyntaxFault } from './lexer.ts'
import { dictionary, list, name, text } from './objects.ts'
import type { Value } from './objects.ts'
import { render, renderNumber } from './writer.ts'

const NONE = new Map<never, never>()

const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -2_147_483_647, max: 2_147_483_647 }),
    fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((whole) => whole / 10_000),
    fc.string({ unit: latin1(), minLength: 1, maxLength: 20 }).map(name),
    fc.uint8Array({ maxLength: 40 }).map(text),
    fc.array(tie('value'), { maxLength: 5 }).map(list),
    fc
      .dictionary(fc.string({ unit: latin1(), minLength: 1, maxLength: 8 }), tie('value'), {
        maxKeys: 5,
        noNullPrototype: true,
      })
      .map(dictionary),
  ),
}))

function latin1() {
  return fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte))
}

function lex(source: string): unknown {
  return new Lexer(Buffer.from(source, 'latin1')).token()
}

describe('reading and writing PDF objects', () => {
  test('whatever is written is read back as the same value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const written = render(value, NONE)
        expect(render(new Lexer(Buffer.from(written, 'latin1')).value(), NONE)).toBe(written)
      }),
    )
  })

  test('any bytes end in tokens or in a fault, never in a loop or another exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const lexer = new Lexer(bytes)
        let last = -1
        try {
          while (lexer.token() !== undefined) {
            expect(lexer.at).toBeGreaterThan(last)
            last = lexer.at
          }
        } catch (fault) {
          expect(fault).toBeInstanceOf(SyntaxFault)
        }
      }),
    )
  })

  test('a name hidden behind hexadecimal escapes is the plain name', () => {
    expect(lex('/#4a#53')).toEqual(name('JS'))
    expect(lex('/J#61vaScript')).toEqual(name('JavaScript'))
    expect(lex('/A#')).toEqual(name('A#'))
  })

  test('strings keep every byte through octal, line ends and nested brackets', () => {
    const written = (source: string): string => render(lex(source) as Value, NONE)
    expect(written('(a\\050b\\(c(d)\\\n\\r\r\n)')).toBe('<6128622863286429 0D0A>'.replace(' ', ''))
    expect(written('<48 65 6>')).toBe('(He`)')
  })

  test('odd numbers mean what readers make of them', () => {
    expect(lex('--5')).toBe(-5)
    expect(lex('1.2.3')).toBe(1.2)
    expect(lex('+.5')).toBe(0.5)
    expect(lex('12-34')).toBe(12)
    expect(lex('0.1234567890123456789')).toBe(0.123_456_789_012_345_68)
  })

  test('the last of two equal keys wins', () => {
    expect(render(lex('<< /A 1 /A 2 >>') as Value, NONE)).toBe('<< /A 2 >>')
  })

  test('nesting ends at its limit', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => lex(nested(MAX_NESTING))).not.toThrow()
    expect(() => lex(nested(MAX_NESTING + 1))).toThrow(SyntaxFault)
  })

  test('numbers are written without exponent and without minus zero', () => {
    expect([1e-7, -0, 0.1 + 0.2, -1.5, 1e9, 1e-13].map(renderNumber)).toEqual([
      '0.0000001',
      '0',
      '0.3',
      '-1.5',
      '1000000000',
      '0',
    ])
  })
})
