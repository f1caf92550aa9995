import type { Special } from './element.ts'
import { attributeOf, without } from './element.ts'

/** A form keeps its controls and loses where it sends to, where it reads from and what it does. */
const form: Special = (element, filter) => {
  if (attributeOf(element, 'xlink', 'href') !== undefined) filter.report('ODF-FORM')
  return filter.keep(without(element, 'xlink', 'href'))
}

const control: Special = (element, filter, key) => {
  filter.note('ODF-FORM')
  return form(element, filter, key)
}

/** Values that no one sees and that are sent along. */
const hidden: Special = (_element, filter) => filter.drop('ODF-FORM')

/** Properties by name; all others may be addresses of pages, pictures and help. */
const PROPERTIES: ReadonlySet<string> = new Set(
  `Align BackgroundColor Border BorderColor DefaultState HelpText HideInactiveSelection LineEndFormat MouseWheelBehavior
   MultiLine State Step TextColor TriState VerticalAlign VisualEffect WritingMode`.split(/\s+/),
)

const property: Special = (element, _filter, key) => {
  const known = PROPERTIES.has(attributeOf(element, 'form', 'property-name') ?? '')
  return known && key === 'form:property' ? undefined : { do: 'drop' }
}

const CONTROLS =
  'button checkbox combobox date fixed-text formatted-text frame generic-control grid image image-frame listbox number ' +
  'password radio text textarea time value-range'

export const formSpecials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['form:form', form],
  ['form:hidden', hidden],
  ['form:property', property],
  ['form:list-property', property],
  ...CONTROLS.split(' ').map((local) => [`form:${local}`, control] as const),
])
