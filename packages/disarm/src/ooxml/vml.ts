import type { XmlAttribute, XmlElement } from '../xml/read.ts'
import { OFFICE, RELATIONSHIPS } from './namespaces.ts'
import type { Scope } from './scope.ts'

/**
 * VML (ECMA-376 part 4 §14) is HTML's wild cousin: `href`, `onmouseover`, `o:gfxdata`, scripts. Only the attributes
 * that draw are kept; pictures come only through a relationship.
 */
export function filterVmlAttributes(element: XmlElement, scope: Scope): readonly XmlAttribute[] {
  const kept: XmlAttribute[] = []
  for (const attribute of element.attributes) {
    const written = filterAttribute(attribute)
    if (written) kept.push(written)
    else if (!SILENT.has(attribute.local)) scope.drop('OX-VML')
  }
  return kept
}

const DRAWING_ATTRIBUTES: ReadonlySet<string> = new Set(
  `id style type coordsize coordorigin path adj filled fillcolor stroked strokecolor strokeweight opacity opacity2
   wrapcoords alt from to points arcsize startangle endangle startAngle endAngle control1 control2 on color color2 focus focussize
   focusposition angle method weight dashstyle joinstyle miterlimit endcap startarrow startarrowwidth
   startarrowlength endarrow endarrowwidth endarrowlength inset offset offset2 obscured string fitshape fitpath
   trim xscale textpathok gradientshapeok limo textboxrect fillok strokeok shadowok arrowok eqn croptop cropbottom
   cropleft cropright gain blacklevel gamma grayscale bilevel chromakey recolor recolortarget rotate origin
   position size aspect alignshape insetpen print ext v colors linestyle chromakey`.split(/\s+/),
)

const OFFICE_ATTRIBUTES: ReadonlySet<string> = new Set(
  `spid spt connecttype connectlocs connectangles allowincell allowoverlap hr hrstd hrnoshade hralign hrpct insetmode
   preferrelative bullet extrusionok userdrawn forcedash bwmode bwpure bwnormal opacity2 singleclick cliptowrap
   oned regroupid detectmouseclick`.split(/\s+/),
)

/** Dropped without a line: private data of the drawing program, the name of the picture's source file. */
const SILENT: ReadonlySet<string> = new Set([
  'gfxdata',
  'title',
  'ole',
  'button',
  'relid',
  'equationxml',
])

function filterAttribute(attribute: XmlAttribute): XmlAttribute | undefined {
  const { uri, local, value } = attribute
  if (uri === RELATIONSHIPS) return local === 'id' ? attribute : undefined
  // `o:relid` is how shapes name their picture; it is the same relationship.
  if (uri === OFFICE && local === 'relid') return { uri: RELATIONSHIPS, local: 'id', value }
  if (!isSafeValue(value)) return undefined
  if (uri === OFFICE) return OFFICE_ATTRIBUTES.has(local) ? attribute : undefined
  if (uri === '' || uri === 'urn:schemas-microsoft-com:vml') {
    return DRAWING_ATTRIBUTES.has(local) ? attribute : undefined
  }
  return undefined
}

/** No `url(…)`, `expression(…)`, path or scheme fits through. Formulas and paths need no parentheses either. */
function isSafeValue(value: string): boolean {
  return !/[\\<>]|(?:url|expression|javascript|vbscript|behavior)\s*[:(]/i.test(value)
}
