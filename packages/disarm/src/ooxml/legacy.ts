import { Refusal } from '../family.ts'
import type { XmlElement } from '../xml/read.ts'
import { readTree } from '../xml/tree.ts'
import { OFFICE, VML } from './namespaces.ts'
import type { Package } from './package.ts'
import { attributeOf, isElement, textOf } from './scope.ts'
import { transitionalName } from './strict.ts'

/** One shape of a VML drawing as far as anything of it is written again. */
export interface LegacyShape {
  /** `_x0000_s1025`, or the place of a picture in a header such as `LH`. */
  readonly id: string
  readonly element: XmlElement
  /** Relationship of its picture. */
  readonly picture: XmlElement | undefined
  /** `x:ClientData`: what Excel knows about the shape. */
  readonly data: XmlElement | undefined
  /** `Note`, `Pict`, `Checkbox` …; empty without `x:ClientData`. */
  readonly kind: string
}

/**
 * Reads the shapes of a VML drawing (ECMA-376 part 4 §14). Excel keeps cell comments, form controls, controls of other makers and
 * previews of embedded objects side by side in there. VML that is no XML gives no shapes: `report` hears of it.
 */
export function readLegacy(
  pack: Package,
  name: string,
  report: (rule: string) => void,
): readonly LegacyShape[] {
  const root = treeOf(pack, name)
  if (!root) {
    report('OX-VML')
    return []
  }
  return shapesBelow(root, 0).map((element) => {
    const below = element.children.filter(isElement)
    const data = below.find(({ local }) => local === 'ClientData')
    return {
      id: attributeOf(element, 'spid', OFFICE) ?? attributeOf(element, 'id') ?? '',
      element,
      picture: below.find(({ uri, local }) => uri === VML && local === 'imagedata'),
      data,
      kind: data ? (attributeOf(data, 'ObjectType') ?? '') : '',
    }
  })
}

/** Groups of shapes inside groups. */
const MAX_GROUPS = 16

function shapesBelow(element: XmlElement, depth: number): XmlElement[] {
  if (depth > MAX_GROUPS) return []
  return element.children
    .filter(isElement)
    .filter(({ uri }) => uri === VML)
    .flatMap((child) => {
      if (child.local === 'group') return shapesBelow(child, depth + 1)
      return SHAPES.has(child.local) ? [child] : []
    })
}

const SHAPES: ReadonlySet<string> = new Set('shape rect roundrect oval line image'.split(' '))

/** Excel closes no `<br>` in the captions of controls; that alone does not make a drawing unreadable. */
function treeOf(pack: Package, name: string): XmlElement | undefined {
  const bytes = pack.read(name)
  return readable(bytes) ?? readable(withClosedBreaks(bytes))
}

function readable(bytes: Uint8Array): XmlElement | undefined {
  try {
    return readTree(bytes, transitionalName)
  } catch (error) {
    if (error instanceof Refusal && error.reason.startsWith('OX-')) return undefined
    throw error
  }
}

function withClosedBreaks(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8')
  return new TextEncoder().encode(text.replaceAll(/<br>/gi, '<br/>'))
}

const ANCHOR = /^[ \r\n\t]*(\d{1,7})(?:,[ \r\n\t]*(\d{1,7})){7}[ \r\n\t]*$/

/** `x:Anchor`: column, pixels, row, pixels of the upper left corner, then of the lower right one. */
export function anchorOf(data: XmlElement): string | undefined {
  const anchor = textBelow(data, 'Anchor')
  if (!ANCHOR.test(anchor)) return undefined
  const numbers = anchor.split(',').map(Number)
  return numbers.join(', ')
}

export function textBelow(element: XmlElement, local: string): string {
  const found = element.children.filter(isElement).find((child) => child.local === local)
  return found ? textOf(found) : ''
}
