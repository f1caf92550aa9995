import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fileText,
  mendedText,
  mendedWith,
  readable,
  reasonsOf,
  yamlFiles,
} from './corpus.test-support.ts'
import * as limit from './limits.ts'
import { readTown } from './read.ts'

interface Expected {
  readonly reason: string
  readonly path: string
  readonly line: number
  readonly cure: string
}
const BAD = 'corpus/town/bad/'
const expected = JSON.parse(fileText(`${BAD}expected.json`)) as Record<string, Expected[]>

describe('a town file that cannot be read says what to mend', () => {
  test('every bad file has its expectation, and every expectation its file', () => {
    expect(Object.keys(expected).toSorted()).toEqual(
      yamlFiles(BAD)
        .map((name) => name.replace('.yaml', ''))
        .toSorted(),
    )
  })
  test.each(Object.keys(expected))('%s: reason, place, line and cure are as written', (name) => {
    const read = readTown(fileText(`${BAD}${name}.yaml`))
    const problems = read.ok ? [] : read.problems
    expect(problems.map(({ reason, path, line, cure }) => ({ reason, path, line, cure }))).toEqual(
      expected[name],
    )
  })
})

describe('a town file that can be read is taken as written', () => {
  const { town } = readable(fileText('examples/kasumi/town.yaml'))
  test('kasumi has its 184 people, and as many as its staff', () => {
    expect(town.people).toHaveLength(184)
    expect(town.staff).toBe(184)
    expect(new Set(town.people.map((one) => one.id)).size).toBe(184)
  })
  test('names are kept code point by code point: 葛󠄂 with its selector, 𠮷, 髙, 﨑', () => {
    const names = town.people.map((one) => one.name).join('\n')
    for (const name of ['葛\u{E0102}城', '\u{20BB7}田', '\u9AD9橋', '山\uFA11']) {
      expect(names).toContain(name)
    }
  })
  test('kasumi begins with a clerk, an approver of the same department and an IT officer', () => {
    const [clerk, approver, officer] = town.people
    expect(clerk?.roles).toEqual(['clerk'])
    expect(approver?.roles).toContain('approver')
    expect(approver?.department).toBe(clerk?.department)
    expect(officer?.roles).toContain('it-officer')
  })
  test('kasumi is of a believable size', () => {
    expect(town.systems.length).toBeGreaterThanOrEqual(28)
    expect(town.assets.length).toBe(60)
    expect(town.flows.length).toBeGreaterThanOrEqual(40)
    expect(town.tests.length).toBeGreaterThanOrEqual(8)
  })
  test('a town is frozen to its depth', () => {
    expect(Object.isFrozen(town)).toBe(true)
    expect(Object.isFrozen(town.systems[0]!.hosts[0]!.removableMedia)).toBe(true)
  })
  test('a byte order mark before the first key is not an error', () => {
    expect(reasonsOf(`\uFEFF${mendedText()}`)).toEqual([])
  })
  test('Windows line ends are not an error', () => {
    expect(reasonsOf(mendedText().replaceAll('\n', '\r\n'))).toEqual([])
  })
})

describe('what the file leaves out is never the permissive thing', () => {
  const { town } = readable(
    mendedWith(
      { path: 'boundaries', value: [] },
      { path: 'systems[0].hosts[0].authentication', remove: true },
      { path: 'systems[0].hosts[0].removableMedia', remove: true },
      { path: 'flows[0].fixed.macLimited', remove: true },
      {
        path: 'gates.file',
        value: [{ id: 'f', from: 'internet', to: 'lgwan', method: 'sanitise' }],
      },
      { path: 'gates.mail', value: [{ id: 'm', from: 'internet', to: 'lgwan' }] },
      { path: 'gates.screen', value: [{ id: 's', from: 'internet', to: 'lgwan' }] },
    ),
  )
  test('every pair of zones has a boundary, closed and logged', () => {
    expect(town.boundaries).toHaveLength(3)
    expect(town.boundaries.every((one) => one.default === 'deny' && one.logDenied)).toBe(true)
  })
  test('a host that says nothing asks for nothing at login and can write to media', () => {
    const host = town.systems[0]!.hosts[0]!
    expect(host.authentication).toEqual([])
    expect(host.removableMedia).toEqual({ write: true, exceptions: [] })
  })
  test('a registration that says nothing of MAC is not limited by MAC', () => {
    expect(town.flows[0]!.fixed!.macLimited).toBe(false)
  })
  test('a gate that says nothing records, asks a person, strips mail and shares nothing', () => {
    expect(town.gates.file[0]).toMatchObject({
      record: true,
      approval: 'always',
      unknownMalwareBlocked: false,
    })
    expect(town.gates.mail[0]).toMatchObject({
      attachments: 'remove',
      body: 'text',
      domains: [],
      originalDays: 30,
    })
    expect(town.gates.screen[0]).toMatchObject({
      clipboard: false,
      file: false,
      drive: false,
      printer: false,
    })
  })
})

describe('any port is written as any', () => {
  test('any becomes the empty list of the core type', () => {
    expect(
      readable(mendedWith({ path: 'flows[2].ports', value: 'any' })).town.flows[2]!.ports,
    ).toEqual([])
  })
  test('an empty list is refused: nothing named is nothing allowed', () => {
    expect(reasonsOf(mendedWith({ path: 'flows[2].ports', value: [] }))).toEqual(['TOWN-PORTS'])
  })
})

const refusedAs = (text: string, reason: string): void => {
  expect(reasonsOf(text)).toContain(reason)
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

const stairs = (depth: number): string =>
  Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n')

const escapes = (count: number) => `# ${'\\'.repeat(count)}\n`.slice(0, limit.MAX_LINE)

describe('hostile text is refused as a value, in bounded work', () => {
  test('one byte over the limit is too big; at the limit it is read', () => {
    const text = mendedText()
    const room = limit.MAX_TOWN_BYTES - Buffer.byteLength(text)
    const line = `#${'a'.repeat(999)}\n`
    const padding = line.repeat(Math.floor(room / line.length))
    const rest = room - padding.length
    const full = `${text}${padding}${rest > 0 ? `${'#'.repeat(rest - 1)}\n` : ''}`
    expect(Buffer.byteLength(full)).toBe(limit.MAX_TOWN_BYTES)
    expect(reasonsOf(full)).toEqual([])
    refusedAs(`${full}#`, 'TOWN-TOO-BIG')
  })
  test('a line one unit over the limit is too long; at the limit it is read', () => {
    expect(reasonsOf(`${mendedText()}#${'a'.repeat(limit.MAX_LINE - 1)}\n`)).toEqual([])
    refusedAs(`${mendedText()}#${'a'.repeat(limit.MAX_LINE)}\n`, 'TOWN-TOO-BIG')
  })
  test('nesting one level over the limit is too deep', () => {
    expect(reasonsOf(nested(limit.MAX_DEPTH))).not.toContain('TOWN-TOO-DEEP')
    refusedAs(nested(limit.MAX_DEPTH + 1), 'TOWN-TOO-DEEP')
    refusedAs(`${'- '.repeat(limit.MAX_DEPTH + 1)}a`, 'TOWN-TOO-DEEP')
    refusedAs('{a: '.repeat(limit.MAX_DEPTH + 1), 'TOWN-TOO-DEEP')
  })
  test('brackets inside quoted text are text, not depth', () => {
    expect(reasonsOf(mendedWith({ path: 'town.name', value: '['.repeat(60) }))).toEqual([])
  })
  test('indentation cannot nest past what composing survives', () => {
    refusedAs(stairs(limit.MAX_DEPTH + 3), 'TOWN-TOO-DEEP')
    refusedAs(stairs(limit.MAX_INDENT + 2), 'TOWN-TOO-DEEP')
    expect(reasonsOf(`${mendedText()}${' '.repeat(limit.MAX_INDENT)}# x\n`)).toEqual([])
    refusedAs(`${mendedText()}${' '.repeat(limit.MAX_INDENT + 1)}# x\n`, 'TOWN-TOO-DEEP')
  })
  test('one token over the limit is too many', () => {
    // A marker and a line end are two tokens, and a second document is refused at once.
    const most = Math.floor(limit.MAX_TOKENS / 2)
    expect(reasonsOf('---\n'.repeat(most - 1))).toContain('TOWN-DOCUMENTS')
    expect(reasonsOf('---\n'.repeat(most + 1))).toEqual(['TOWN-TOO-BIG'])
  })
  test('one escape over the limit is too many', () => {
    const lines = Math.floor(limit.MAX_ESCAPES / 1_000)
    const full = escapes(1_000).repeat(lines)
    expect(reasonsOf(`${mendedText()}${full}`)).toEqual([])
    refusedAs(`${mendedText()}${full}#\\\n`, 'TOWN-TOO-BIG')
  })
  test.each([
    ['brackets', '[\n'],
    ['keys', 'a: 1\n'],
    ['anchors', '- &a b\n'],
    ['commas', ',\n'],
    ['quotes', '"\n'],
    ['tags', '- !!x y\n'],
    ['line ends', '\n'],
  ])('a flood of %s is refused with a bounded list', (_, piece) => {
    const read = readTown(piece.repeat(20_000))
    expect(read.ok).toBe(false)
    expect(read.ok ? 0 : read.problems.length).toBeLessThanOrEqual(limit.MAX_PROBLEMS + 1)
  })
  test('a flood of unknown keys is counted, not worded one by one', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n')
    const read = readTown(keys)
    const last = read.ok ? undefined : read.problems.at(-1)
    expect(last?.reason).toBe('TOWN-MORE')
    expect(last?.message).toContain('件あります')
  })
  test('any text at all gives a value, never a throw', () => {
    const syntax = [
      'town',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '&a ',
      '*a',
    ]
    const rare = [
      '!t ',
      '? ',
      '| ',
      '>-',
      '# ',
      '---',
      '%',
      '<<',
      '\\',
      '\t',
      '\uD800',
      '\u0000',
      '~',
      '1e999',
    ]
    const piece = fc.oneof(fc.constantFrom(...syntax, ...rare), fc.string({ maxLength: 4 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(typeof readTown(pieces.join('')).ok).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })
  test('a town damaged anywhere gives a value whose problems lie inside the file', () => {
    const text = mendedText()
    const lines = text.split('\n').length
    const piece = fc.constantFrom(
      ': ',
      '- ',
      '{',
      ']',
      '"',
      '&a ',
      '*a',
      '!t ',
      '#',
      '\n',
      '\t',
      '| ',
      '',
    )
    const damage = fc.tuple(fc.nat(text.length), fc.nat(20), piece)
    fc.assert(
      fc.property(damage, ([at, cut, put]) => {
        const read = readTown(text.slice(0, at) + put + text.slice(at + cut))
        for (const one of read.ok ? [] : read.problems) {
          expect(one.line).toBeGreaterThanOrEqual(1)
          expect(one.line).toBeLessThanOrEqual(lines + 2)
        }
      }),
      { numRuns: 40 },
    )
  })
})

test('a message never carries what would reorder or hide it', () => {
  const read = readTown('town: { "na\\u202Eme": "x\\u0007" }\n')
  const words = read.ok
    ? ''
    : read.problems.map((one) => one.message + one.cure + one.path).join('')
  expect(words).toContain('U+202E')
  expect(words).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
})
