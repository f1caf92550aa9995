import { describe, expect, test } from 'vitest'
import { disarmBytes } from '../engine.ts'
import { buildPdf } from './build.test-support.ts'

const beginning = (header: string): Uint8Array =>
  Buffer.concat([Buffer.from(header, 'latin1'), buildPdf().subarray('%PDF-1.7'.length)])
const reasonOf = (bytes: Uint8Array): string | undefined => disarmBytes(bytes, 'pdf').report.reason

describe('the first line of a PDF', () => {
  test.each([
    '%PDF-1.4',
    '%PDF-1.',
    '%PDF-',
    '%PDF-2.0',
    '%PDF-a.b',
    '%PDF.1.4',
    '%PDF 1.4',
    '%pdf-1.4',
    '%!PS-Adobe-3.0 PDF-1.4',
    '',
    '\u00ef\u00bb\u00bf%PDF-1.4',
    '\r\n\r\n%PDF-1.4',
    `HTTP/1.1 200 OK\r\n\r\n%PDF-1.4`,
    `${'\u0000'.repeat(2000)}%PDF-1.4`,
  ])('%j is read as every reader reads it, in a file that is called pdf', (header) => {
    const { output } = disarmBytes(beginning(header), 'pdf')
    expect(Buffer.from(output ?? []).toString('latin1', 0, 9)).toBe('%PDF-1.7\n')
  })

  test('that does not say PDF does not make one of a file with another name, nor of a page or a program', () => {
    expect(disarmBytes(beginning('%pdf-1.4'), 'txt').report.outputType).toBe('txt')
    expect(reasonOf(beginning('<!DOCTYPE html><html>'.padEnd(2000)))).not.toBeUndefined()
    expect(reasonOf(beginning('MZ'))).toBe('TYPE-DENIED')
    expect(reasonOf(Buffer.from('a letter about a trailer'))).toBe('TYPE-MISMATCH')
  })
})
