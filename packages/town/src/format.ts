import { visit, type Document, type ToStringOptions, type YAMLMap, type YAMLSeq } from 'yaml'
import { canonical } from './digest.ts'
import { parseText } from './parse.ts'
import { problem, type Problem } from './problem.ts'

const LAYOUT: ToStringOptions = {
  indent: 2,
  indentSeq: true,
  lineWidth: 0,
  flowCollectionPadding: true,
  defaultStringType: 'PLAIN',
  defaultKeyType: 'PLAIN',
}

export type FormattedTown =
  | { readonly ok: true; readonly text: string; readonly changed: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Writes a town file in the one way there is. Comments and the order of keys stay. A file whose meaning would change
 * by it is left alone and says so.
 */
export function formatTown(text: string): FormattedTown {
  const before = parseText(text)
  if (!before.ok) return before
  const formatted = settled(layOut(before.document))
  const after = parseText(formatted)
  if (!after.ok || canonical(after.value) !== canonical(before.value)) {
    const start = { path: '', line: 1, column: 1 }
    return { ok: false, problems: [problem('TOWN-FORMAT', start)] }
  }
  return { ok: true, text: formatted, changed: formatted !== text }
}

/** One way to write YAML: two spaces, no folding, `[a, b]` and `{ a: b }`, quotes only where they are needed. */
export function layOut(document: Document.Parsed): string {
  visit(document, {
    Scalar(_, node) {
      // Without a remembered style the library writes plainly where it can, and quotes where it cannot.
      if (typeof node.value === 'string') delete node.type
    },
    Seq: (_, node) => pad(node, ''),
    Map: (_, node) => pad(node, ' '),
  })
  return document.toString(LAYOUT)
}

// The library pads lists and maps alike.
function pad(node: YAMLSeq | YAMLMap, flowCollectionPadding: string): void {
  const prototype = Object.getPrototypeOf(node) as YAMLMap
  node.toString = (context, ...rest) =>
    prototype.toString.call(node, context && { ...context, flowCollectionPadding }, ...rest)
}

// Comments may move once when they are read back; the second writing is final.
function settled(text: string): string {
  let current = text
  for (let round = 0; round < 3; round += 1) {
    const parsed = parseText(current)
    if (!parsed.ok) return current
    const next = layOut(parsed.document)
    if (next === current) return current
    current = next
  }
  return current
}
