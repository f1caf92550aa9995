import { judgeFormula } from './formula.ts'
import { RELATIONSHIPS } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, isElement, removeAttribute, setAttribute } from './scope.ts'
import type { XmlElement } from '../xml/read.ts'

/** DrawingML: pictures, links on shapes and SmartArt (ECMA-376 part 1 §20, §21). */

/** A picture comes from the package or not at all: a linked one is a web bug. */
const blip: Handler = (element, scope) => {
  if (removeAttribute(element, 'link', RELATIONSHIPS)) scope.drop('OX-EXTREL')
  const id = attributeOf(element, 'embed', RELATIONSHIPS) ?? ''
  removeAttribute(element, 'embed', RELATIONSHIPS)
  const shell = scope.shell(element, 'a:blip')
  if (!shell) return []
  setAttribute(shell, 'embed', scope.follow(id, ['image']) ?? scope.placeholder(), RELATIONSHIPS)
  shell.children = scope.filter(element.children)
  return [shell]
}

/** Jumps inside the show; nothing that starts a program, a macro, an object or another file. */
const JUMPS =
  /^ppaction:\/\/hlinkshowjump\?jump=(?:nextslide|previousslide|firstslide|lastslide|lastslideviewed|endshow)$/
const SLIDE_JUMP = 'ppaction://hlinksldjump'

const shapeLink: Handler = (element, scope) => {
  const id = attributeOf(element, 'id', RELATIONSHIPS) ?? ''
  const action = attributeOf(element, 'action') ?? ''
  const target = linkTarget(id, action, scope)
  if (target === undefined) {
    // A link that only the profile does not want has been counted as such.
    if (action !== '' || scope.profile.links === 'keep') scope.drop('OX-HLINK')
    return []
  }
  const written: XmlElement = { ...element, attributes: [], children: [] }
  setAttribute(written, 'id', target.id, RELATIONSHIPS)
  if (target.action !== '') setAttribute(written, 'action', target.action)
  if (element.children.some((child) => isElement(child) && child.local === 'snd')) {
    scope.drop('OX-HLINK')
  }
  return [written]
}

function linkTarget(
  id: string,
  action: string,
  scope: Scope,
): { readonly id: string; readonly action: string } | undefined {
  if (JUMPS.test(action)) return { id: '', action }
  if (action === SLIDE_JUMP) {
    const slide = scope.follow(id, ['slide'])
    return slide === undefined ? undefined : { id: slide, action }
  }
  if (action !== '') return undefined
  const link = scope.hyperlink(id)
  return link === undefined ? undefined : { id: link, action: '' }
}

/** What a graphic frame may hold, by the URI that says so. */
const GRAPHICS: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/drawingml/2006/picture',
  'http://schemas.openxmlformats.org/drawingml/2006/chart',
  'http://schemas.openxmlformats.org/drawingml/2006/diagram',
  'http://schemas.openxmlformats.org/drawingml/2006/table',
  'http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingShape',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingGroup',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas',
])

const graphicData: Handler = (element, scope) => {
  if (GRAPHICS.has(attributeOf(element, 'uri') ?? '')) return undefined
  scope.drop('OX-MC')
  return []
}

const DIAGRAM_PARTS: readonly (readonly [attribute: string, kind: string])[] = [
  ['dm', 'diagramData'],
  ['lo', 'diagramLayout'],
  ['qs', 'diagramQuickStyle'],
  ['cs', 'diagramColors'],
]

/** SmartArt names its four parts at once; without one of them it cannot be drawn. */
const diagramParts: Handler = (element, scope) => {
  const written: XmlElement = { ...element, attributes: [], children: [] }
  for (const [attribute, kind] of DIAGRAM_PARTS) {
    const id = scope.follow(attributeOf(element, attribute, RELATIONSHIPS) ?? '', [kind])
    if (id === undefined) return []
    setAttribute(written, attribute, id, RELATIONSHIPS)
  }
  return [written]
}

/** A shape of a layout: nearly every writer names a picture for it that is none (`r:blip=""`). */
const diagramShape: Handler = (element, scope) => {
  const picture = attributeOf(element, 'blip', RELATIONSHIPS)
  if (picture !== undefined && picture !== '') scope.drop('OX-CT')
  removeAttribute(element, 'blip', RELATIONSHIPS)
  return undefined
}

/** The drawn form of a diagram is named by a relationship of the part that shows it, not of this part. */
const diagramDrawing: Handler = (element, scope) => {
  const id = scope.drawnForm(attributeOf(element, 'relId') ?? '')
  if (id === undefined) return []
  return [{ ...element, attributes: [{ uri: '', local: 'relId', value: id }], children: [] }]
}

const textLink: Handler = (element, scope) => {
  const formula = attributeOf(element, 'textlink') ?? ''
  if (formula === '') return undefined
  const fault = judgeFormula(formula, scope.book)
  if (fault) {
    removeAttribute(element, 'textlink')
    scope.drop(fault)
  }
  return undefined
}

export const drawingHandlers: ReadonlyMap<string, Handler> = new Map([
  ['a:blip', blip],
  ['a:hlinkClick', shapeLink],
  ['a:hlinkHover', shapeLink],
  ['a:graphicData', graphicData],
  ['dgm:relIds', diagramParts],
  ['dgm:shape', diagramShape],
  ['dsp:dataModelExt', diagramDrawing],
  ['xdr:sp', textLink],
  ['cdr:sp', textLink],
])
