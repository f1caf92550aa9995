import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileText, mendedText, readable } from './corpus.test-support.ts'
import { editTown, type Edit } from './edit.ts'
import { MAX_EDITS } from './limits.ts'
import { parseText } from './parse.ts'

const kasumiText = fileText('examples/kasumi/town.yaml')

function edited(text: string, ...edits: readonly Edit[]): string {
  const result = editTown(text, edits)
  if (!result.ok) throw new Error(result.problems.map((one) => one.message).join('\n'))
  return result.text
}
const changedLines = (a: string, b: string): readonly string[] => {
  const before = a.split('\n')
  return b.split('\n').filter((line, index) => line !== before[index])
}
const commentsOf = (text: string): readonly string[] => text.match(/#.*$/gmu) ?? []

describe('a program edits a value', () => {
  test('one value changes one line, and nothing else in the file', () => {
    const text = edited(kasumiText, { path: 'flows[0].expires', value: '2030-03-31' })
    expect(changedLines(kasumiText, text)).toEqual(['    expires: 2030-03-31'])
    expect(readable(text).town.flows[0]!.expires).toBe('2030-03-31')
  })
  test('an untidy file stays as untidy as it was', () => {
    const text = 'town:   {staff:  10 , name: "x"} # 注\n'
    expect(edited(text, { path: 'town.staff', value: 11 })).toBe(
      'town:   {staff:  11 , name: "x"} # 注\n',
    )
  })
  test('adding and taking out keep every comment and the order of keys', () => {
    const text = edited(
      kasumiText,
      { path: 'flows[28].expires', value: '2029-03-31' },
      { path: 'systems[12].hosts[10].removableMedia.exceptions', remove: true },
      { path: 'departments[14]', value: { id: 'new', name: '新設課' } },
    )
    expect(commentsOf(text)).toEqual(commentsOf(kasumiText))
    const { town } = readable(text)
    expect(town.flows[28]!.expires).toBe('2029-03-31')
    expect(town.departments.at(-1)).toEqual({ id: 'new', name: '新設課' })
    expect(Object.keys(parseOf(text))).toEqual(Object.keys(parseOf(kasumiText)))
  })
  test('an item added to a list is written like its neighbours', () => {
    const text = edited(kasumiText, {
      path: 'departments[14]',
      value: { id: 'new', name: '新設課' },
    })
    expect(text).toContain('\n  - { id: new, name: 新設課 }\n')
  })
  test('names are written as given: 葛󠄂城, 𠮷田', () => {
    const text = edited(kasumiText, { path: 'people[0].name', value: '葛\u{E0102}城 \u{20BB7}' })
    expect(readable(text).town.people[0]!.name).toBe('葛\u{E0102}城 \u{20BB7}')
  })
})

const parseOf = (text: string): object => {
  const parsed = parseText(text)
  return parsed.ok ? (parsed.value as object) : {}
}

const readPeer = (text: string): object => {
  const peers = (parseOf(text) as { peers: { id: string; name: string }[] }).peers
  return { name: peers[0]!.name, id: peers[0]!.id }
}

describe('a value cannot break out of its place', () => {
  const hostile = [
    'a, x: y }',
    'x # y',
    '"',
    "'",
    '- x',
    '*a',
    '!t',
    '{',
    '2026',
    'true',
    '',
    '%',
    '| ',
  ]
  test.each(hostile)('%j stays one text', (value) => {
    const result = editTown(mendedText(), [{ path: 'people', value: [{ id: 'x', name: value }] }])
    expect(result.ok && parseOf(result.text)).toMatchObject({ people: [{ id: 'x', name: value }] })
    const replaced = editTown(mendedText(), [{ path: 'peers[0].name', value }])
    expect(replaced.ok && readPeer(replaced.text)).toEqual({ name: value, id: 'security-cloud' })
  })
  test('a line break is refused: it would begin a line of its own', () => {
    for (const path of ['peers[0].name', 'town.name', 'organisation.ciso.title']) {
      const result = editTown(mendedText(), [{ path, value: 'a\nb: c' }])
      expect(result).toMatchObject({ ok: false, problems: [{ reason: 'TOWN-CONTROL' }] })
    }
  })
  test('any text that is written is read back as that text, or is refused for what it hides', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (value) => {
        const result = editTown('a: { b: x, c: 1 }\n', [{ path: 'a.b', value }])
        const outcome = result.ok ? parseOf(result.text) : result.problems[0]!.reason
        expect(outcome).toEqual(result.ok ? { a: { b: value, c: 1 } } : 'TOWN-CONTROL')
      }),
      { numRuns: 150 },
    )
  })
})

const refused = (edit: Edit): unknown => {
  const result = editTown(mendedText(), [edit])
  return result.ok ? 'written' : result.problems[0]!.reason
}

describe('an edit that cannot be made is refused, and nothing is written', () => {
  test.each([
    'flows[99].name',
    'flows[99]',
    'nothing.here',
    'flows[0].fixed.number.deeper',
    'flows.name',
    'town[0]',
    'a..b',
    'flows[-1]',
    '',
  ])('no such place: %j', (path) => {
    expect(refused({ path, value: 'x' })).toBe('TOWN-EDIT-PATH')
    expect(refused({ path, remove: true })).toBe('TOWN-EDIT-PATH')
  })
  test('what YAML cannot hold', () => {
    expect(refused({ path: 'town.staff', value: Number.NaN })).toBe('TOWN-EDIT-VALUE')
    const nothing = null as unknown as string
    expect(refused({ path: 'town.staff', value: nothing })).toBe('TOWN-EDIT-VALUE')
  })
  test('one edit over the limit', () => {
    const edits = Array.from({ length: MAX_EDITS + 1 }, () => ({ path: 'town.staff', value: 1 }))
    expect(editTown(mendedText(), edits)).toMatchObject({ ok: false })
    expect(editTown(mendedText(), edits.slice(1))).toMatchObject({ ok: true })
  })
})

test('entries of a list that was empty stand each on a line of its own', () => {
  const text = mendedText().replace(/$/u, '\nincidents: []\n')
  const entry = (id: string) => ({
    id,
    name: '誤送信',
    found: '2026-11-01',
    sort: 'near-miss',
    sign: 'none',
    summary: '宛先を間違えた。'.repeat(20),
    involves: [],
    persons: 0,
  })
  const edits = Array.from({ length: 60 }, (_, nth) => ({
    path: `incidents[${nth}]`,
    value: entry(`j-${nth}`),
  }))
  const filled = edited(text, ...edits)
  expect(readable(filled).town.incidents.length).toBe(60)
  expect(Math.max(...filled.split('\n').map((line) => line.length))).toBeLessThan(1_000)
})
