import { verifyIcc } from './icc.ts'
import { colourFunction } from './pdf-function.ts'
import {
  anyName,
  anyNumber,
  dict,
  entriesOf,
  inflated,
  integer,
  list,
  nameOf,
  numbers,
  oneOf,
  reject,
  stream,
} from './pdf-rule.ts'
import type { Rule, Site } from './pdf-rule.ts'
import type { Value } from './pdf-value.ts'

/** Spaces inside spaces: Indexed over DeviceN over ICC is three. */
const MAX_DEPTH = 5
const MAX_COLORANTS = 32
const DEVICES: Readonly<Record<string, number>> = { DeviceGray: 1, DeviceRGB: 3, DeviceCMYK: 4 }
const WHITE = { WhitePoint: numbers(3), BlackPoint: numbers(3) }
const CALIBRATED: Readonly<Record<string, Rule>> = {
  CalGray: dict({ ...WHITE, Gamma: anyNumber }, 'WhitePoint'),
  CalRGB: dict({ ...WHITE, Gamma: numbers(3), Matrix: numbers(9) }, 'WhitePoint'),
  Lab: dict({ ...WHITE, Range: numbers(4) }, 'WhitePoint'),
}

const profile = stream(
  {
    keys: { N: integer(1, 4), Alternate: oneOf(Object.keys(DEVICES).join(' ')) },
    required: 'N Alternate',
  },
  (found, site) => {
    const components = numberOf(found.entries.get('N'))
    if (DEVICES[nameOf(found.entries.get('Alternate')) ?? ''] !== components) reject(site)
    verifyIcc(inflated(found, site), components, site.where)
  },
)

/** ISO 32000-1, 8.6: a colour space by name or by array. */
export const colourSpace: Rule = (value, site) => spaceAt(value, site, 0)

function spaceAt(value: Value, site: Site, depth: number): void {
  if (depth > MAX_DEPTH) reject(site)
  if (value.kind === 'name') return oneOf('DeviceGray DeviceRGB DeviceCMYK Pattern')(value, site)
  if (value.kind !== 'array') reject(site)
  const [family, ...rest] = value.items
  const parts = partsOf(nameOf(family) ?? '', rest, depth)
  if (parts?.length !== rest.length) reject(site)
  parts.forEach((rule, index) => rule(rest[index]!, site))
}

/** What stands behind the name of the family. */
function partsOf(
  family: string,
  rest: readonly Value[],
  depth: number,
): readonly Rule[] | undefined {
  const base: Rule = (value, site) => spaceAt(value, site, depth + 1)
  const colour: Rule = (value, site) => (isPattern(value) ? reject(site) : base(value, site))
  if (Object.hasOwn(CALIBRATED, family)) return [CALIBRATED[family]!]
  switch (family) {
    case 'ICCBased':
      return [profile]
    case 'Pattern':
      return [base]
    case 'Indexed':
      return [colour, integer(0, 255), (value, site) => table(rest, value, site)]
    case 'Separation':
      return [anyName, colour, colourFunction]
    case 'DeviceN':
      return [list(anyName, 0, MAX_COLORANTS), colour, colourFunction]
    default:
      return undefined
  }
}

/** Exactly one colour per index. */
function table([base, high]: readonly Value[], value: Value, site: Site): void {
  const bytes = (numberOf(high) + 1) * (componentsOf(base, site) ?? 0)
  if (value.kind !== 'string' || value.value.length !== bytes) reject(site)
}

function isPattern(value: Value): boolean {
  const family = value.kind === 'array' ? value.items[0] : value
  return nameOf(family) === 'Pattern'
}

function numberOf(value: Value | undefined): number {
  return value?.kind === 'number' ? value.value : Number.NaN
}

/** Numbers per colour; `undefined` for a pattern and for what is no colour space. */
export function componentsOf(value: Value | undefined, site: Site): number | undefined {
  const name = nameOf(value)
  if (name !== undefined) return Object.hasOwn(DEVICES, name) ? DEVICES[name] : undefined
  if (value?.kind === 'reference') return componentsOf(site.file.objects[value.number - 1], site)
  const [family, first] = value?.kind === 'array' ? value.items : []
  switch (nameOf(family)) {
    case 'CalGray':
    case 'Indexed':
    case 'Separation':
      return 1
    case 'CalRGB':
    case 'Lab':
      return 3
    case 'ICCBased':
      return numberOf(entriesOf(first, site).get('N'))
    case 'DeviceN':
      return first?.kind === 'array' ? first.items.length : undefined
    default:
      return undefined
  }
}
