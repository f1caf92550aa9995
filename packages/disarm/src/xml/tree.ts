import { refuse } from '../family.ts'
import type { Rename, XmlElement } from './read.ts'
import { MAX_TREE, readXml } from './read.ts'

/** A whole part as a tree: for small parts that are looked at before the walk. */
export function readTree(bytes: Uint8Array, rename?: Rename): XmlElement {
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let count = 0
  for (const token of readXml(bytes, rename)) {
    if (++count > MAX_TREE) refuse('OX-XMLDEPTH')
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
