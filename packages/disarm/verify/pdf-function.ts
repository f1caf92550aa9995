import {
  anyNumber,
  byKind,
  checkEntries,
  choose,
  entriesOf,
  inflated,
  integer,
  later,
  list,
  reject,
  resolve,
  shared,
  stream,
} from './pdf-rule.ts'
import type { Form, Keys, Rule, Site, Stream } from './pdf-rule.ts'
import { verifyCalculator } from './pdf-calculator.ts'
import type { Dictionary, Value } from './pdf-value.ts'
import { demand } from './rejection.ts'

/** Functions in functions. */
const MAX_DEPTH = 6
const MAX_PIECES = 1024
const pairs = list(anyNumber, 2, 64)
const values = list(anyNumber, 0, 1024)
const COMMON: Keys = { FunctionType: integer(0, 4), Domain: pairs, Range: pairs }

/** ISO 32000-1, 7.10.2. */
const SAMPLED: Form = {
  keys: {
    ...COMMON,
    Size: list(integer(1, 65_536), 1, 32),
    BitsPerSample: integer(1, 32),
    Order: integer(1, 3),
    Encode: values,
    Decode: values,
  },
  required: 'FunctionType Domain Range Size BitsPerSample',
}
const sampled = stream(SAMPLED, (found, site) => {
  const { entries } = found
  const points = numbersOf(entries.get('Size')).reduce((product, each) => product * each, 1)
  const outputs = numbersOf(entries.get('Range')).length / 2
  const bits = points * outputs * (numbersOf(entries.get('BitsPerSample'))[0] ?? 0)
  demand(inflated(found, site).length === Math.ceil(bits / 8), 'VERIFY-PDF-FUNCTION', site.where)
})

const calculator = stream(
  { keys: COMMON, required: 'FunctionType Domain Range' },
  (found: Stream, site: Site) => verifyCalculator(inflated(found, site), site.where),
)

function numbersOf(value: Value | undefined): readonly number[] {
  if (value?.kind === 'number') return [value.value]
  return value?.kind === 'array'
    ? value.items.map((item) => (item.kind === 'number' ? item.value : 0))
    : []
}

const EXPONENTIAL: Form = {
  keys: { ...COMMON, C0: values, C1: values, N: anyNumber },
  required: 'FunctionType Domain N',
}

/** Exponential (7.10.3) and stitching (7.10.4) functions of one depth. */
function plainFunction(depth: number): Rule {
  const pieces = list(
    later(() => FUNCTIONS[depth + 1] ?? tooDeep),
    1,
    MAX_PIECES,
  )
  const stitching: Form = {
    keys: { ...COMMON, Bounds: values, Encode: values, Functions: pieces },
    required: 'FunctionType Domain Bounds Encode Functions',
  }
  return (value, site) => {
    if (value.kind !== 'dict') reject(site)
    const type = typeOf(value.entries)
    if (type !== 2 && type !== 3) reject(site)
    checkEntries(value.entries, type === 2 ? EXPONENTIAL : stitching, site)
  }
}

const tooDeep: Rule = (_, site) => reject(site)

function typeOf(entries: Dictionary): number | undefined {
  return numbersOf(entries.get('FunctionType'))[0]
}

/** One rule per depth, so that a loop of functions ends at the bound. */
const FUNCTIONS: readonly Rule[] = Array.from({ length: MAX_DEPTH + 1 }, (_, depth) => {
  const plain = shared(plainFunction(depth))
  return choose((value, site) => {
    if (resolve(value, site)?.kind !== 'stream') return plain
    return typeOf(entriesOf(value, site)) === 0 ? sampled : calculator
  })
})

/** One function. */
export const colourFunction: Rule = (value, site) => FUNCTIONS[0]!(value, site)

/** One function, or one for each component. */
export const functions = byKind({
  reference: colourFunction,
  dict: colourFunction,
  array: list(colourFunction, 0, 64),
})
