import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { Context } from '../src/family.ts'
import { PICTURE, content, frame, image, odf, sheet } from '../src/odf/specimen.test-support.ts'
import { readEntry, readZip } from '../src/zip/read.ts'
import type { NewEntry } from '../src/zip/write.ts'
import { writeZip } from '../src/zip/write.ts'
import { verifyClean } from './index.ts'

const object = frame(
  `<draw:object xlink:href="./Object 1"/>${image('./ObjectReplacements/Object 1')}`,
)
const members = {
  'Pictures/a.png': PICTURE,
  'Object 1/content.xml': content('chart', '', '<chart:chart chart:class="chart:bar"/>'),
  'ObjectReplacements/Object 1': PICTURE,
}
const SETTINGS =
  '<office:settings><config:config-item-set config:name="ooo:view-settings"><config:config-item config:name="ZoomValue" config:type="short">90</config:config-item></config:config-item-set></office:settings>'
const CLEAN: Readonly<Record<string, Uint8Array>> = {
  odt: written(
    'odt',
    `<text:p>本文<text:span text:style-name="a">字</text:span><text:a xlink:href="https://e.example/">頁</text:a></text:p>${frame(image('Pictures/a.png'))}${object}`,
  ),
  ods: written('ods', sheet('of:=SUM([.A1])')),
  fodt: written(
    'fodt',
    `<text:p>本文</text:p>${frame(`<draw:image><office:binary-data>${Buffer.from(PICTURE).toString('base64')}</office:binary-data></draw:image>`)}`,
  ),
}

function written(type: string, body: string): Uint8Array {
  const { output, report } = disarmBytes(odf({ type, body, members, settings: SETTINGS }), type)
  if (!output) throw new Error(`not written: ${report.reason}`)
  return output
}

function partsOf(bytes: Uint8Array): NewEntry[] {
  const context = new Context()
  const zip = readZip(bytes, context)
  return zip.entries.map((entry) => ({
    name: entry.name,
    bytes: readEntry(zip, entry, context),
    stored: entry.name === 'mimetype',
  }))
}

const reason = (bytes: Uint8Array, type: string): string => {
  const verdict = verifyClean(bytes, type)
  return verdict.clean ? 'clean' : verdict.reason
}

/** A clean file with one place of one part written otherwise, packed by the honest writer. */
function put(type: string, from: string, to: string, part = 'content.xml'): string {
  const bytes = CLEAN[type] ?? new Uint8Array()
  if (type.startsWith('f'))
    return reason(Buffer.from(replaced(Buffer.from(bytes).toString(), from, to)), type)
  const parts = partsOf(bytes).map((entry) =>
    entry.name === part && entry.bytes instanceof Uint8Array
      ? { ...entry, bytes: Buffer.from(replaced(Buffer.from(entry.bytes).toString(), from, to)) }
      : entry,
  )
  return reason(writeZip(parts), type)
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`nothing to change: ${from}`)
  return text.replace(from, to)
}

const XLINK = ' xmlns:xlink="http://www.w3.org/1999/xlink"'

describe('what the disarmer writes is accepted', () => {
  it.each(['odt', 'ods', 'fodt'])('%s', (type) => {
    expect(reason(CLEAN[type] ?? new Uint8Array(), type)).toBe('clean')
    expect(reason(CLEAN[type] ?? new Uint8Array(), 'odp')).not.toBe('clean')
  })

  it('and stays accepted where only words change', () => {
    expect(put('odt', '本文', '別の文')).toBe('clean')
  })
})

describe('what acts is caught when it is put back into a clean file', () => {
  const declare = (prefix: string, uri: string, inner: string): readonly [string, string] => [
    'office:version',
    `xmlns:${prefix}="${uri}" office:version${inner}`,
  ]
  it.each<readonly [what: string, type: string, from: string, to: string, reason: string]>([
    ['scripts', 'odt', '<office:body>', '<office:scripts/><office:body>', 'VERIFY-ODF-ELEMENT'],
    [
      'event listeners',
      'odt',
      '<text:p>',
      '<office:event-listeners/><text:p>',
      'VERIFY-ODF-ELEMENT',
    ],
    [
      'a macro field',
      'odt',
      '<text:p>',
      '<text:p><text:execute-macro>a</text:execute-macro>',
      'VERIFY-ODF-ELEMENT',
    ],
    ['a macro link', 'odt', 'https://e.example/', 'vnd.sun.star.script:M.M', 'VERIFY-ODF-URL'],
    ['a link to a file', 'odt', 'https://e.example/', 'file:///etc/passwd', 'VERIFY-ODF-URL'],
    [
      'a link in another spelling',
      'odt',
      'https://e.example/',
      'https://E.example/',
      'VERIFY-ODF-URL',
    ],
    [
      'an OLE object',
      'odt',
      '<draw:object xlink:href',
      '<draw:object-ole xlink:href',
      'VERIFY-ODF-ELEMENT',
    ],
    [
      'a section of another file',
      'odt',
      '<text:p>',
      '<text:section-source xlink:href="file:///x"/><text:p>',
      'VERIFY-ODF-ELEMENT',
    ],
    [
      'a picture of the network',
      'odt',
      'Pictures/1.png',
      'http://evil.example/1.png',
      'VERIFY-ODF-URL',
    ],
    ['a picture that is not there', 'odt', 'Pictures/1.png', 'Pictures/2.png', 'VERIFY-ODF-URL'],
    ['a document that is not there', 'odt', './Object 1', './Object 2', 'VERIFY-ODF-URL'],
    [
      'an address where none may be',
      'odt',
      '<text:span ',
      '<text:span xlink:href="https://e.example/" ',
      'VERIFY-ODF-URL',
    ],
    [
      'a database',
      'odt',
      '<text:p>',
      '<text:p><text:database-display text:database-name="x">a</text:database-display>',
      'VERIFY-ODF-ELEMENT',
    ],
    ['DDE in a formula', 'ods', 'of:=SUM([.A1])', 'of:=DDE(1;2;3)', 'VERIFY-FORMULA'],
    ['another file in a formula', 'ods', '[.A1]', "['file:///x'#$A.A1]", 'VERIFY-FORMULA'],
    [
      'a sheet of another file',
      'ods',
      '<table:table-row>',
      '<table:table-source table:mode="copy-all"/><table:table-row>',
      'VERIFY-ODF-ELEMENT',
    ],
    [
      'a macro behind a validation',
      'ods',
      '<table:table ',
      '<table:error-macro/><table:table ',
      'VERIFY-ODF-ELEMENT',
    ],
    ['a second body', 'odt', '<office:body>', '<office:body/><office:body>', 'VERIFY-ODF-PLACE'],
    ['text where nobody reads', 'odt', '<office:body>', '<office:body>x', 'VERIFY-ODF-TEXT'],
    [
      'a namespace of scripts',
      'odt',
      ...declare('script', 'urn:oasis:names:tc:opendocument:xmlns:script:1.0', ''),
      'VERIFY-ODF-NAMESPACE',
    ],
    [
      'a namespace that nothing uses',
      'ods',
      'xmlns:of=',
      `${XLINK.trim()} xmlns:of=`,
      'VERIFY-ODF-NAMESPACE',
    ],
    [
      'bytes in a flat file that are no picture',
      'fodt',
      '<office:binary-data>iVBO',
      '<office:binary-data>TVqQ',
      'VERIFY-ODF-PICTURE',
    ],
    [
      'scripts in a flat file',
      'fodt',
      '<office:body>',
      '<office:scripts/><office:body>',
      'VERIFY-ODF-ELEMENT',
    ],
    [
      'a picture beside a flat file',
      'fodt',
      '<draw:image>',
      '<draw:image xlink:href="a.png">',
      'VERIFY-XML',
    ],
    [
      'another type in a flat file',
      'fodt',
      'opendocument.text',
      'opendocument.text-master',
      'VERIFY-ODF',
    ],
  ])('%s', (_, type, from, to, why) => expect(put(type, from, to)).toBe(why))

  it('whoever wrote, where it is no comment', () => {
    const initials = '<loext:sender-initials>山</loext:sender-initials>'
    const comment = `<office:annotation><dc:creator>山田</dc:creator>${initials}<text:p>確認</text:p></office:annotation>`
    const text = Buffer.from(written('fodt', `<text:p>本文${comment}</text:p>`)).toString()
    expect(reason(Buffer.from(text), 'fodt')).toBe('clean')
    const moved = replaced(replaced(text, initials, ''), '本文', `本文${initials}`)
    expect(reason(Buffer.from(moved), 'fodt')).toBe('VERIFY-ODF-PLACE')
  })

  it('printers, and values of settings that are none', () => {
    expect(put('odt', 'ZoomValue', 'PrinterSetup', 'settings.xml')).toBe('VERIFY-ODF-SETTING')
    expect(put('odt', '>90<', '>vnd.sun<', 'settings.xml')).toBe('VERIFY-ODF-SETTING')
  })

  it('a manifest that says something else', () => {
    expect(put('odt', 'image/png', 'application/x-msdownload', 'META-INF/manifest.xml')).toBe(
      'VERIFY-ODF',
    )
  })
})

describe('a package of other members', () => {
  const changed = (change: (parts: NewEntry[]) => NewEntry[]): string =>
    reason(writeZip(change(partsOf(CLEAN['odt'] ?? new Uint8Array()))), 'odt')
  const macro: NewEntry = { name: 'Basic/Standard/M.xml', bytes: Buffer.from('<a/>') }

  it('is not accepted', () => {
    expect(changed((parts) => parts)).toBe('clean')
    expect(changed((parts) => [...parts.slice(0, -1), macro, ...parts.slice(-1)])).toBe(
      'VERIFY-ODF',
    )
    expect(changed((parts) => [...parts, macro])).toBe('VERIFY-ODF')
    expect(changed((parts) => parts.filter(({ name }) => name !== 'Pictures/1.png'))).toBe(
      'VERIFY-ODF',
    )
    expect(changed((parts) => parts.filter(({ name }) => !name.startsWith('META-INF')))).toBe(
      'VERIFY-ODF',
    )
    expect(
      changed((parts) =>
        parts.map((one) =>
          one.name === 'Pictures/1.png' ? { ...one, bytes: Buffer.from('MZ') } : one,
        ),
      ),
    ).toBe('VERIFY-PNG')
    expect(
      changed((parts) => [...parts.slice(1, 2), ...parts.slice(0, 1), ...parts.slice(2)]),
    ).not.toBe('clean')
  })

  it('the type must stand first, stored and true', () => {
    const typed = (text: string): string =>
      changed((parts) =>
        parts.map((one) => (one.name === 'mimetype' ? { ...one, bytes: Buffer.from(text) } : one)),
      )
    expect(typed('application/vnd.oasis.opendocument.spreadsheet')).toBe('VERIFY-ODF')
    expect(typed('application/vnd.oasis.opendocument.text\n')).toBe('VERIFY-ODF')
    expect(typed('application/vnd.oasis.opendocument.text'.padEnd(400, 'a'))).toBe('VERIFY-ODF')
  })
})

describe('tags that are judged by their form', () => {
  const change = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
    writeZip(
      partsOf(bytes).map((entry) => {
        if (entry.name !== 'content.xml') return entry
        const text = Buffer.from(entry.bytes as Uint8Array).toString()
        expect(text).toContain(from)
        return { ...entry, bytes: Buffer.from(text.replace(from, to)) }
      }),
    )
  const cell = (formula: string): string =>
    `<table:table-cell table:formula="${formula}" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>`
  const rows = `<table:table table:name="a"><table:table-row>${cell('of:=LOG10([.A1])')}${cell('of:=LOG10([.A12])')}</table:table-row></table:table>`

  it('a formula of the shape of an accepted one is still looked at', () => {
    const clean = written('ods', rows)
    expect(reason(clean, 'ods')).toBe('clean')
    for (const other of ['LOG11([.A12])', "['file:///x'#$a.A12]", 'DDE([.A12])'])
      expect(reason(change(clean, 'LOG10([.A12])', other), 'ods')).toBe('VERIFY-FORMULA')
  })

  it('an attribute twice, an undeclared prefix, a link or a wrong escape is not overlooked', () => {
    const clean = written('odt', '<text:p text:style-name="a">x</text:p>'.repeat(3))
    const tag = '<text:p text:style-name="a">x</text:p></office:text>'
    for (const [to, found] of [
      ['<text:p text:style-name="a" text:style-name="a">x', 'VERIFY-XML'],
      ['<text:p loext:marker-style-name="a">x', 'VERIFY-XML'],
      ['<text:p xlink:href="http://e.example">x', 'VERIFY-XML'],
      ['<text:p text:style-name="&apos;">x', 'VERIFY-XML'],
      ['<text:p text:onclick="a">x', 'VERIFY-ODF-ATTRIBUTE'],
      ['<text:p text:style-name="a" >x', 'VERIFY-XML'],
      ['<table:table-row>x', 'VERIFY-XML'],
    ] as const)
      expect(reason(change(clean, tag, `${to}</text:p></office:text>`), 'odt')).toBe(found)
  })

  it('a picture that stands for a document needs that document beside it', () => {
    const clean = written(
      'odt',
      `<text:p>a</text:p><text:p><draw:object xlink:href="./Object 1"/></text:p><text:p>b</text:p>`,
    )
    const second =
      '<text:p><draw:image xlink:href="./ObjectReplacements/Object 1" xlink:type="simple"/></text:p>'
    expect(reason(change(clean, '<text:p>b</text:p>', second), 'odt')).toBe('VERIFY-ODF-URL')
  })
})
