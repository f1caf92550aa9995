import { MODELS } from '@sekisho/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileText, mendedText, readable } from './corpus.test-support.ts'
import { modelDigest } from './digest.ts'
import { formatTown } from './format.ts'
import { parseText } from './parse.ts'
import { townTemplate } from './template.ts'

function formatted(text: string): string {
  const result = formatTown(text)
  if (!result.ok) throw new Error(result.problems.map((one) => one.message).join('\n'))
  return result.text
}

describe('one way to write a town', () => {
  test.each([
    ['kasumi', fileText('examples/kasumi/town.yaml')],
    ['broken', fileText('corpus/town/broken/town.yaml')],
    ['mended', mendedText()],
    ...MODELS.map((model) => [`the template of ${model}`, townTemplate(model)!]),
  ])('%s is already written that way', (_, text = '') => {
    expect(formatTown(text)).toEqual({ ok: true, text, changed: false })
  })
  test('spacing, quotes and padding are settled; comments and order stay', () => {
    const text = [
      '# 先頭の説明',
      'town:   # 行の説明',
      '      staff: 10',
      "      name: '試し町'",
      'zones:',
      '- {id: "lgwan",networks: [ 10.0.0.0/8 ]}',
      '',
      '',
      '# 末尾の説明',
      '',
    ].join('\n')
    expect(formatted(text)).toBe(
      [
        '# 先頭の説明',
        'town:',
        '  # 行の説明',
        '  staff: 10',
        '  name: 試し町',
        'zones:',
        '  - { id: lgwan, networks: [10.0.0.0/8] }',
        '',
        '# 末尾の説明',
        '',
      ].join('\n'),
    )
  })
  test('a text that would read as something else without quotes keeps them', () => {
    const text = 'a: "10"\nb: "true"\nc: "0x1f"\nd: "~"\ne: "1e3"\nf: "a: b"\ng: " x"\nh: ""\n'
    expect(formatted(text)).toBe(text)
  })
  test('formatting kasumi does not change the town', () => {
    const text = fileText('examples/kasumi/town.yaml')
    const wild = text.replaceAll('  - {', '  -   {').replaceAll(': [', ':   [ ')
    expect(formatted(wild)).toBe(text)
    expect(modelDigest(readable(wild).town)).toBe(modelDigest(readable(text).town))
  })
  test('a file that is not YAML is left alone, with its problems', () => {
    expect(formatTown('a: [')).toMatchObject({ ok: false, problems: [{ reason: 'TOWN-SYNTAX' }] })
  })
})

const word = fc.oneof(
  fc.constantFrom(
    '葛\u{E0102}城',
    '𠮷田',
    '10',
    'true',
    '# x',
    'a: b',
    '- a',
    '',
    ' ',
    "'",
    '"',
    '=1',
    '@',
  ),
  fc.string({ maxLength: 8 }),
)
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }),
  ),
})).any
const layout = fc.record({ comments: fc.boolean(), blanks: fc.boolean(), json: fc.boolean() })

/** Some text that holds a value: JSON on one line or many, with comments and blank lines thrown in. */
function written(
  held: unknown,
  { comments, blanks, json }: { comments: boolean; blanks: boolean; json: boolean },
): string {
  const body = JSON.stringify(held, undefined, json ? 0 : 3)
  const noted = comments ? body.replaceAll(/,\n/gu, ', # 注\n') : body
  return `${comments ? '# 先頭\n\n' : ''}key: ${noted.replaceAll('\n', blanks ? '\n\n  ' : '\n  ')}\n`
}

describe('whatever the file', () => {
  test('formatting twice is formatting once, and keeps every value', () => {
    fc.assert(
      fc.property(value, layout, (held, how) => {
        const text = written(held, how)
        const once = formatTown(text)
        if (!once.ok) return
        expect(formatTown(once.text)).toEqual({ ok: true, text: once.text, changed: false })
        const [before, after] = [parseText(text), parseText(once.text)]
        expect(after.ok && after.value).toEqual(before.ok && before.value)
      }),
      { numRuns: 120 },
    )
  })
  test('the property above is not vacuous: most generated files are formatted', () => {
    const texts = fc.sample(fc.tuple(value, layout), { numRuns: 40, seed: 1 })
    const done = texts.filter(([held, how]) => formatTown(written(held, how)).ok)
    expect(done.length).toBeGreaterThan(28)
  })
})
