import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context } from '../family.ts'
import { imageFamily, imageType, rebuildImage, rebuildJpeg, rebuildPng } from './index.ts'
import { readPng } from './png/read.ts'
import { disarmImage, verified } from './specimens/report.ts'

const CORPUS = join(import.meta.dirname, '../../../../corpus/disarm/image')
const SAMPLES = join(import.meta.dirname, '../../../../../shared/samples/image')

const cases = readFileSync(join(CORPUS, 'cases.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, string, string, string, string])

function golden(file: string): Uint8Array {
  return readFileSync(join(CORPUS, file))
}

describe('golden pictures', () => {
  test.each(cases)('%s gives %s %s, removed: %s', (file, result, size, removed) => {
    const outcome = disarmImage(golden(file))
    expect(outcome.reason ?? outcome.type).toBe(result)
    expect(outcome.size ?? '-').toBe(size)
    expect(outcome.removed.join(', ') || '-').toBe(removed)
  })

  test.each(cases.filter(([, , size]) => size !== '-'))(
    'what comes of %s is its own rebuild and satisfies the verifier',
    (file, result) => {
      const outcome = disarmImage(golden(file))
      expect(disarmImage(outcome.output)).toEqual({ ...outcome, removed: [] })
      expect(verified(outcome.output)).toBe(result)
    },
  )

  test.each(cases.filter(([, , , , same]) => same !== '-'))(
    'of %s (%s %s, %s) nothing is left but %s',
    (file, _result, _size, _removed, same) => {
      expect(disarmImage(golden(file)).output).toEqual(disarmImage(golden(same)).output)
    },
  )

  test.each(cases.filter(([, , , , , pixels]) => pixels !== '-'))(
    'the pixels of %s are those that another program sees',
    (file, _result, _size, _removed, _same, pixels) => {
      expect(pixelDigest(disarmImage(golden(file)).output)).toBe(pixels)
    },
  )

  test('every file of the corpus is a case', () => {
    const files = readdirSync(CORPUS).filter((file) => file !== 'cases.tsv')
    expect(files.toSorted()).toEqual(cases.map(([file]) => file).toSorted())
  })
})

describe('hostile bytes', () => {
  const seeds = ['photo-baseline.jpg', 'photo-progressive.jpg', 'drawing-mono.png', 'film.gif'].map(
    golden,
  )
  const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 8 }))
    .map(([seed, changes]) => {
      const bytes = Uint8Array.from(seed)
      for (const [place, value] of changes) bytes[Math.floor(place * (bytes.length - 1))] = value
      return bytes
    })

  test('a mutated picture is refused by reason or comes out in the form that the verifier accepts', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const outcome = disarmImage(bytes)
        expect(outcome.reason ?? verified(outcome.output)).toBeOneOf([
          'IMG-DECODE',
          'IMG-BOMB',
          outcome.type,
        ])
      }),
      { numRuns: 600 },
    )
  })

  test('random bytes behind a signature are refused by reason', () => {
    const starts = ['\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', '\xff\xd8\xff\xdb', 'GIF89a'].map((text) =>
      Buffer.from(text, 'latin1'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        expect(disarmImage(Buffer.concat([start, rest])).reason).toMatch(/^IMG-(?:DECODE|BOMB)$/u)
      }),
      { numRuns: 300 },
    )
  })

  test('the input is never changed', () => {
    for (const seed of [...seeds, golden('drawing-rgb.png')]) {
      const before = Buffer.from(seed)
      disarmImage(seed)
      expect(Buffer.compare(before, seed)).toBe(0)
    }
  })
})

describe('the door', () => {
  test('the form is told by the first bytes, never by the declared type', () => {
    const rebuilt = imageFamily.rebuild(golden('drawing-rgb.png'), 'jpeg', new Context())
    expect(rebuilt).toMatchObject({ ok: true, outputType: 'png' })
    expect(imageType(Buffer.from('BM'))).toBeUndefined()
    expect(rebuildImage(Buffer.from('<svg/>'), new Context())).toEqual({
      ok: false,
      reason: 'IMG-DECODE',
    })
    expect(rebuildPng(golden('film.gif'), new Context())).toEqual({
      ok: false,
      reason: 'IMG-DECODE',
    })
  })

  test('a PDF learns how many components its DCT stream has', () => {
    expect(rebuildJpeg(golden('cmyk-baseline.jpg'), new Context())).toMatchObject({
      ok: true,
      components: 4,
    })
    expect(rebuildJpeg(golden('photo-baseline.jpg'), new Context())).toMatchObject({
      components: 3,
    })
  })

  test('reports name the place that the caller gave', () => {
    const context = new Context()
    rebuildImage(golden('photo-gps.jpg'), context, 'xl/media/image1.jpeg')
    expect(context.report().removed).toEqual([
      { rule: 'IMG-EXIF', where: 'xl/media/image1.jpeg', count: 1 },
    ])
  })

  test.each(['photo-baseline.jpg', 'drawing-rgb.png', 'film.gif'])(
    '%s spends from the budget of the whole file, whose end is not a refusal of one picture',
    (file) => {
      const context = new Context({ limits: { decodedBytes: 100 } })
      expect(() => rebuildImage(golden(file), context)).toThrow('LIMIT-SIZE')
    },
  )

  test('a picture that decodes too long ends the whole file', () => {
    let now = 0
    const context = new Context({ clock: () => (now += 30_000) })
    expect(() => rebuildImage(golden('photo-baseline.jpg'), context)).toThrow('LIMIT-TIME')
  })
})

describe.skipIf(!existsSync(SAMPLES))('real pictures', () => {
  test('each named sample is rebuilt; no output is refused by the verifier; each is its own rebuild', () => {
    const files = readdirSync(SAMPLES).filter((file) =>
      imageType(readFileSync(join(SAMPLES, file))),
    )
    const outcomes = files.map((file) => ({
      file,
      ...disarmImage(readFileSync(join(SAMPLES, file))),
    }))
    const written = outcomes.filter(({ reason }) => !reason)
    for (const { file, type, output } of written) {
      expect([file, verified(output)]).toEqual([file, type])
      expect([file, disarmImage(output)]).toMatchObject([file, { output, removed: [] }])
    }
    const refused = outcomes.filter(({ reason }) => reason).map(({ file }) => file)
    // The files named by a hash are fragments from a fuzzer's corpus; most hold no whole picture.
    expect(refused.filter((file) => !/^[0-9a-f]{40}/u.test(file))).toEqual([])
    expect(written.length).toBeGreaterThan(30)
  })
})

function pixelDigest(png: Uint8Array): string {
  const { data } = readPng(png, new Context(), '')
  return createHash('sha256').update(data).digest('hex')
}
