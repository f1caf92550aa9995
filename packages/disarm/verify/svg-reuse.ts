import { demand } from './rejection.ts'

const REASON = 'VERIFY-SVG'
const MAX_PAINTED = 2_000_000
const MAX_NESTING = 64
const MAX_WORK = 50_000_000

/** An element with what it refers to by itself, and by which names style sheets may speak of it. */
export interface Painted {
  readonly depth: number
  readonly id: string | undefined
  readonly refers: readonly string[]
  readonly subjects: readonly string[]
}

/** All that the elements under one name are and use. */
interface Group {
  elements: number
  readonly uses: Map<string, number>
  cost: number | 'open' | undefined
}

/** Rejects a picture whose painting would visit too many elements, or one inside itself. */
export function checkPainting(
  elements: readonly Painted[],
  bySubject: ReadonlyMap<string, readonly string[]>,
  where: string,
): void {
  const groups = groupsOf(elements, bySubject, where)
  const cost = (name: string, depth: number): number => {
    const group = groups.get(name)
    if (!group) return 0
    if (typeof group.cost === 'number') return group.cost
    demand(group.cost !== 'open' && depth <= MAX_NESTING, REASON, where)
    group.cost = 'open'
    let sum = group.elements
    for (const [used, times] of group.uses) sum += times * cost(used, depth + 1)
    group.cost = sum
    return sum
  }
  demand(cost('', 0) <= MAX_PAINTED, REASON, where)
}

function groupsOf(
  elements: readonly Painted[],
  bySubject: ReadonlyMap<string, readonly string[]>,
  where: string,
): Map<string, Group> {
  const groups = new Map<string, Group>()
  const inside: { readonly depth: number; readonly group: Group }[] = []
  let work = 0
  for (const { depth, id, refers, subjects } of elements) {
    while ((inside.at(-1)?.depth ?? -1) >= depth) inside.pop()
    const name = depth === 0 ? '' : id
    if (name !== undefined) inside.push({ depth, group: groupOf(groups, name) })
    const uses = [...refers, ...subjects.flatMap((subject) => bySubject.get(subject) ?? [])]
    work += inside.length * (1 + uses.length)
    demand(work <= MAX_WORK, REASON, where)
    for (const { group } of inside) {
      group.elements++
      for (const use of uses) group.uses.set(use, (group.uses.get(use) ?? 0) + 1)
    }
  }
  return groups
}

function groupOf(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name) ?? { elements: 0, uses: new Map(), cost: undefined }
  groups.set(name, group)
  return group
}

const TOKEN = /"[^"]*"|'[^']*'|[.#:]?[-\w\u0080-\uFFFF]+|[\s>+~]+|[^]/gu

/** For each selector of a list one name that all it speaks of have: an id, a class or an element; `*` when it has none of them. */
export function lastParts(selector: string): string[] {
  const parts: string[] = []
  let last = new Compound()
  let depth = 0
  for (const [token] of selector.matchAll(TOKEN)) {
    if (token === '(' || token === '[') depth++
    else if (token === ')' || token === ']') depth--
    else if (depth > 0) continue
    else if (/^[\s>+~]/u.test(token)) last = new Compound()
    else if (token === ',') {
      parts.push(last.name)
      last = new Compound()
    } else last.add(token)
    if (depth < 0) return ['*']
  }
  return depth === 0 ? [...parts, last.name] : ['*']
}

class Compound {
  #id: string | undefined
  #class: string | undefined
  #element: string | undefined

  add(token: string): void {
    if (token.startsWith('#')) this.#id = token
    else if (token.startsWith('.')) this.#class = token
    else if (/^[-\w\u0080-\uFFFF]/u.test(token)) this.#element = token
  }

  get name(): string {
    return this.#id ?? this.#class ?? this.#element ?? '*'
  }
}
