import { demand } from './rejection.ts'

const HEAD =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>'
const NAMES: Readonly<Record<string, string>> = {
  'w:document': 'Microsoft Office Word',
  'x:workbook': 'Microsoft Excel',
  'p:presentation': 'Microsoft Office PowerPoint',
}

/**
 * Accepts extended properties of one of three texts: LibreOffice, or Microsoft's program for this kind of document, of 2007 or later.
 *
 * @param root of the main part, e.g. `x:workbook`
 */
export function verifyProgram(bytes: Uint8Array, root: string, where: string): void {
  const office = NAMES[root] ?? ''
  const known = [
    'LibreOffice</Application>',
    `${office}</Application><AppVersion>12.0000</AppVersion>`,
    `${office}</Application><AppVersion>16.0300</AppVersion>`,
  ].map((tail) => `${HEAD}${tail}</Properties>`)
  demand(known.includes(Buffer.from(bytes).toString('latin1')), 'VERIFY-OOXML-ELEMENT', where)
}
