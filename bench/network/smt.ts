/**
 * The question of a proof in SMT-LIB 2, for a general solver: is there a packet that the declaration and the filter treat differently? Each field is a vector of
 * bits, names of interfaces are numbered, each chain is a function of the packet, its rules asked in turn.
 */
import type { Declared, Filter } from '@sekisho/network'
import { boxesOf } from '../../packages/network/src/declared/expect.ts'
import { FIELDS, wholeOf } from '../../packages/network/src/space/field.ts'
import type { Field, Key, Span } from '../../packages/network/src/space/field.ts'
import type { Action, Condition, Rule } from '../../packages/network/src/filter/filter.ts'

/** Bits of a field; addresses stand behind each other, IPv6 after all of IPv4. */
const WIDTH: Readonly<Record<Field, number>> = {
  family: 4,
  in: 16,
  out: 16,
  state: 4,
  direction: 2,
  protocol: 9,
  source: 130,
  sourceMac: 49,
  target: 130,
  sourcePort: 17,
  targetPort: 17,
}

/** Verdicts as numbers of two bits. */
const VERDICT = { none: '#b00', accept: '#b01', deny: '#b10', back: '#b11' } as const

/** A script that is satisfiable exactly when a packet tells the two apart. */
export function smtOf(declared: Declared, filter: Filter): string {
  const names = namesIn(declared, filter)
  const holds = (fields: readonly Field[], box: readonly (readonly Span[])[]): string =>
    and(fields.map((field, at) => or(box[at]!.map((span) => inSpan(field, span, names)))))
  const condition = (one: Condition): string => {
    if (one.kind === 'unknown') throw new Error('a condition that nobody can tell')
    const any = or(one.boxes.map((box) => holds(one.fields, box)))
    return one.negated ? `(not ${any})` : any
  }
  const want = or(
    boxesOf(declared).map((box) =>
      holds(
        box.map(([field]) => field),
        box.map(([, spans]) => spans),
      ),
    ),
  )
  const chains = inOrder(filter).map(
    (name) =>
      `(define-fun ${chainName(name)} () (_ BitVec 2) ${chainText(filter.chains.get(name) ?? [], condition)})`,
  )
  const hooks = filter.hooks.map(({ chain, policy }) => {
    const end = `(ite (or (= ${chainName(chain)} ${VERDICT.none}) (= ${chainName(chain)} ${VERDICT.back})) ${VERDICT[policy]} ${chainName(chain)})`
    return `(= ${end} ${VERDICT.accept})`
  })
  return [
    '(set-logic QF_BV)',
    ...FIELDS.map((field) => `(declare-const ${field} (_ BitVec ${WIDTH[field]}))`),
    ...FIELDS.map((field) => `(assert ${inSpan(field, wholeOf(field), names)})`),
    // Combinations that no packet has.
    `(assert (not (and ${inSpan('state', { from: 0n, until: 1n }, names)} ${inSpan('direction', { from: 1n, until: 2n }, names)})))`,
    ...['source', 'target'].map(
      (field) =>
        `(assert (= (= family ${bits(4n, WIDTH.family)}) (bvult ${field} ${bits(1n << 32n, WIDTH.source)})))`,
    ),
    `(assert (=> (or (= protocol ${bits(1n, WIDTH.protocol)}) (= protocol ${bits(58n, WIDTH.protocol)})) (and (bvult sourcePort ${bits(256n, WIDTH.sourcePort)}) (bvult targetPort ${bits(256n, WIDTH.targetPort)}))))`,
    `(assert (not (= family ${bits(5n, WIDTH.family)})))`,
    ...chains,
    `(define-fun want () Bool ${want})`,
    `(define-fun have () Bool ${and(hooks)})`,
    '(assert (not (= want have)))',
    '(check-sat)',
  ].join('\n')
}

function chainText(rules: readonly Rule[], condition: (one: Condition) => string): string {
  const open = rules.map(({ conditions, action }) => {
    const inner = actionText(action)
    const when = and(conditions.map(condition))
    // A chain that was called and came to its end goes on behind the call.
    return 'chain' in action && action.kind === 'call'
      ? `(ite (and ${when} (not (= ${inner} ${VERDICT.none})) (not (= ${inner} ${VERDICT.back}))) ${inner} `
      : `(ite ${when} ${inner} `
  })
  return `${open.join('')}${VERDICT.none}${')'.repeat(open.length)}`
}

function actionText(action: Action): string {
  if (action.kind === 'unknown') throw new Error('an action that nobody can tell')
  if (action.kind === 'go')
    return `(ite (= ${chainName(action.chain)} ${VERDICT.none}) ${VERDICT.back} ${chainName(action.chain)})`
  if (action.kind === 'call') return chainName(action.chain)
  return VERDICT[action.kind]
}

const chainName = (name: string): string => `|${name}|`

/** Chains that a forwarded packet may come to, those that are called before those that call. */
function inOrder({ chains, hooks }: Filter): readonly string[] {
  const done = new Set<string>()
  const visit = (name: string): void => {
    if (done.has(name)) return
    for (const { action } of chains.get(name) ?? []) if ('chain' in action) visit(action.chain)
    done.add(name)
  }
  for (const { chain } of hooks) visit(chain)
  return [...done]
}

/** Numbers of the names of interfaces, in their order; 0 is a name that nobody mentions. */
function namesIn(declared: Declared, filter: Filter): ReadonlyMap<string, bigint> {
  const names = new Set<string>(declared.plugs.map(({ name }) => name))
  for (const rules of filter.chains.values()) {
    for (const { conditions } of rules) {
      for (const one of conditions) {
        if (one.kind !== 'in') continue
        for (const box of one.boxes) {
          for (const span of box.flat()) if (typeof span.from === 'string') names.add(span.from)
        }
      }
    }
  }
  return new Map([...names].toSorted().map((name, at) => [name, BigInt(at + 1)]))
}

function inSpan(field: Field, { from, until }: Span, names: ReadonlyMap<string, bigint>): string {
  if (field === 'in' || field === 'out') {
    return from === '' ? 'true' : `(= ${field} ${bits(names.get(String(from))!, WIDTH[field])})`
  }
  const [first, behind] = [number(from), until === undefined ? undefined : number(until)]
  if (behind === first + 1n) return `(= ${field} ${bits(first, WIDTH[field])})`
  const parts = [
    ...(first === 0n ? [] : [`(bvule ${bits(first, WIDTH[field])} ${field})`]),
    ...(behind === undefined ? [] : [`(bvult ${field} ${bits(behind, WIDTH[field])})`]),
  ]
  return and(parts)
}

const number = (key: Key): bigint => (typeof key === 'bigint' ? key : 0n)
const bits = (value: bigint, width: number): string => `(_ bv${value} ${width})`
const and = (parts: readonly string[]): string =>
  parts.length === 0 ? 'true' : parts.length === 1 ? parts[0]! : `(and ${parts.join(' ')})`
const or = (parts: readonly string[]): string =>
  parts.length === 0 ? 'false' : parts.length === 1 ? parts[0]! : `(or ${parts.join(' ')})`
