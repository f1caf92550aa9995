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
  isName(walk.entries(value).get('Type'), 'OCG') && !isDropped(value, walk)
    ? group(value, walk)
    : undefined

const membership: Shape = indirect(
  form({
    fixed: { Type: 'OCMD' },
    keys: {
      OCGs: either(onlyGroup, listOf(onlyGroup, { most: MAX_GROUPS, strict: false })),
      P: oneOf('AllOn', 'AnyOn', 'AnyOff', 'AllOff'),
      VE: (value, walk) => visibility(value, walk, fresh()),
    },
  }),
)

/** What an `/OC` entry or a property list may name: a layer, or a rule over layers. */
export const optionalContent: Shape = (value, walk) => {
  const type = walk.resolve(walk.entries(value).get('Type'))
  if (isName(type, 'OCG')) return onlyGroup(value, walk)
  // Without the layers that are not seen a rule over layers could come to say the opposite.
  return isName(type, 'OCMD') && !dropsLayers(walk) ? membership(value, walk) : undefined
}

/** Lists that name one list many times, level upon level, would take longer than the sun burns: every look at one counts. */
interface Nesting {
  left: number
  depth: number
}

function fresh(): Nesting {
  return { left: MAX_GROUPS, depth: 0 }
}

/** `otherwise` when there is nothing left to look with. */
function inside<T>(nesting: Nesting, otherwise: T, work: () => T): T {
  nesting.left -= 1
  if (nesting.left < 0 || nesting.depth > MAX_ORDER_DEPTH) return otherwise
  nesting.depth += 1
  const result = work()
  nesting.depth -= 1
  return result
}

function visibility(value: Value | undefined, walk: Walk, nesting: Nesting): Value | undefined {
  const found = walk.resolve(value)
  if (isDictionary(found)) return onlyGroup(value, walk)
  if (!isList(found)) return undefined
  return inside(nesting, undefined, () => {
    const operator = walk.resolve(found.items[0])
    if (!isName(operator) || !['And', 'Or', 'Not'].includes(operator.value)) return undefined
    const operands: Value[] = []
    for (const item of found.items.slice(1)) {
      const operand = visibility(item, walk, nesting)
      if (operand === undefined) return undefined
      operands.push(operand)
    }
    return list([name(operator.value), ...operands])
  })
}

const groups = listOf(onlyGroup, { most: MAX_GROUPS, strict: false })

const CONFIGURATION = {
  keys: {
    Name: anyText,
    BaseState: oneOf('ON', 'OFF', 'Unchanged'),
    ON: groups,
    OFF: groups,
    Intent: either(anyName, listOf(anyName, { most: 8 })),
    Order: (value: Value | undefined, walk: Walk) => order(value, walk, fresh()),
    ListMode: oneOf('AllPages', 'VisiblePages'),
    RBGroups: listOf(groups, { most: MAX_GROUPS, strict: false }),
    Locked: groups,
  },
}

function order(value: Value | undefined, walk: Walk, nesting: Nesting): Value | undefined {
  const found = walk.resolve(value)
  if (isText(found)) return anyText(found, walk)
  if (isDictionary(found)) return isReference(value) ? onlyGroup(value, walk) : undefined
  if (!isList(found)) return undefined
  return inside(nesting, undefined, () => {
    const items = found.items.map((item) => order(item, walk, nesting))
    return list(items.filter((item) => item !== undefined))
  })
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
  if (dropsLayers(walk)) return withoutHidden(all, shown, walk)
  if (hides(shown)) walk.kept('PDF-OC')
  return {
    kind: 'dictionary',
    required: ['OCGs', 'D'],
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

/** The town does not want what is not seen when the file is opened. */
function dropsLayers(walk: Walk): boolean {
  return walk.context.profile.hidden === 'remove'
}

/** What is left is seen: no list says anything else. */
function withoutHidden(all: Value, shown: Dictionary, walk: Walk): Dictionary | undefined {
  if (hiddenGroups(walk).size > 0) walk.removed('PDF-OC')
  if (!isList(all) || all.items.length === 0) return undefined
  const entries = new Map(shown.entries)
  for (const key of ['BaseState', 'ON', 'OFF']) entries.delete(key)
  return {
    kind: 'dictionary',
    required: ['OCGs', 'D'],
    entries: new Map<string, Value>([
      ['OCGs', all],
      ['D', { ...shown, entries }],
    ]),
  }
}

/** Whether content of this layer, or of this rule over layers, is left out of the output. */
export function isDropped(value: Value | undefined, walk: Walk): boolean {
  return value !== undefined && dropsLayers(walk) && !isShown(value, walk)
}

/** Names of the property lists of these resources whose content is left out. */
export function droppedNames(resources: Value | undefined, walk: Walk): ReadonlySet<string> {
  const names = new Set<string>()
  if (!dropsLayers(walk)) return names
  for (const [key, value] of walk.entries(walk.entries(resources).get('Properties')))
    if (isDropped(value, walk)) names.add(key)
  return names
}

/** 8.11.2: a layer by its state, a rule by its expression or its policy; what is neither is always seen. */
function isShown(value: Value, walk: Walk): boolean {
  const entries = walk.entries(value)
  if (!isName(walk.resolve(entries.get('Type')), 'OCMD')) return isOn(value, walk)
  const expression = walk.resolve(entries.get('VE'))
  return isList(expression) ? isTrue(expression, walk, fresh()) : followsPolicy(entries, walk)
}

function isOn(value: Value, walk: Walk): boolean {
  return !isReference(value) || !hiddenGroups(walk).has(value.number)
}

function isTrue(value: Value, walk: Walk, nesting: Nesting): boolean {
  const found = walk.resolve(value)
  if (!isList(found)) return isOn(value, walk)
  return inside(nesting, true, () => {
    const [operator, ...operands] = found.items
    const called = walk.resolve(operator)
    const holds = (operand: Value): boolean => isTrue(operand, walk, nesting)
    if (isName(called, 'Not')) return operands[0] === undefined || !holds(operands[0])
    return isName(called, 'Or') ? operands.some(holds) : operands.every(holds)
  })
}

function followsPolicy(entries: ReadonlyMap<string, Value>, walk: Walk): boolean {
  const given = entries.get('OCGs') ?? null
  const found = walk.resolve(given)
  const members = isList(found) ? found.items : [given]
  const states = members
    .filter((each) => isDictionary(walk.resolve(each)))
    .map((each) => isOn(each, walk))
  const policy = walk.resolve(entries.get('P'))
  if (states.length === 0) return true
  switch (isName(policy) ? policy.value : 'AnyOn') {
    case 'AllOn':
      return states.every(Boolean)
    case 'AnyOff':
      return states.includes(false)
    case 'AllOff':
      return !states.includes(true)
    default:
      return states.includes(true)
  }
}

const HIDDEN = new WeakMap<Walk, ReadonlySet<number>>()

/** Object numbers of the layers that the default configuration switches off. */
function hiddenGroups(walk: Walk): ReadonlySet<number> {
  const before = HIDDEN.get(walk)
  if (before) return before
  const catalog = walk.entries(walk.file.trailer.entries.get('Root'))
  const properties = walk.entries(catalog.get('OCProperties'))
  const state = walk.entries(properties.get('D'))
  const hidden = new Set<number>()
  if (isName(walk.resolve(state.get('BaseState')), 'OFF')) {
    for (const number of numbersIn(properties.get('OCGs'), walk)) hidden.add(number)
    for (const number of numbersIn(state.get('ON'), walk)) hidden.delete(number)
  }
  for (const number of numbersIn(state.get('OFF'), walk)) hidden.add(number)
  HIDDEN.set(walk, hidden)
  return hidden
}

function numbersIn(value: Value | undefined, walk: Walk): number[] {
  const found = walk.resolve(value)
  return isList(found) ? found.items.filter(isReference).map(({ number }) => number) : []
}
