import { colorFunction } from './function.ts'
import { iccProfile } from './icc.ts'
import { deflate } from './flate.ts'
import { SyntaxFault } from './lexer.ts'
import { dictionary, isList, isName, isStream, isText, list, name, text } from './objects.ts'
import type { List, Value } from './objects.ts'
import { anyName, anyNumber, form, numbers } from './shape.ts'
import { streamBytes } from './raster.ts'
import type { Shape, Walk } from './walk.ts'

/** Spaces inside spaces: Indexed over DeviceN over ICC is three. */
const MAX_DEPTH = 4
const MAX_COLORANTS = 32

const DEVICE: ReadonlyMap<string, number> = new Map([
  ['DeviceGray', 1],
  ['DeviceRGB', 3],
  ['DeviceCMYK', 4],
  ['G', 1],
  ['RGB', 3],
  ['CMYK', 4],
  ['CalGray', 1],
  ['CalRGB', 3],
])

const LONG: ReadonlyMap<string, string> = new Map([
  ['G', 'DeviceGray'],
  ['RGB', 'DeviceRGB'],
  ['CMYK', 'DeviceCMYK'],
  ['CalGray', 'DeviceGray'],
  ['CalRGB', 'DeviceRGB'],
])

/** ISO 32000-1, 8.6: a colour space by name or by array. */
export const colorSpace: Shape = (value, walk) => spaceAt(value, walk, 0)

function spaceAt(value: Value | undefined, walk: Walk, depth: number): Value | undefined {
  const found = walk.resolve(value)
  if (isName(found)) return namedSpace(found.value)
  if (!isList(found) || depth > MAX_DEPTH) return undefined
  const family = walk.resolve(found.items[0])
  if (!isName(family)) return undefined
  if (found.items.length === 1) return namedSpace(family.value)
  return arraySpace(family.value, found, walk, depth)
}

function namedSpace(called: string): Value | undefined {
  if (called === 'Pattern') return name('Pattern')
  return DEVICE.has(called) ? name(LONG.get(called) ?? called) : undefined
}

function arraySpace(family: string, space: List, walk: Walk, depth: number): Value | undefined {
  switch (family) {
    case 'CalGray':
    case 'CalRGB':
    case 'Lab':
      return withName(family, CALIBRATED[family](space.items[1], walk))
    case 'ICCBased':
      return iccSpace(space, walk)
    case 'Indexed':
    case 'I':
      return indexedSpace(space, walk, depth)
    case 'Pattern':
      return withName('Pattern', spaceAt(space.items[1], walk, depth + 1))
    case 'Separation':
      return tintSpace('Separation', anyName(space.items[1], walk), space, walk, depth)
    case 'DeviceN':
      return tintSpace('DeviceN', colorants(space.items[1], walk), space, walk, depth)
    default:
      return namedSpace(family)
  }
}

const WHITE = { WhitePoint: numbers(3), BlackPoint: numbers(3) }
const CALIBRATED = {
  CalGray: form({ keys: { ...WHITE, Gamma: anyNumber }, required: ['WhitePoint'] }),
  CalRGB: form({
    keys: { ...WHITE, Gamma: numbers(3), Matrix: numbers(9) },
    required: ['WhitePoint'],
  }),
  Lab: form({ keys: { ...WHITE, Range: numbers(4) }, required: ['WhitePoint'] }),
} as const

function withName(family: string, rest: Value | undefined): Value | undefined {
  return rest === undefined ? undefined : list([name(family), rest])
}

/** The profile is rebuilt; when it cannot be, the device space with as many components takes its place. */
function iccSpace(space: List, walk: Walk): Value | undefined {
  const stream = walk.resolve(space.items[1])
  if (!isStream(stream)) return undefined
  const components = iccComponents(stream, walk)
  if (components === undefined) return undefined
  const link = iccStream(space.items[1], walk)
  if (link !== undefined) return list([name('ICCBased'), link])
  return deviceSpace(components)
}

function iccStream(value: Value | undefined, walk: Walk): Value | undefined {
  return walk.once(value, iccStream, () => profile(walk.resolve(value), walk))
}

function profile(found: Value, walk: Walk): Value | undefined {
  const components = iccComponents(found, walk)
  const bytes = components === undefined ? undefined : cleanProfile(found, components, walk)
  if (bytes === undefined || components === undefined) {
    walk.removed('PDF-FUNC')
    return undefined
  }
  const entries = dictionary({
    N: components,
    Alternate: deviceSpace(components),
    Filter: name('FlateDecode'),
  })
  return { kind: 'stream', dictionary: entries, raw: deflate(bytes) }
}

function cleanProfile(found: Value, components: number, walk: Walk): Uint8Array | undefined {
  try {
    const bytes = streamBytes(found, walk)
    return bytes && iccProfile(bytes, components)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}

function iccComponents(stream: Value, walk: Walk): number | undefined {
  const count = isStream(stream) ? walk.resolve(stream.dictionary.entries.get('N')) : undefined
  return count === 1 || count === 3 || count === 4 ? count : undefined
}

function deviceSpace(components: number): Value {
  return name(components === 1 ? 'DeviceGray' : components === 3 ? 'DeviceRGB' : 'DeviceCMYK')
}

function indexedSpace(space: List, walk: Walk, depth: number): Value | undefined {
  const base = spaceAt(space.items[1], walk, depth + 1)
  const high = walk.resolve(space.items[2])
  const components = componentsAt(space.items[1], walk, depth + 1)
  const bytes = tableBytes(space.items[3], walk)
  const valid = typeof high === 'number' && high >= 0 && high <= 255 && components !== undefined
  if (base === undefined || bytes === undefined || !valid || isPattern(base)) return undefined
  const last = Math.trunc(high)
  const table = new Uint8Array((last + 1) * components)
  table.set(bytes.subarray(0, table.length))
  return list([name('Indexed'), base, last, text(table)])
}

function isPattern(value: Value): boolean {
  return isName(value, 'Pattern') || (isList(value) && isName(value.items[0], 'Pattern'))
}

function tableBytes(value: Value | undefined, walk: Walk): Uint8Array | undefined {
  const found = walk.resolve(value)
  if (isText(found)) return found.bytes
  try {
    return streamBytes(found, walk)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}

function tintSpace(
  family: string,
  names: Value | undefined,
  space: List,
  walk: Walk,
  depth: number,
): Value | undefined {
  const alternate = spaceAt(space.items[2], walk, depth + 1)
  const tint = colorFunction(space.items[3], walk)
  if (names === undefined || alternate === undefined || tint === undefined) return undefined
  return isPattern(alternate) ? undefined : list([name(family), names, alternate, tint])
}

function colorants(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (!isList(found) || found.items.length > MAX_COLORANTS) return undefined
  const names = found.items.map((item) => anyName(item, walk))
  return names.includes(undefined) ? undefined : list(names as Value[])
}

/** Numbers per colour; undefined for patterns and for what is no colour space. */
export function componentsOf(value: Value | undefined, walk: Walk): number | undefined {
  return componentsAt(value, walk, 0)
}

function componentsAt(value: Value | undefined, walk: Walk, depth: number): number | undefined {
  const found = walk.resolve(value)
  if (isName(found)) return DEVICE.get(found.value)
  if (!isList(found) || depth > MAX_DEPTH) return undefined
  const family = walk.resolve(found.items[0])
  if (!isName(family)) return undefined
  switch (family.value) {
    case 'CalGray':
    case 'Indexed':
    case 'I':
    case 'Separation':
      return 1
    case 'CalRGB':
    case 'Lab':
      return 3
    case 'ICCBased':
      return iccComponents(walk.resolve(found.items[1]), walk)
    case 'DeviceN': {
      const names = walk.resolve(found.items[1])
      return isList(names) ? names.items.length : undefined
    }
    default:
      return DEVICE.get(family.value)
  }
}
