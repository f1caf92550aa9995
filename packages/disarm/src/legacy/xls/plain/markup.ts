/** One element; attributes in the given order, without a value none. `content` is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')
  return content === '' ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`
}

/** Text of a string item: Excel writes characters that XML lacks, and what looks like such a spelling, as `_xHHHH_`. */
export function textElement(text: string): string {
  const spelled = text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    // oxlint-disable-next-line no-control-regex -- these are the characters in question
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
      return `_x${code}_`
    })
  return `<t xml:space="preserve">${escaped(spelled)}</t>`
}

/** For attribute values and text, without characters that XML does not know. */
export function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- these are the characters in question
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\t', '&#9;')
      .replaceAll('\n', '&#10;')
      .replaceAll('\r', '&#13;')
  )
}

// oxlint-disable-next-line no-control-regex -- these are the characters in question
const SPECIAL = /[\u0000-\u001f<>&"\ud800-\udfff\ufffe\uffff]/
