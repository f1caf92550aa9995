import { isDictionary, isList, isName, isReference, isText, list, name } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import { anyName, anyText, copyForm, either, form, indirect, listOf, oneOf } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_GROUPS = 10_000
const MAX_ORDER_DEPTH = 16

/** A layer. `Usage` (print, zoom and language tricks that switch it by itself) is not on the list. */
const group: Shape = indirect(
  form({
    fixed: { Type: 'OCG' },
    keys: { Name: anyText, Intent: either(anyName, listOf(anyName, { most: 8 })) },
    required: ['Name'],
  }),
)

const onlyGroup: Shape = (value, walk) =>
  isName(walk.entries(value).get('Type'), 'OCG') ? group(value, walk) : undefined

const membership: Shape = indirect(
  form({
    fixed: { Type: 'OCMD' },
    keys: {
      OCGs: either(onlyGroup, listOf(onlyGroup, { most: MAX_GROUPS, strict: false })),
      P: oneOf('AllOn', 'AnyOn', 'AnyOff', 'AllOff'),
      VE: (value, walk) => visibility(value, walk, 0),
    },
  }),
)

/** What an `/OC` entry or a property list may name: a layer, or a rule over layers. */
export const optionalContent: Shape = (value, walk) => {
  const type = walk.resolve(walk.entries(value).get('Type'))
  if (isName(type, 'OCG')) return group(value, walk)
  return isName(type, 'OCMD') ? membership(value, walk) : undefined
}

function visibility(value: Value | undefined, walk: Walk, depth: number): Value | undefined {
  const found = walk.resolve(value)
  if (isDictionary(found)) return onlyGroup(value, walk)
  if (!isList(found) || depth > MAX_ORDER_DEPTH || found.items.length > MAX_GROUPS) return undefined
  const operator = walk.resolve(found.items[0])
  if (!isName(operator) || !['And', 'Or', 'Not'].includes(operator.value)) return undefined
  const operands = found.items.slice(1).map((item) => visibility(item, walk, depth + 1))
  return operands.includes(undefined)
    ? undefined
    : list([name(operator.value), ...(operands as Value[])])
}

const groups = listOf(onlyGroup, { most: MAX_GROUPS, strict: false })

const CONFIGURATION = {
  keys: {
    Name: anyText,
    BaseState: oneOf('ON', 'OFF', 'Unchanged'),
    ON: groups,
    OFF: groups,
    Intent: either(anyName, listOf(anyName, { most: 8 })),
    Order: (value: Value | undefined, walk: Walk) => order(value, walk, 0),
    ListMode: oneOf('AllPages', 'VisiblePages'),
    RBGroups: listOf(groups, { most: MAX_GROUPS, strict: false }),
    Locked: groups,
  },
}

function order(value: Value | undefined, walk: Walk, depth: number): Value | undefined {
  const found = walk.resolve(value)
  if (isText(found)) return anyText(found, walk)
  if (isDictionary(found)) return isReference(value) ? onlyGroup(value, walk) : undefined
  if (!isList(found) || depth > MAX_ORDER_DEPTH || found.items.length > MAX_GROUPS) return undefined
  const items = found.items.map((item) => order(item, walk, depth + 1))
  return list(items.filter((item) => item !== undefined))
}

/**
 * Layers as they are seen when the file is opened: the default configuration without `AS`, which would switch them on print or
 * on export. Alternative configurations are not written. Hidden layers are said (`PDF-OC` kept).
 */
export const layers: Shape = (value, walk) => {
  const entries = walk.entries(value)
  const all = groups(entries.get('OCGs'), walk)
  const configuration = walk.resolve(entries.get('D'))
  if (all === undefined || !isDictionary(configuration)) return undefined
  const shown = copyForm(withoutAutomatism(configuration, walk), CONFIGURATION, walk)
  if (!shown) return undefined
  if (hides(shown)) walk.kept('PDF-OC')
  return {
    kind: 'dictionary',
    entries: new Map<string, Value>([
      ['OCGs', all],
      ['D', shown],
    ]),
  }
}

function withoutAutomatism(configuration: Dictionary, walk: Walk): Dictionary {
  if (!configuration.entries.has('AS')) return configuration
  walk.removed('PDF-OC')
  const entries = new Map(configuration.entries)
  entries.delete('AS')
  return { kind: 'dictionary', entries }
}

function hides(shown: Dictionary): boolean {
  const off = shown.entries.get('OFF')
  return isName(shown.entries.get('BaseState'), 'OFF') || (isList(off) && off.items.length > 0)
}
