import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headType } from './detect.ts'
import { disarmBytes } from './engine.ts'
import { brokenPromise } from './expectations.test-support.ts'
import { placeholderPng } from './image/index.ts'

const png = placeholderPng(2, 2)
const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const ole = (stream: string) =>
  new Uint8Array(
    Buffer.concat([
      latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
      Buffer.alloc(504),
      Buffer.from(stream, 'utf16le'),
    ]),
  )

describe('the content decides, the name is only compared', () => {
  it('gives a picture the extension of what it is, and says so', () => {
    const { report } = disarmBytes(png, 'jpg')
    expect(report).toMatchObject({ type: 'png', outputType: 'png', verdict: 'removed' })
    expect(report.removed).toContainEqual({ rule: 'TYPE-MISMATCH', where: '', count: 1 })
    expect(disarmBytes(png, 'png').report.verdict).toBe('confirmed-absent')
  })

  const refused: readonly [string, Uint8Array, string, string][] = [
    ['an empty file', new Uint8Array(), 'txt', 'TYPE-EMPTY'],
    ['a program named as a document', latin('MZ\x90\0'), 'pdf', 'TYPE-DENIED'],
    ['a document named as a program', png, 'exe', 'TYPE-DENIED'],
    ['a shortcut', latin('L\0\0\0\x01\x14\x02\0'), 'txt', 'TYPE-DENIED'],
    ['a script by its name', latin('hello'), 'ps1', 'TYPE-DENIED'],
    ['a picture under a name of no known type', png, 'dat', 'TYPE-MISMATCH'],
    ['text that calls itself a document', latin('hello'), 'docx', 'TYPE-MISMATCH'],
    ['an old Word file without its structure', ole('WordDocument'), 'doc', 'OLE-CFB'],
    ['an old Excel file named xlsx, torn', ole('Workbook'), 'xlsx', 'OLE-CFB'],
    ['an encrypted Office file, torn', ole('EncryptedPackage'), 'docx', 'OLE-CFB'],
    ['a rights-managed file', ole('\tDRMEncryptedDataSpace'), 'docx', 'RIGHTS'],
    ['an Ichitaro document', ole('DocumentText'), 'jtd', 'TYPE-ICHITARO'],
    ['a DocuWorks document', latin('\x60\x0e\x82\x6b'), 'xdw', 'TYPE-DOCUWORKS'],
    ['an lzh archive', latin('!!-lh5-'), 'lzh', 'TYPE-LZH'],
    ['a 7z archive', latin("7z\xbc\xaf'\x1c"), '7z', 'TYPE-ARCHIVE'],
    ['a web page named as a text', latin('<html>'), 'txt', 'TYPE-HTML'],
    ['a box of mails', latin('From a@b Mon'), 'mbox', 'TYPE-MAIL'],
    ['a TIFF that ends behind its mark', latin('II*\0'), 'tif', 'IMG-DECODE'],
    ['a picture of a telephone', latin('\0\0\0\x18ftypheic'), 'heic', 'TYPE-IMAGE'],
    ['a video', latin('\0\0\0\x18ftypmp42'), 'mp4', 'TYPE-MEDIA'],
    ['a drawing', latin('AC1032'), 'dwg', 'TYPE-CAD'],
    ['Word 2', latin('\xdb\xa5-\0\0\0'), 'doc', 'TYPE-UNKNOWN'],
    ['Excel 4', latin('\x09\x04\x06\0\0\0\x10\0'), 'xls', 'TYPE-UNKNOWN'],
    ['bytes of no known kind', latin('\x01\x02\xff\xfe'), 'bin', 'TYPE-UNKNOWN'],
  ]
  const told: readonly [string, Uint8Array, string, string][] = [
    ['a rich text', latin('{\\rtf1 a}'), 'rtf', 'rtf'],
    ['a rich text named as a Word file', latin('{\\rtf1 a}'), 'doc', 'rtf'],
    ['a web page', latin('<html><p>a'), 'html', 'html'],
    ['a mail', latin('From: a@b\r\n\r\na'), 'eml', 'eml'],
    ['a drawing of lines', latin('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'svg', 'svg'],
  ]
  it.each(told)('tells %s by its content', (_what, bytes, extension, type) => {
    expect(disarmBytes(bytes, extension).report).toMatchObject({ type, outputType: type })
  })

  for (const [what, bytes, extension, reason] of refused) {
    it(`refuses ${what} as ${reason}`, () => {
      const { report, output } = disarmBytes(bytes, extension)
      expect(report).toMatchObject({
        verdict: 'refused',
        reason,
        outputType: '',
        removed: [],
        kept: [],
      })
      expect(output).toBeUndefined()
    })
  }

  it('never throws and never returns empty success, whatever the bytes and the extension', () => {
    const magic = fc.constantFrom(
      '',
      'PK\x03\x04',
      '%PDF-1.7\n',
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'GIF89a',
      '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    )
    const extension = fc.constantFrom(
      '',
      'txt',
      'csv',
      'pdf',
      'docx',
      'zip',
      'png',
      'jpg',
      'gif',
      'exe',
    )
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 300 }), extension, (start, tail, declared) => {
        expect(brokenPromise(new Uint8Array([...latin(start), ...tail]), declared)).toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the first bytes of what began to arrive', () => {
  it.each([
    ['PK\u0003\u0004', 'zip'],
    ['\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'ole'],
    ['MZ', 'exe'],
    ['#!/bin/sh', 'script'],
    ['<!-- --> %PDF-1.7', 'pdf'],
    ['{\\rtf1', 'rtf'],
    ['<!doctype html>', undefined],
    ['', undefined],
  ])('%j are of %s', (head, type) => {
    expect(headType(Buffer.from(head, 'latin1'))).toBe(type)
  })
})
