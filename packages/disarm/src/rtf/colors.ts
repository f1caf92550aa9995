import { refuse } from '../family.ts'
import type { Node } from './tree.ts'
import type { Writer } from './writer.ts'

/** Colours are named by their place, so each semicolon is one, also the empty one that means "automatic". */
const MAX_COLORS = 32_768
const CHANNELS = ['red', 'green', 'blue']

/** The colour table as numbers from 0 to 255. Colours of the theme keep the value that stands beside them. */
export function rebuildColors(nodes: readonly Node[], writer: Writer): void {
  let color = new Map<string, number>()
  let count = 0
  const end = () => {
    if (++count > MAX_COLORS) refuse('RTF-PARSE')
    if (color.size > 0) for (const name of CHANNELS) writer.word(name, color.get(name) ?? 0)
    writer.text(';')
    color = new Map()
  }
  for (const node of nodes) {
    if (node.kind === 'word' && CHANNELS.includes(node.word)) {
      color.set(node.word, Math.min(255, Math.max(0, node.parameter ?? 0)))
    } else if (node.kind === 'text') {
      for (const character of node.text) if (character === ';') end()
    }
  }
  if (color.size > 0) end()
}
