import { refuse } from '../family.ts'
import type { Scanner } from './scanner.ts'
import type { Strings } from './strings.ts'

/** Parameters of one feature: a polyline has its points in two of them. */
const MAX_PARAMETERS = 10_000
/** Bytes of the points of one polyline. */
const MAX_NUMBERS = 8_000_000

/**
 * A comment behind `/*`. SXF (level 2, version 2.0 to 3.1) keeps its features in comments: `#10 = name_feature('1',\'text\')` between
 * `SXF` or `SXF3` or `SXF3.1` twice. Codes count features, so one that cannot be read is CAD-TOKEN and not left out.
 * @returns the comment to write, or `undefined` for one that is no feature
 */
export function readComment(scanner: Scanner, strings: Strings): string | undefined {
  const tag = scanner.while(isTag, 64)
  if (!/^SXF[0-9.]{0,8}$/.test(tag)) {
    scanner.until('*/')
    return undefined
  }
  scanner.expect('#')
  const id = scanner.while(isDigit, 18)
  scanner.expect('=')
  scanner.space()
  const name = scanner.while(isTag, 64).toLowerCase()
  if (id === '' || !/^[a-z][a-z_]{0,60}_feature$/.test(name)) refuse('CAD-TOKEN')
  scanner.expect('(')
  const parameters = readValues(scanner, name, strings)
  scanner.expect(tag)
  scanner.expect('*/')
  return `/*${tag}\r\n#${id} = ${name}(${parameters.join(',')})\r\n${tag}*/\r\n`
}

function readValues(scanner: Scanner, name: string, strings: Strings): readonly string[] {
  const values: string[] = []
  scanner.space()
  if (scanner.takes(')')) return values
  for (;;) {
    if (values.length >= MAX_PARAMETERS) refuse('CAD-TOKEN')
    scanner.space()
    values.push(readValue(scanner, name, strings))
    scanner.space()
    if (scanner.takes(')')) return values
    if (!scanner.takes(',')) refuse('CAD-TOKEN')
  }
}

/** `'…'` for numbers, `\'…\'` for texts; old writers put texts into plain quotes, too. */
function readValue(scanner: Scanner, name: string, strings: Strings): string {
  if (scanner.takes("\\'")) {
    const raw = scanner.quoted("\\'")
    // Read byte by byte, a letter ending in a backslash before a quote would end the text.
    if (raw.includes("\\'")) refuse('CAD-TOKEN')
    return `\\'${strings.feature(raw, name)}\\'`
  }
  if (!scanner.takes("'")) refuse('CAD-TOKEN')
  const raw = scanner.quoted("'")
  if (isNumbers(raw)) return `'${raw.replace(/\s/g, '')}'`
  const text = strings.feature(raw, name)
  // Behind a letter that ends in a backslash (表) a plain quote would be the other kind of quote.
  return text.endsWith('\\') ? `\\'${text}\\'` : `'${text}'`
}

function isNumbers(raw: string): boolean {
  return raw.length <= MAX_NUMBERS && /^[-+0-9.eE,()\s]*$/.test(raw)
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isTag(byte: number): boolean {
  const letter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
  return letter || isDigit(byte) || byte === 0x5f || byte === 0x2e
}
