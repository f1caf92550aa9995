/** What the value of a group may be, by the range its code is in (DXF reference, "Group Code Value Types"). */
export type ValueKind = 'text' | 'real' | 'integer' | 'handle' | 'binary'

export function kindOf(code: number): ValueKind | undefined {
  return KINDS[code]
}

const RANGES: readonly (readonly [low: number, high: number, kind: ValueKind])[] = [
  [0, 9, 'text'],
  [10, 59, 'real'],
  [60, 99, 'integer'],
  [100, 102, 'text'],
  [105, 105, 'handle'],
  [110, 149, 'real'],
  [160, 179, 'integer'],
  [210, 239, 'real'],
  [270, 299, 'integer'],
  [300, 309, 'text'],
  [310, 319, 'binary'],
  [320, 369, 'handle'],
  [370, 389, 'integer'],
  [390, 399, 'handle'],
  [400, 409, 'integer'],
  [410, 419, 'text'],
  [420, 429, 'integer'],
  [430, 439, 'text'],
  [440, 459, 'integer'],
  [460, 469, 'real'],
  [470, 479, 'text'],
  [480, 481, 'handle'],
  [1000, 1003, 'text'],
  [1004, 1004, 'binary'],
  [1005, 1005, 'handle'],
  [1006, 1009, 'text'],
  [1010, 1059, 'real'],
  [1060, 1071, 'integer'],
]

const KINDS: readonly (ValueKind | undefined)[] = Array.from(
  { length: 1072 },
  (_, code) => RANGES.find(([low, high]) => code >= low && code <= high)?.[2],
)

/** The one spelling of a value, or `undefined` when it is none of its kind. Digits stay as they are: a drawing is measured by them. */
export function canonicalValue(kind: ValueKind, value: string): string | undefined {
  if (kind === 'text') return value
  const bare = value.trim()
  if (kind === 'handle') return /^[0-9A-Fa-f]{1,16}$/.test(bare) ? bare : undefined
  if (kind === 'real') return REAL.test(bare) ? bare : undefined
  if (kind !== 'integer') return undefined
  // Some writers give whole numbers as 1.0.
  return INTEGER.test(bare) ? (/^[^.]*/.exec(bare)?.[0] ?? '') : undefined
}

const REAL = /^[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?$/
const INTEGER = /^[+-]?[0-9]{1,19}(?:\.0*)?$/
