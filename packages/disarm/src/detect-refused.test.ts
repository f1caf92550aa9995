import { describe, expect, it } from 'vitest'
import { disarmBytes } from './engine.ts'
import { REFUSAL_REASONS } from './rules.ts'
import { refusalWords } from './words.ts'

const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const compound = (...streams: readonly string[]) =>
  new Uint8Array(
    Buffer.concat([
      latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
      Buffer.alloc(504),
      ...streams.map((stream) => Buffer.from(`${stream}\0`.padEnd(32, '\0'), 'utf16le')),
    ]),
  )
/** `size` bytes that are no text, beginning with `start`, with `byte` at `at`. */
const binary = (start: string, at = 0, byte = 0) => {
  const bytes = new Uint8Array(128)
  bytes.set(latin(start))
  if (at > 0) bytes[at] = byte
  return bytes
}
const lzh = (method: string, level: number) => {
  const bytes = binary(`\x21\x5c${method}`)
  bytes[20] = level
  return bytes
}

/** Formats of Japanese offices that are not rebuilt: by their bytes, under their own names and under others. */
const FORMATS: readonly (readonly [
  title: string,
  bytes: Uint8Array,
  extension: string,
  reason: string,
])[] = [
  [
    'Ichitaro 8 and later',
    compound('Root Entry', 'DocumentText', 'DocumentViewStyles'),
    'jtd',
    'TYPE-ICHITARO',
  ],
  ['an Ichitaro template', compound('DocumentText'), 'jtt', 'TYPE-ICHITARO'],
  ['packed Ichitaro', compound('Root Entry', 'JSCompDocument'), 'jtdc', 'TYPE-ICHITARO'],
  ['Ichitaro named as Word', compound('DocumentText', 'WordDocument'), 'doc', 'TYPE-ICHITARO'],
  ['Ichitaro 4', binary('DOC', 43, 0x14), 'jsw', 'TYPE-ICHITARO'],
  ['Ichitaro 5', binary('DOC', 43, 0x15), 'jaw', 'TYPE-ICHITARO'],
  ['Ichitaro 6 without its name', binary('DOC', 43, 0x16), 'bin', 'TYPE-ICHITARO'],
  ['DocuWorks', binary('\x60\x0e\x82\x6b'), 'xdw', 'TYPE-DOCUWORKS'],
  ['a DocuWorks binder', binary('\x60\x0e\x22\x01'), 'xbd', 'TYPE-DOCUWORKS'],
  ['DocuWorks named as PDF', binary('\x60\x0e\x82\x03'), 'pdf', 'TYPE-DOCUWORKS'],
  ['DocuWorks of an unknown version', binary('\x61\x0e\xff'), 'xdw', 'TYPE-DOCUWORKS'],
  ['LZH, stored', lzh('-lh0-', 0), 'lzh', 'TYPE-LZH'],
  ['LZH of level 1', lzh('-lh5-', 1), 'lzh', 'TYPE-LZH'],
  ['LZH of level 2', lzh('-lh7-', 2), 'lha', 'TYPE-LZH'],
  ['LZH with a folder', lzh('-lhd-', 2), 'bin', 'TYPE-LZH'],
  ['LArc', lzh('-lz5-', 0), 'lzs', 'TYPE-LZH'],
  ['DWG of AutoCAD R14', binary('AC1014'), 'dwg', 'TYPE-CAD'],
  ['DWG of AutoCAD 2018', binary('AC1032'), 'dwg', 'TYPE-CAD'],
  ['DWG named as DXF', binary('AC1027'), 'dxf', 'TYPE-CAD'],
  ['binary DXF', latin('AutoCAD Binary DXF\r\n\x1a\0'), 'dxf', 'TYPE-CAD'],
  ['Jw_cad', binary('JwwData.\xbc\x02'), 'jww', 'TYPE-CAD'],
  ['Jw_cad named as text', binary('JwwData.\x58\x02'), 'txt', 'TYPE-CAD'],
  ['Jw_cad for DOS', binary('\x01\x02\xff'), 'jwc', 'TYPE-CAD'],
]

describe('formats of Japanese offices that are not rebuilt are refused by name', () => {
  it.each(FORMATS)('%s', (_title, bytes, extension, reason) => {
    const { report, output } = disarmBytes(bytes, extension)
    expect(report.reason).toBe(reason)
    expect(report.verdict).toBe('refused')
    expect(output).toBeUndefined()
  })

  it('each reason says what to ask the sender for', () => {
    for (const reason of ['TYPE-ICHITARO', 'TYPE-DOCUWORKS', 'TYPE-LZH', 'TYPE-CAD']) {
      expect(REFUSAL_REASONS).toContain(reason)
      expect(JSON.stringify(refusalWords(reason))).toMatch(/送り主/)
    }
  })

  it('a text about alternating current is no drawing, a text about documents no Ichitaro', () => {
    for (const text of [
      'AC100V 電源の図面\n',
      'AC1032\n',
      'DOC: 一太郎で作った文書の一覧です。ご確認ください。\n',
    ])
      expect(disarmBytes(new TextEncoder().encode(text), 'txt').report.reason).toBeUndefined()
  })

  it('packed drawings are refused as drawings, although they are zips', () => {
    const empty = latin(`PK\x05\x06${'\0'.repeat(18)}`)
    for (const extension of ['sfz', 'p2z'])
      expect(disarmBytes(empty, extension).report.reason).toMatch(/^(?:TYPE-CAD|ZIP-EMPTY)$/)
  })
})
