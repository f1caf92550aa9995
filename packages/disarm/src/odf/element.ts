import type { XmlElement } from '../xml/read.ts'
import type { Decision, Filter } from './filter.ts'
import { NAMESPACES } from './namespaces.ts'

/** Decides about one element before the tables do; `undefined` leaves it to them. `key` is `prefix:local`. */
export type Special = (element: XmlElement, filter: Filter, key: string) => Decision | undefined

export function attributeOf(
  element: XmlElement,
  prefix: string,
  local: string,
): string | undefined {
  const uri = NAMESPACES.get(prefix)
  return element.attributes.find((one) => one.local === local && one.uri === uri)?.value
}

/** Without an attribute that was judged elsewhere. */
export function without(element: XmlElement, prefix: string, local: string): XmlElement {
  const uri = NAMESPACES.get(prefix)
  const attributes = element.attributes.filter((one) => one.local !== local || one.uri !== uri)
  return { ...element, attributes }
}
