import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { page, pdf, zip } from './canonical.test-support.ts'
import { verifyClean } from './index.ts'
import { cleanOffice, partsOf } from './office.test-support.ts'
import type { OfficeKind } from './office.test-support.ts'

/**
 * The strongest check of "what the verifier accepts is a subset of what the disarmer writes": whatever is accepted, the disarmer
 * writes again byte for byte.
 */
function expectFixed(bytes: Uint8Array, type: string): void {
  const verdict = verifyClean(bytes, type)
  expect(verdict.clean ? '' : verdict.reason).not.toBe('VERIFY-CRASH')
  if (!verdict.clean) return
  const { output, report } = disarmBytes(bytes, type)
  expect(report.reason).toBeUndefined()
  expect(report.removed).toEqual([])
  expect(Buffer.from(output!).equals(bytes)).toBe(true)
}

const CORPUS = join(import.meta.dirname, '../../../corpus/disarm/image')
const written = (bytes: Uint8Array, type: string): Buffer =>
  Buffer.from(disarmBytes(bytes, type).output!)
const picture = (name: string, type: string): readonly [string, Buffer] => [
  type,
  written(readFileSync(join(CORPUS, name)), type),
]
const text = (content: string, type: string): readonly [string, Buffer] => [
  type,
  written(Buffer.from(content), type),
]

/** Changes of single bytes: set, removed, put in, doubled. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'flip', 'drop', 'add'),
    at: fc.nat(),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 3 },
)
type Changes = readonly { readonly kind: string; readonly at: number; readonly value: number }[]

function apply(seed: Buffer, list: Changes): Buffer {
  let bytes = Buffer.from(seed)
  for (const { kind, at, value } of list) {
    const place = at % Math.max(1, bytes.length)
    if (kind === 'set') bytes[place] = value
    else if (kind === 'flip') bytes[place] = bytes[place]! ^ (1 << (value & 7))
    else {
      const rest = bytes.subarray(place + (kind === 'drop' ? 1 : 0))
      const added = kind === 'drop' ? [] : [value]
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(added), rest])
    }
  }
  return bytes
}

describe('whatever is accepted after a change is what the disarmer would write', () => {
  it.each([
    picture('photo-baseline.jpg', 'jpg'),
    picture('grey-baseline.jpg', 'jpg'),
    picture('drawing-mono.png', 'png'),
    picture('film.gif', 'gif'),
    text('氏名,電話\r\n髙橋,+81-3\r\n"a,b",-5\r\n', 'csv'),
    text('葛\u{E0102}城 𠮷田\n', 'txt'),
    [
      'zip',
      zip([
        ['a.csv', 'a,b\r\n'],
        ['b.txt', 'text'],
      ]),
    ],
    text(
      'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART;TZID="Asia/Tokyo":20261201T100000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\r\nSUMMARY:庁議\\, 定例\\n会\r\nCATEGORIES:a,b\\,c\r\nORGANIZER;CN=町長:mailto:a@town.kasumi.lg.jp\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
      'ics',
    ),
    ['pdf', page('BT\n/F1 12 Tf\n(a) Tj\nET\n')],
  ] as const)('%s %#', (type, seed) => {
    expectFixed(seed, type)
    fc.assert(
      fc.property(changes, (list) => expectFixed(apply(seed, list), type)),
      { numRuns: 60 },
    )
  })

  it('texts and tables made of the characters that matter', () => {
    const characters = fc.constantFrom(
      ...'=+-@,;\t"\n\r (a1|\'<!x.',
      '＝',
      '髙',
      '\uFEFF',
      '\u200B',
      '\u001b',
    )
    fc.assert(
      fc.property(
        fc.array(characters, { minLength: 1, maxLength: 24 }),
        fc.constantFrom('txt', 'csv'),
        (all, type) => {
          const bytes = Buffer.from(all.join(''))
          expectFixed(bytes, type)
          const { output } = disarmBytes(bytes, type)
          if (output) expect(verifyClean(output, type)).toEqual({ clean: true, type })
        },
      ),
      { numRuns: 600 },
    )
  })
})

describe('the same for what lies inside', () => {
  const words = fc.constantFrom(
    'w:p',
    'w:r',
    'w:t',
    'w:val',
    'r:id',
    'rId1',
    '1',
    '',
    'PAGE',
    'DDE',
    'hyperlink',
    'a:blip',
    'f',
    'SUM',
    'CALL',
    'c',
    'v',
    'x',
    'w:rsidR',
    'w:sectPr',
    'p:sp',
    'title',
  )
  it.each(['docx', 'xlsx', 'pptx'] as const)('words of %s exchanged', (kind: OfficeKind) => {
    const parts = [...partsOf(cleanOffice(kind))].map(
      ([name, bytes]) => [name, Buffer.from(bytes).toString()] as const,
    )
    fc.assert(
      fc.property(fc.nat(), fc.nat(), words, (which, where, word) => {
        const target = which % parts.length
        const changed = parts.map(
          ([name, content], index) =>
            [name, index === target ? exchanged(content, where, word) : content] as const,
        )
        expectFixed(zip(changed), kind)
      }),
      { numRuns: 100 },
    )
  })

  const tokens = fc.constantFrom(
    '/Rotate',
    '/Type',
    '/Annot',
    '/Link',
    '/URI',
    '/S',
    '/GoTo',
    '/A',
    '0',
    '90',
    '-1',
    '1.5',
    'true',
    '/Contents',
    '3',
    '/F1',
    '/AA',
    '(a)',
    '/Lang',
    '[]',
    '<< >>',
  )
  const objects: readonly (string | readonly [string, string])[] = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (ja) >>',
    '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    '<< /Type /Page /Resources << /ExtGState << /G << /Type /ExtGState /LW 1 >> >> >> /MediaBox [0 0 595 842] /Rotate 90 /Contents 4 0 R /Annots [5 0 R] /Parent 2 0 R >>',
    ['', 'q\n1 0 0 1 0 0 cm\n/G gs\n0 0 m\n1 1 l\nS\nQ\n'],
    '<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI (https://www.example.jp/) >> >>',
  ]
  it('tokens of a PDF exchanged', () => {
    expectFixed(pdf(objects), 'pdf')
    fc.assert(
      fc.property(fc.nat(), fc.nat(), tokens, (which, where, token) => {
        const target = which % objects.length
        const changed = objects.map((object, index) => {
          if (index !== target) return object
          return typeof object === 'string'
            ? swapped(object, where, token)
            : ([object[0], swapped(object[1], where, token)] as const)
        })
        expectFixed(pdf(changed), 'pdf')
      }),
      { numRuns: 200 },
    )
  })
})

/** One word of the markup or of the text becomes another. */
function exchanged(content: string, where: number, word: string): string {
  const all = [...content.matchAll(/[A-Za-z0-9:]+/gu)]
  const chosen = all[where % all.length]!
  return content.slice(0, chosen.index) + word + content.slice(chosen.index + chosen[0].length)
}

function swapped(content: string, where: number, token: string): string {
  const all = [...content.matchAll(/[^\s[\]<>]+/gu)]
  const chosen = all[where % all.length]!
  return content.slice(0, chosen.index) + token + content.slice(chosen.index + chosen[0].length)
}
