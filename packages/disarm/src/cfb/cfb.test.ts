import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Context, Refusal } from '../family.ts'
import type { CompoundFile } from './index.ts'
import { readCompoundFile, writeCompoundFile } from './index.ts'
import type { Specimen, SpecimenEntry } from './specimen.test-support.ts'
import { specimenCompound } from './specimen.test-support.ts'

const bytesOf = (length: number, first = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (first + index * 7) & 255)
const small: SpecimenEntry = { name: 'Small', bytes: bytesOf(200) }
const large: SpecimenEntry = { name: 'Large', bytes: bytesOf(5000) }

function open(bytes: Uint8Array): CompoundFile {
  return readCompoundFile(bytes, new Context())
}

function read(file: CompoundFile, path: string): Uint8Array {
  return file.readStream(file.find(path)!, new Context())
}

/** The reason for which a specimen, or a stream of it, is refused. */
function reasonOf(specimen: Specimen, path?: string): string {
  try {
    const file = open(specimenCompound(specimen).bytes)
    if (path !== undefined) read(file, path)
    return ''
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

describe('compound files of every writer are read', () => {
  it.each([3, 4] as const)('version %i: storages, streams, classes, sizes', (version) => {
    const file = open(
      specimenCompound({
        version,
        rootClsid: Buffer.from('0609020000000000c000000000000046', 'hex'),
        entries: [
          { name: 'ObjectPool' },
          { name: '_1', parent: 1, clsid: Buffer.from('02ce020000000000c000000000000046', 'hex') },
          { name: '\u0001Ole10Native', parent: 2, bytes: bytesOf(70) },
          large,
          { name: 'Empty', bytes: new Uint8Array() },
        ],
      }).bytes,
    )
    expect(file.clsid).toBe('00020906-0000-0000-C000-000000000046')
    expect(
      file.entries
        .map(({ path, kind, size }) => [path, kind, size] as const)
        .toSorted((a, b) => (a[0] < b[0] ? -1 : 1)),
    ).toEqual([
      ['Empty', 'stream', 0],
      ['Large', 'stream', 5000],
      ['ObjectPool', 'storage', 0],
      ['ObjectPool/_1', 'storage', 0],
      ['ObjectPool/_1/\u0001Ole10Native', 'stream', 70],
    ])
    expect(file.find('objectpool/_1')?.clsid).toBe('0002CE02-0000-0000-C000-000000000046')
    expect(file.childrenOf('ObjectPool').map(({ name }) => name)).toEqual(['_1'])
    expect(read(file, 'ObjectPool/_1/\u0001Ole10Native')).toEqual(bytesOf(70))
    expect(read(file, 'Large')).toEqual(bytesOf(5000))
    expect(read(file, 'Empty')).toEqual(new Uint8Array())
  })

  it('a wrong mini stream cutoff, a wrong count of FAT sectors and a wrong name length are only hints', () => {
    const { bytes } = specimenCompound({
      entries: [{ ...small, nameLength: 0 }, large],
      header: { 44: 77, 56: 64 },
    })
    expect(read(open(bytes), 'Small')).toEqual(bytesOf(200))
  })

  it('rubbish in the upper half of a version 3 size is not a size', () => {
    const { bytes } = specimenCompound({ entries: [{ ...large, sizeHigh: 0xdeadbeef }] })
    expect(read(open(bytes), 'Large')).toEqual(bytesOf(5000))
  })

  it('a file that ends inside of its last sector gives what is there', () => {
    const written = writeCompoundFile({ streams: [{ path: 'Large', bytes: bytesOf(5000) }] })
    const cut = written.subarray(0, written.length - 200)
    expect(read(open(cut), 'Large')).toEqual(bytesOf(5000).subarray(0, 4920))
  })

  it('an entry whose type says deleted is not there, and ends its branch', () => {
    const file = open(specimenCompound({ entries: [large, { ...small, type: 0 }] }).bytes)
    expect(file.entries.map(({ path }) => path)).toEqual(['Large'])
  })
})

describe('a compound file that lies is refused', () => {
  it.each<[string, Specimen, string?]>([
    ['directory outside of the file', { entries: [small], header: { 48: 9999 } }],
    ['directory at the range lock', { entries: [small], header: { 48: 0x7fffff00 } }],
    ['FAT outside of the file', { entries: [small], header: { 76: 9999 } }],
    ['sector shift of no version', { entries: [small], header: { 28: 0x000bfffe } }],
    ['mini sector shift', { entries: [small], header: { 32: 12 } }],
    ['another byte order', { entries: [small], header: { 28: 0x0009feff } }],
    ['tree that bites its tail', { entries: [{ ...small, right: 1 }] }],
    ['tree that leads to the root', { entries: [{ ...small, left: 0 }] }],
    ['tree that leads out of the directory', { entries: [{ ...small, left: 4711 }] }],
    ['storage that contains itself', { entries: [{ name: 'A', child: 1 }] }],
    ['two branches to one entry', { entries: [{ ...small, left: 2 }, large] }],
    ['two siblings of one name', { entries: [small, { name: 'SMALL', bytes: bytesOf(9) }] }],
    ['entry of an unknown type', { entries: [{ ...small, type: 7 }] }],
    ['chain that leaves the file', { entries: [large], fat: { 0: 5000 } }, 'Large'],
    ['chain that runs in a circle', { entries: [large], fat: { 1: 0 } }, 'Large'],
    ['chain that ends early', { entries: [large], fat: { 0: 0xfffffffe } }, 'Large'],
    ['size beyond the file', { entries: [{ ...large, size: 0x7fffffff }] }, 'Large'],
    ['size beyond the chain', { entries: [{ ...large, size: 6000 }, small] }, 'Large'],
    ['mini chain that runs in a circle', { entries: [small], miniFat: { 1: 0 } }, 'Small'],
    ['mini chain that leaves its stream', { entries: [small], miniFat: { 0: 99 } }, 'Small'],
    ['mini chain that ends early', { entries: [small], miniFat: { 0: 0xfffffffe } }, 'Small'],
    ['small stream without a mini stream', { entries: [{ ...large, size: 100 }] }, 'Large'],
  ])('%s', (_, specimen, path) => {
    expect(reasonOf(specimen, path)).toBe('OLE-CFB')
  })

  it('two streams on the same sectors, so that one text shows and another runs', () => {
    const { bytes } = specimenCompound({ entries: [large, { ...large, name: 'Other', start: 0 }] })
    const file = open(bytes)
    read(file, 'Large')
    expect(() => read(file, 'Other')).toThrow('OLE-CFB')
    expect(read(file, 'Large')).toEqual(bytesOf(5000))
  })

  it('storages nested without end', () => {
    const entries = Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, parent: index }))
    expect(reasonOf({ entries })).toBe('OLE-CFB')
  })

  it('a directory of more entries than anyone needs', () => {
    const { bytes } = specimenCompound({ entries: [small, large, { name: 'third' }] })
    expect(() => readCompoundFile(bytes, new Context({ limits: { entries: 2 } }))).toThrow(
      'LIMIT-ENTRIES',
    )
  })

  it('streams are spent from the budget', () => {
    const { bytes } = specimenCompound({ entries: [large] })
    const context = new Context({ limits: { decodedBytes: 4999 } })
    const file = readCompoundFile(bytes, context)
    expect(() => file.readStream(file.find('Large')!, context)).toThrow('LIMIT-SIZE')
  })
})

describe('what is written is one canonical compound file', () => {
  const names = fc.stringMatching(/^[A-Za-z\u0001-\u0006_髙]{1,31}$/)
  const streams = fc.uniqueArray(
    fc.record({ name: names, length: fc.oneof(fc.nat(300), fc.integer({ min: 4000, max: 9000 })) }),
    { selector: ({ name }) => name.toUpperCase(), maxLength: 12 },
  )

  it('whatever is written is read back, and written the same way again', () => {
    fc.assert(
      fc.property(streams, fc.nat(3), (list, folders) => {
        const given = list.map(({ name, length }, index) => ({
          path: index < folders ? `Folder/${name}` : name,
          bytes: bytesOf(length, index),
        }))
        fc.pre(!given.some(({ path }) => path.toUpperCase() === 'FOLDER'))
        const written = writeCompoundFile({ streams: given })
        const file = open(written)
        const found = file.entries
          .filter(({ kind }) => kind === 'stream')
          .map(({ path }) => ({ path, bytes: read(file, path) }))
        const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
        expect(found.toSorted(byPath)).toEqual(given.toSorted(byPath))
        expect(Buffer.from(writeCompoundFile({ streams: found })).equals(written)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('a stream so large that the header cannot list the FAT', () => {
    const bytes = new Uint8Array(9_000_000).fill(5)
    const file = open(writeCompoundFile({ streams: [{ path: 'Big', bytes }] }))
    expect(Buffer.from(read(file, 'Big')).equals(bytes)).toBe(true)
  })

  it('classes of storages are kept, names that the format cannot hold are not', () => {
    const clsids = new Map([
      ['', '00020906-0000-0000-C000-000000000046'],
      ['A', '0002CE02-0000-0000-C000-000000000046'],
    ])
    const file = open(writeCompoundFile({ streams: [{ path: 'A/b', bytes: bytesOf(1) }], clsids }))
    expect([file.clsid, file.find('A')?.clsid]).toEqual([...clsids.values()])
    for (const path of ['', 'a/', 'a!b', 'a'.repeat(32)]) {
      expect(() => writeCompoundFile({ streams: [{ path, bytes: bytesOf(1) }] })).toThrow(
        RangeError,
      )
    }
  })
})

describe('a compound file of random damage', () => {
  it('is read or refused, and nothing else', () => {
    const seeds = [3, 4].map((version) =>
      Buffer.from(
        specimenCompound({
          version: version as 3 | 4,
          entries: [
            { name: 'S' },
            { ...small, parent: 1 },
            large,
            { name: 'T', bytes: bytesOf(64) },
          ],
        }).bytes,
      ),
    )
    const hits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 127, 254, 255)), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), hits, fc.nat(3000), (seed, list, cut) => {
        const bytes = Buffer.from(seed.subarray(0, seed.length - (cut > 2000 ? cut : 0)))
        // Header and tables are where the structure is.
        for (const [at, value] of list) bytes[at % bytes.length] = value
        try {
          const file = open(bytes)
          for (const entry of file.entries) {
            if (entry.kind === 'stream') file.readStream(entry, new Context())
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 400 },
    )
  })
})
