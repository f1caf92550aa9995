import { readInlineImage } from './pdf-inline-image.ts'
import { PROPERTIES } from './pdf-properties.ts'
import { checkEntries, inflated, reject } from './pdf-rule.ts'
import type { Site, Stream, Uses } from './pdf-rule.ts'
import { PLACED_NAMES } from './pdf-names.ts'
import { ValueReader } from './pdf-value.ts'
import type { Value } from './pdf-value.ts'
import { demand } from './rejection.ts'

/**
 * Operands of each operator, ISO 32000-1 Annex A, without `PS`, which runs PostScript, and without the pair `BX EX`, which hides
 * errors. `t` number, `n` name, `s` string, `a` array of strings and numbers, `d` array of numbers, `p` name or properties,
 * `*` numbers of a colour and perhaps a name.
 */
const OPERANDS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    [' ', 'b B b* B* f F f* s S n h W W* q Q BT ET T* EMC'],
    ['t', 'w J j M i g G Tc Tw Tz TL Tr Ts'],
    ['tt', 'm l Td TD d0'],
    ['ttt', 'rg RG'],
    ['tttt', 're k K v y'],
    ['tttttt', 'c cm Tm d1'],
    ['n', 'gs cs CS sh Do ri MP BMC'],
    ['nt', 'Tf'],
    ['np', 'BDC DP'],
    ['dt', 'd'],
    ['s', "Tj '"],
    ['tts', '"'],
    ['a', 'TJ'],
    ['*', 'sc SC scn SCN'],
  ].flatMap(([operands, operators]) =>
    operators!.split(' ').map((operator) => [operator, operands!.trim()]),
  ),
)
/** Category of the resource that an operator names. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Do: 'XObject',
  Tf: 'Font',
  scn: 'Pattern',
  SCN: 'Pattern',
  gs: 'ExtGState',
}
const MAX_COMPONENTS = 32
const MAX_OPERANDS = MAX_COMPONENTS + 1
const MAX_SAVED_STATES = 4096

/** A stream that a viewer executes: page, form, pattern, glyph. */
export function contentBody(stream: Stream, site: Site): void {
  site.uses(verifyContent(inflated(stream, site), site))
}

/** Accepts content in which every line is the operands of one known operator and that operator. */
function verifyContent(bytes: Uint8Array, site: Site): Uses {
  const read = new ValueReader(bytes, 0, `${site.where} content`)
  const uses: Uses = { operators: 0, names: new Map() }
  let saved = 0
  while (!read.atEnd) {
    if (read.accept('BI')) {
      readInlineImage(read, site)
      continue
    }
    const operands = readOperands(read)
    const operator = read.word()
    read.expect('\n')
    check(operator, operands, site)
    count(uses, operator, operands)
    if (operator === 'q') saved++
    if (operator === 'Q') saved--
    demand(saved >= 0 && saved <= MAX_SAVED_STATES, 'VERIFY-PDF-CONTENT', site.where)
  }
  demand(saved === 0, 'VERIFY-PDF-CONTENT', site.where)
  return uses
}

/** Values with one space after each. An operator never begins like a value. */
function readOperands(read: ValueReader): readonly Value[] {
  const operands: Value[] = []
  while (beginsValue(read)) {
    demand(operands.length < MAX_OPERANDS, 'VERIFY-PDF-CONTENT', read.where)
    operands.push(read.value(false))
    read.expect(' ')
  }
  return operands
}

function beginsValue(read: ValueReader): boolean {
  const byte = read.peek()
  const digit = (byte >= 0x30 && byte <= 0x39) || byte === 0x2d
  return digit || byte === 0x2f || byte === 0x28 || byte === 0x3c || byte === 0x5b
}

function check(operator: string, operands: readonly Value[], site: Site): void {
  const kinds = Object.hasOwn(OPERANDS, operator) ? OPERANDS[operator] : undefined
  demand(kinds !== undefined, 'VERIFY-PDF-CONTENT', site.where)
  if (kinds === '*') return checkColour(operands, site)
  demand(operands.length === kinds.length, 'VERIFY-PDF-CONTENT', site.where)
  operands.forEach((operand, index) => checkOperand(operand, kinds[index]!, site))
}

function checkOperand(operand: Value, kind: string, site: Site): void {
  if (kind === 'p' && operand.kind === 'dict') {
    return checkEntries(operand.entries, { keys: PROPERTIES }, site)
  }
  demand(fits(operand, kind), 'VERIFY-PDF-CONTENT', site.where)
}

function fits(operand: Value, kind: string): boolean {
  switch (kind) {
    case 't':
      return operand.kind === 'number'
    case 's':
      return operand.kind === 'string'
    case 'a':
      return operand.kind === 'array' && operand.items.every(isTextOrNumber)
    case 'd':
      return operand.kind === 'array' && operand.items.every((item) => item.kind === 'number')
    default:
      return operand.kind === 'name' && !PLACED_NAMES.has(operand.value)
  }
}

function isTextOrNumber(item: Value): boolean {
  return item.kind === 'string' || item.kind === 'number'
}

function checkColour(operands: readonly Value[], site: Site): void {
  const named = operands.at(-1)?.kind === 'name'
  const components = named ? operands.slice(0, -1) : operands
  if (operands.length === 0 || components.length > MAX_COMPONENTS)
    reject(site, 'VERIFY-PDF-CONTENT')
  for (const component of components) checkOperand(component, 't', site)
  if (named) checkOperand(operands.at(-1)!, 'n', site)
}

function count(uses: Uses, operator: string, operands: readonly Value[]): void {
  uses.operators++
  const category = CATEGORIES[operator]
  const name = operands.find((operand) => operand.kind === 'name')
  if (category === undefined || name?.kind !== 'name') return
  const names = uses.names.get(category) ?? new Map<string, number>()
  uses.names.set(category, names.set(name.value, (names.get(name.value) ?? 0) + 1))
}
