/**
 * Walks the one form of XML that the disarmer writes: no comment, no CDATA, no DTD, five entities. One pass, no
 * recursion, no backtracking.
 */

export interface XmlVisitor {
  /** Name with its prefix; attributes are read on demand. */
  open?(name: string, attribute: (name: string) => string | undefined, empty: boolean): void
  close?(name: string): void
  text?(text: string): void
}

/** @param stop asked after each tag: true ends the walk. */
export function walkXml(xml: string, visitor: XmlVisitor, stop: () => boolean = () => false): void {
  let at = 0
  while (at < xml.length && !stop()) {
    const tag = xml.indexOf('<', at)
    if (tag < 0) return
    if (tag > at) visitor.text?.(unescape(xml.slice(at, tag)))
    const end = endOfTag(xml, tag)
    if (end < 0) return
    visit(xml.slice(tag + 1, end), visitor)
    at = end + 1
  }
}

/** The `>` that ends the tag: one inside quotes does not. */
function endOfTag(xml: string, tag: number): number {
  let quoted = false
  for (let at = tag; at < xml.length; at += 1) {
    const one = xml[at]
    if (one === '"') quoted = !quoted
    else if (one === '>' && !quoted) return at
  }
  return -1
}

function visit(tag: string, visitor: XmlVisitor): void {
  if (tag.startsWith('?')) return
  if (tag.startsWith('/')) {
    visitor.close?.(tag.slice(1).trim())
    return
  }
  const empty = tag.endsWith('/')
  const name = /^[^\s/]+/u.exec(tag)?.[0] ?? ''
  visitor.open?.(name, (wanted) => attributeOf(tag, wanted), empty)
  if (empty) visitor.close?.(name)
}

function attributeOf(tag: string, name: string): string | undefined {
  const from = tag.indexOf(` ${name}="`)
  if (from < 0) return undefined
  const start = from + name.length + 3
  const end = tag.indexOf('"', start)
  return end < 0 ? undefined : unescape(tag.slice(start, end))
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#9;', '\t'],
  ['&#10;', '\n'],
  ['&#13;', '\r'],
])

function unescape(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(?:amp|lt|gt|quot|#9|#10|#13);/gu, (one) => ENTITIES.get(one) ?? one)
}
