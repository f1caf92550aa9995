import { calculator } from './calculator.ts'
import { deflate } from './flate.ts'
import { SyntaxFault } from './lexer.ts'
import { isDictionary, isList, isStream, list, name } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import { streamBytes } from './raster.ts'
import { anyNumber, copyForm, integer, listOf, withBody } from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

/** Stitching of stitching … real files stay at two. */
const MAX_DEPTH = 6
const MAX_PIECES = 1024
const pairs = listOf(anyNumber, { least: 2, most: 64 })
const values = listOf(anyNumber, { most: 1024 })

const COMMON = { FunctionType: integer(0, 4), Domain: pairs, Range: pairs }

/** ISO 32000-1, 7.10. */
const SAMPLED: Form = {
  keys: {
    ...COMMON,
    Size: listOf(integer(1, 65_536), { least: 1, most: 32 }),
    BitsPerSample: integer(1, 32),
    Order: integer(1, 3),
    Encode: values,
    Decode: values,
  },
  required: ['FunctionType', 'Domain', 'Range', 'Size', 'BitsPerSample'],
}
const EXPONENTIAL: Form = {
  keys: { ...COMMON, C0: values, C1: values, N: anyNumber },
  required: ['FunctionType', 'Domain', 'N'],
}
const STITCHING: Form = {
  keys: { ...COMMON, Bounds: values, Encode: values },
  required: ['FunctionType', 'Domain', 'Bounds', 'Encode'],
}
const CALCULATOR: Form = { keys: COMMON, required: ['FunctionType', 'Domain', 'Range'] }

/** One function. */
export const colorFunction: Shape = (value, walk) => functionAt(value, walk, 0)

/** One function, or one for each component. */
export const functions: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isList(found)) return colorFunction(value, walk)
  if (found.items.length > 64) return undefined
  const copies = found.items.map((item) => colorFunction(item, walk))
  return copies.includes(undefined) ? undefined : list(copies as Value[])
}

/** Functions are copied at once, not later: so their nesting is bounded and a loop ends at the bound. */
function functionAt(value: Value | undefined, walk: Walk, depth: number): Value | undefined {
  if (depth > MAX_DEPTH) return undefined
  return walk.once(value, functionAt, () => copyFunction(walk.resolve(value), walk, depth))
}

function copyFunction(found: Value, walk: Walk, depth: number): Value | undefined {
  const entries = walk.entries(found)
  try {
    switch (walk.resolve(entries.get('FunctionType'))) {
      case 0:
        return isStream(found) ? streamFunction(found, SAMPLED, walk, sampledBytes) : undefined
      case 2:
        return isDictionary(found) ? copyForm(found, EXPONENTIAL, walk) : undefined
      case 3:
        return isDictionary(found) ? stitching(found, walk, depth) : undefined
      case 4:
        return isStream(found) ? streamFunction(found, CALCULATOR, walk, calculator) : undefined
      default:
        return undefined
    }
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    walk.removed('PDF-FUNC')
    return undefined
  }
}

function streamFunction(
  stream: Stream,
  spec: Form,
  walk: Walk,
  rewrite: (bytes: Uint8Array, copy: Dictionary) => Uint8Array,
): Value | undefined {
  const copy = copyForm(stream.dictionary, spec, walk)
  const bytes = copy && streamBytes(stream, walk)
  if (!copy || !bytes) return undefined
  const raw = deflate(rewrite(bytes, copy))
  return withBody(copy, { raw, entries: { Filter: name('FlateDecode') } })
}

/** Exactly the samples that `Size` asks for. */
function sampledBytes(bytes: Uint8Array, copy: Dictionary): Uint8Array {
  const numbersOf = (key: string): number[] => {
    const value = copy.entries.get(key)
    return isList(value) ? value.items.filter((item) => typeof item === 'number') : []
  }
  const points = numbersOf('Size').reduce((product, each) => product * each, 1)
  const bits =
    points * (numbersOf('Range').length / 2) * (copy.entries.get('BitsPerSample') as number)
  const expected = Math.ceil(bits / 8)
  if (expected > bytes.length) throw new SyntaxFault('too few samples', 0)
  return bytes.subarray(0, expected)
}

function stitching(found: Dictionary, walk: Walk, depth: number): Value | undefined {
  const copy = copyForm(
    found,
    { ...STITCHING, keys: { ...STITCHING.keys, Functions: pieces(depth) } },
    walk,
  )
  return copy?.entries.has('Functions') ? copy : undefined
}

function pieces(depth: number): Shape {
  return listOf((value, walk) => functionAt(value, walk, depth + 1), { least: 1, most: MAX_PIECES })
}
