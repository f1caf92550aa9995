import { refuse } from '../family.ts'
import type { XmlElement } from './read.ts'
import { readXml } from './read.ts'

/** A whole part as a tree: for small parts that are looked at before the walk. */
export function readTree(bytes: Uint8Array): XmlElement {
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  for (const token of readXml(bytes)) {
    const top = open[open.length - 1]
    if (token.kind === 'open') {
      root ??= token.element
      top?.children.push(token.element)
      open.push(token.element)
    } else if (token.kind === 'close') open.pop()
    else if (token.kind === 'text') top?.children.push(token.text)
  }
  return root ?? refuse('OX-XML')
}
