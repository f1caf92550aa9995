import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import { readEntry, readZip } from '../zip/read.ts'
import { writeZip } from '../zip/write.ts'
import { packageOf } from './synthetic.test-support.ts'

const PROJECT = Buffer.from('a project that somebody has read')
const DIGEST = createHash('sha256').update(PROJECT).digest('hex')
const OTHER = createHash('sha256').update('another').digest('hex')
const VBA = 'http://schemas.microsoft.com/office/2006/relationships/vbaProject'

const BOOK = packageOf({
  title: '',
  name: 'a.xlsm',
  parts: { 'xl/vbaProject.bin': `base64:${PROJECT.toString('base64')}`, 'xl/activeX.bin': 'x' },
  types: { 'xl/vbaProject.bin': 'application/vnd.ms-office.vbaProject' },
  after: '<controls><control r:id="rIdA" shapeId="1025"/></controls>',
  relationships: {
    main: [['rIdV', VBA, 'vbaProject.bin']],
    sheet: [['rIdA', 'control', '../activeX.bin']],
  },
})

function disarm(macroDigests?: readonly string[], bytes: Uint8Array = BOOK) {
  const { report, output } = disarmBytes(bytes, 'xlsm', macroDigests ? { macroDigests } : {})
  return { report, output: output ?? new Uint8Array() }
}

describe('macros that a person has examined', () => {
  it('stay byte for byte when their digest is listed, and nothing else that acts stays', () => {
    const { report, output } = disarm([OTHER, DIGEST])
    expect(report.outputType).toBe('xlsm')
    expect(report.kept).toEqual([{ rule: 'OX-VBA', where: 'xl/vbaproject.bin', count: 1 }])
    expect(report.removed.map(({ rule }) => rule)).toContain('OX-ACTIVEX')
    const context = new Context()
    const zip = readZip(output, context)
    const entry = zip.entries.find(({ name }) => name === 'xl/vbaProject.bin')
    expect(entry && Buffer.from(readEntry(zip, entry, context)).equals(PROJECT)).toBe(true)
    expect(zip.entries.map(({ name }) => name).join()).not.toMatch(/activeX/)
  })

  it.each([[undefined], [[]], [[OTHER]]])('go with the list %j', (digests) => {
    const { report, output } = disarm(digests)
    expect(report.outputType).toBe('xlsx')
    expect(report.removed.map(({ rule }) => rule)).toContain('OX-VBA')
    expect(Buffer.from(output).includes('vbaProject')).toBe(false)
  })

  it('go from a file inside another file, listed or not', () => {
    const zip = writeZip([{ name: 'a.xlsm', bytes: BOOK }])
    const { output } = disarmBytes(zip, 'zip', { macroDigests: [DIGEST] })
    expect(Buffer.from(output ?? []).includes('a.xlsx')).toBe(true)
    expect(verifyClean(output ?? new Uint8Array(), 'zip')).toMatchObject({ clean: true })
  })

  it('are accepted by the verifier only under a listed digest', () => {
    const { output } = disarm([DIGEST])
    expect(verifyClean(output, 'xlsm', { macroDigests: [DIGEST] })).toEqual({
      clean: true,
      type: 'xlsm',
      macros: [DIGEST],
    })
    for (const macroDigests of [undefined, [], [OTHER]])
      expect(
        verifyClean(output, 'xlsm', macroDigests === undefined ? {} : { macroDigests }),
      ).toMatchObject({ clean: false, reason: 'VERIFY-OOXML-MACRO' })
  })

  it('are refused by the verifier when one bit of them is another', () => {
    const changed = packageOf({ title: '', name: 'a.xlsm' })
    expect(verifyClean(changed, 'xlsm', { macroDigests: [DIGEST] })).toMatchObject({ clean: false })
    const { output } = disarm([DIGEST])
    const context = new Context()
    const zip = readZip(output, context)
    const entries = zip.entries.map((entry) => {
      const bytes = Uint8Array.from(readEntry(zip, entry, context))
      if (entry.name.endsWith('.bin')) bytes[0] = bytes[0]! ^ 1
      return { name: entry.name, bytes }
    })
    expect(verifyClean(writeZip(entries), 'xlsm', { macroDigests: [DIGEST] })).toMatchObject({
      clean: false,
      reason: 'VERIFY-OOXML-MACRO',
    })
  })

  it('come out the same when they go in again', () => {
    const { output } = disarm([DIGEST])
    const again = disarm([DIGEST], output)
    expect(again.report.removed).toEqual([])
    expect(Buffer.from(again.output).equals(Buffer.from(output))).toBe(true)
  })
})
