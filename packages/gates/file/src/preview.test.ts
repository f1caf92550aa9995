import fc from 'fast-check'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { PREVIEW_PARAGRAPHS_MAX } from './preview-text.ts'
import { previewFile } from './preview.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a first page', () => {
  test('of a text: its lines, names as they are', () => {
    expect(previewFile(utf8('葛\u{E0102}城\r\n𠮷田'), 'txt')).toEqual({
      kind: 'text',
      paragraphs: ['葛\u{E0102}城', '𠮷田'],
      more: false,
    })
  })

  test('of a CP932 text', () => {
    const bytes = new Uint8Array([0x8d, 0x82, 0x8b, 0xb4])
    expect(previewFile(bytes, 'txt')).toMatchObject({ paragraphs: ['高橋'] })
  })

  test('of a text of a million lines: the first ones, and that there is more', () => {
    const preview = previewFile(utf8('x\n'.repeat(1_000_000)), 'txt')
    expect(preview.kind === 'text' && preview.paragraphs.length).toBe(PREVIEW_PARAGRAPHS_MAX)
    expect(preview).toMatchObject({ more: true })
  })

  test('of a CSV: cells with commas, quotes and line feeds in them', () => {
    expect(previewFile(utf8('a,"b,""c""\r\nd"\r\n000123,e'), 'csv')).toMatchObject({
      sheets: [
        {
          rows: [
            ['a', 'b,"c"\r\nd'],
            ['000123', 'e'],
          ],
        },
      ],
    })
  })

  test('of a picture: the picture itself', () => {
    const preview = previewFile(new Uint8Array([1, 2, 3]), 'png')
    expect(preview).toEqual({ kind: 'image', dataUrl: 'data:image/png;base64,AQID' })
  })

  test('of a picture too large for a page: why not', () => {
    expect(previewFile(new Uint8Array(9_000_000), 'png')).toMatchObject({ kind: 'none' })
  })

  test('of something unknown: why not', () => {
    expect(previewFile(new Uint8Array(10), 'exe')).toMatchObject({ kind: 'none', reason: /。$/u })
  })
})

describe('hostile bytes', () => {
  test('never make it throw, whatever they are called', () => {
    const types = ['docx', 'xlsx', 'pptx', 'zip', 'pdf', 'csv', 'tsv', 'txt', 'png', 'x']
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(...types), (bytes, type) => {
        expect(previewFile(bytes, type).kind).toMatch(/./u)
      }),
      { numRuns: 300 },
    )
  })

  test('of a zip with anything in its directory neither', () => {
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(65_535),
        fc.nat(),
        (head, count, at) => {
          end.writeUInt16LE(count, 10)
          end.writeUInt32LE(at % 300, 16)
          const bytes = Buffer.concat([head, end])
          for (const type of ['zip', 'docx']) expect(previewFile(bytes, type).kind).toMatch(/./u)
        },
      ),
      { numRuns: 300 },
    )
  })
})

const samples = new URL('../../../../../shared/samples/ooxml/', import.meta.url)

describe.skipIf(!existsSync(samples))('real documents, disarmed', () => {
  const names = existsSync(samples)
    ? readdirSync(samples)
        .filter((name) => /\.(?:docx|docm|xlsx|xlsm|pptx|pptm)$/u.test(name))
        .filter((name) => readFileSync(new URL(name, samples)).length < 200_000)
    : []

  test.each(names.slice(0, 40))('%s has a first page', (name) => {
    const made = disarmHere(readFileSync(new URL(name, samples)), { name })
    if (!made.output || !made.outputName) return
    const ending = made.outputName.slice(made.outputName.lastIndexOf('.') + 1)
    const verdict = verifyClean(made.output, ending)
    if (verdict.clean) expect(previewFile(made.output, verdict.type).kind).toMatch(/text|table/u)
  })
})
