import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Context } from '../../family.ts'
import { emf, emfRecord } from '../specimens/emf-specimen.ts'
import { isCompressedMetafile, readCompressedMetafile } from './compressed.ts'

describe('metafiles that Office compressed', () => {
  const metafile = emf([emfRecord(54, 1, 1)])

  test('are read and are as hostile as before', () => {
    const packed = gzipSync(metafile)
    expect([isCompressedMetafile(packed), isCompressedMetafile(metafile)]).toEqual([true, false])
    expect(Buffer.compare(readCompressedMetafile(packed, new Context()), metafile)).toBe(0)
  })

  test('that are broken or inflate without end are refused', () => {
    const broken = gzipSync(metafile).subarray(0, 30)
    expect(() => readCompressedMetafile(broken, new Context())).toThrow('IMG-DECODE')
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    const small = new Context({ limits: { decodedBytes: 10_000 } })
    expect(() => readCompressedMetafile(bomb, small)).toThrow('IMG-BOMB')
  })
})
