import type { XmlElement, XmlNode } from '../xml/read.ts'
import { DRAWING, RELATIONSHIPS, SLIDE } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, elementOf, isElement, setAttribute } from './scope.ts'
import { knownElement } from './vocabulary.ts'

/** PresentationML (ECMA-376 part 1 §19). */

const OLE_GRAPHIC = 'http://schemas.openxmlformats.org/presentationml/2006/ole'

/** An embedded object becomes the picture it showed, at its place and with its id, so that animations still fit. */
const graphicFrame: Handler = (element, scope) => {
  const data = descendant(element, 'graphicData')
  if (!data || attributeOf(data, 'uri') !== OLE_GRAPHIC) return undefined
  scope.drop(descendant(data, 'link') ? 'OX-OLELINK' : 'OX-OLE')
  const picture = descendant(data, 'pic')
  if (!picture || picture.uri !== SLIDE) return legacyPicture(element, data, scope)
  lendIdentity(element, picture)
  return scope.filter([picture])
}

/** Before 2010 the picture stood in a VML drawing beside the slide, under the number of the shape. */
function legacyPicture(frame: XmlElement, data: XmlElement, scope: Scope): readonly XmlNode[] {
  const object = descendant(data, 'oleObj')
  const id = object && scope.legacyPicture(attributeOf(object, 'spid') ?? '')
  const place = frame.children.filter(isElement).find(({ local }) => local === 'xfrm')
  if (id === undefined || !place) return []
  const blip = elementOf(DRAWING, 'blip')
  blip.attributes.push({ uri: RELATIONSHIPS, local: 'embed', value: id })
  const named = elementOf(SLIDE, 'cNvPr')
  const shape = elementOf(DRAWING, 'prstGeom', { prst: 'rect' }, [elementOf(DRAWING, 'avLst')])
  const stretch = elementOf(DRAWING, 'stretch', {}, [elementOf(DRAWING, 'fillRect')])
  const picture = elementOf(SLIDE, 'pic', {}, [
    elementOf(SLIDE, 'nvPicPr', {}, [
      named,
      elementOf(SLIDE, 'cNvPicPr'),
      elementOf(SLIDE, 'nvPr'),
    ]),
    elementOf(SLIDE, 'blipFill', {}, [blip, stretch]),
    elementOf(SLIDE, 'spPr', {}, [
      { ...place, uri: DRAWING, children: scope.filter(place.children) },
      shape,
    ]),
  ])
  lendIdentity(frame, picture)
  return [picture]
}

function lendIdentity(frame: XmlElement, picture: XmlElement): void {
  const from = descendant(frame, 'cNvPr')
  const to = descendant(picture, 'cNvPr')
  if (!from || !to) return
  for (const local of ['id', 'name']) setAttribute(to, local, attributeOf(from, local) ?? '0')
}

function descendant(element: XmlElement, local: string): XmlElement | undefined {
  for (const child of element.children) {
    if (!isElement(child)) continue
    if (child.local === local) return child
    const found = descendant(child, local)
    if (found) return found
  }
  return undefined
}

/**
 * Animations stay only when every element of them is known: a time line with a hole is repaired by PowerPoint with a
 * question to the user, and a command (`p:cmd`) is a way to run things.
 */
const timing: Handler = (element, scope) => {
  if (isKnownThroughout(element)) return undefined
  scope.drop('P-TIMING')
  return []
}

function isKnownThroughout(element: XmlElement): boolean {
  if (element.local === 'extLst') return true
  if (knownElement(element.uri, element.local) === undefined) return false
  return element.children.every((child) => !isElement(child) || isKnownThroughout(child))
}

const slide: Handler = (element, scope) => {
  if (/^(?:0|false)$/.test(attributeOf(element, 'show') ?? '1')) scope.keep('OX-HIDDEN')
  return undefined
}

const notes: Handler = (_element, scope) => {
  scope.keep('P-NOTES')
  return undefined
}

const comment: Handler = (_element, scope) => {
  scope.keep('OX-REV')
  return undefined
}

const writeProtection: Handler = (_element, scope) => {
  scope.keep('OX-PROT')
  return undefined
}

export const powerpointHandlers: ReadonlyMap<string, Handler> = new Map([
  ['p:graphicFrame', graphicFrame],
  ['p:timing', timing],
  ['p:sld', slide],
  ['p:notes', notes],
  ['p:cm', comment],
  ['p:modifyVerifier', writeProtection],
])
