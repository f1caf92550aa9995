import { colorSpace } from './color.ts'
import { font } from './font.ts'
import { graphicsState, pattern, shading, xObject } from './graphics.ts'
import { optionalContent } from './layer.ts'
import { isDictionary, isName } from './objects.ts'
import { propertyList } from './property.ts'
import { form, later, mapOf, shared } from './shape.ts'
import type { Shape } from './walk.ts'

/** A property list by name: a layer, or marked-content properties. */
const properties: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isDictionary(found)) return undefined
  const type = walk.resolve(found.entries.get('Type'))
  if (isName(type, 'OCG') || isName(type, 'OCMD')) return optionalContent(value, walk)
  return propertyList(found, walk)
}

/** ISO 32000-1, 7.8.3, without `ProcSet`, which is obsolete. Names are free; each must lead to a thing of its category. */
export const resources: Shape = form({
  keys: {
    ExtGState: shared(mapOf(shared(later(() => graphicsState)))),
    ColorSpace: shared(mapOf(shared(colorSpace))),
    Pattern: shared(mapOf(later(() => pattern))),
    Shading: shared(mapOf(later(() => shading))),
    XObject: shared(mapOf(later(() => xObject))),
    Font: shared(mapOf(later(() => font))),
    Properties: shared(mapOf(properties)),
  },
})
