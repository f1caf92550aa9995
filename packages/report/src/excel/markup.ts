/** XML of a workbook in the one form of docs/design/disarm-grammar.md. */
export const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** One element; attributes in the given order. `content` is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeValue(String(value))}"`)
    .join('')
  return content === '' ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`
}

/** Text between tags. */
export function textElement(text: string): string {
  return xmlText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

/**
 * Text of a cell: Excel writes characters that XML lacks, and what looks like such a spelling, as `_xHHHH_` (ECMA-376 part 1 §22.9.2.19). No other
 * character changes.
 */
export function cellText(text: string): string {
  const spelled = text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/gu, '_x005F_')
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/gu, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
      return `_x${code}_`
    })
  return element('t', { 'xml:space': 'preserve' }, textElement(spelled))
}

/** The way back: `_xHHHH_` → the character. */
export function readCellText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/gu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function escapeValue(text: string): string {
  return textElement(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
}

// Outside of cells there is no spelling for them: they are left out.
const xmlText = (text: string): string =>
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '')

/** A relationships part: `rId1`, `rId2`, … in the given order. */
export function relationships(rows: readonly (readonly [type: string, target: string])[]): string {
  const items = rows.map(([type, target], index) =>
    element('Relationship', { Id: `rId${index + 1}`, Type: `${OFFICE}/${type}`, Target: target }),
  )
  return element(
    'Relationships',
    { xmlns: 'http://schemas.openxmlformats.org/package/2006/relationships' },
    items.join(''),
  )
}

/** The bytes of a part. */
export const part = (markup: string): Uint8Array =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${markup}`)
