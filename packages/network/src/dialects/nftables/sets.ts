import { pairs } from '../../declared/expect.ts'
import type { Permit } from '../../declared/permit.ts'
import type { AddressRange } from '../../declared/ranges.ts'

/**
 * Flows of one pair of plugs that one lookup can answer: same family, same kind, same last day, bound to MAC addresses or not. Elements of a set must lie
 * apart for the kernel, so what overlaps goes to the next set.
 */
export interface FlowSet {
  readonly name: string
  readonly family: 4 | 6
  readonly kind: 'ports' | 'echo'
  /** The side whose MAC address is part of the key: the sender's there, the answerer's back. */
  readonly bound: boolean
  readonly way: 'there' | 'back' | 'both'
  readonly expires?: string
  readonly elements: readonly Element[]
}

export interface Element {
  readonly mac?: bigint
  readonly from: AddressRange
  readonly to: AddressRange
  readonly protocol: Permit['protocol']
  readonly ports: readonly [first: number, last: number]
  readonly permit: Permit
}

interface Draft extends Omit<FlowSet, 'name' | 'elements'> {
  readonly elements: Element[]
}

const NO_PORTS = [0, 0] as const

/** @param prefix of the names of these sets, unique in the ruleset */
export function setsOf(permits: readonly Permit[], prefix: string): readonly FlowSet[] {
  const drafts = new Map<string, Draft>()
  for (const permit of permits) {
    for (const family of [4, 6] as const) addPermit(drafts, permit, family)
  }
  const layers = [...drafts.values()].flatMap(layered)
  return layers.map((draft, at) => ({ ...draft, name: `${prefix}_${at + 1}` }))
}

function addPermit(drafts: Map<string, Draft>, permit: Permit, family: 4 | 6): void {
  const kind = permit.protocol === 'icmp' ? 'echo' : 'ports'
  const ranges = kind === 'echo' ? [NO_PORTS] : permit.ports
  for (const [from, to] of pairs(permit.from, permit.to, family)) {
    const free = from.mac === undefined && to.mac === undefined
    const [ones, others] = [ofFamily(from.ranges, family), ofFamily(to.ranges, family)]
    const add = (way: Draft['way'], mac: bigint | undefined): void => {
      const { elements } = draftOf(drafts, permit, { family, kind, way, bound: mac !== undefined })
      for (const one of ones) {
        for (const other of others) {
          for (const ports of ranges) {
            const element = { from: one, to: other, protocol: permit.protocol, ports, permit }
            elements.push(mac === undefined ? element : { ...element, mac })
          }
        }
      }
    }
    if (free) add('both', undefined)
    else {
      add('there', from.mac)
      add('back', to.mac)
    }
  }
}

function draftOf(
  drafts: Map<string, Draft>,
  { expires }: Permit,
  shape: Pick<FlowSet, 'family' | 'kind' | 'way' | 'bound'>,
): Draft {
  const key = `${shape.way} ${shape.family} ${shape.kind} ${shape.bound} ${expires ?? ''}`
  const known = drafts.get(key)
  if (known) return known
  const made: Draft = { ...shape, ...(expires !== undefined && { expires }), elements: [] }
  drafts.set(key, made)
  return made
}

const ofFamily = (ranges: readonly AddressRange[], family: 4 | 6): readonly AddressRange[] =>
  ranges.filter((range) => range.family === family)

/** The same elements in as few layers as first fit gives, none of which holds two that meet. */
function layered(draft: Draft): readonly Draft[] {
  const layers: Layer[] = []
  for (const element of draft.elements) {
    const layer = layers.find((one) => !meetsAny(one, element))
    if (layer) put(layer, element)
    else layers.push(put({ elements: [], ofOne: new Map(), ofMany: [] }, element))
  }
  return layers.map(({ elements }) => ({ ...draft, elements }))
}

/** Elements that lie apart, by their sender: most are one address, and meet only what has the same or many. */
interface Layer {
  readonly elements: Element[]
  readonly ofOne: Map<bigint, Element[]>
  readonly ofMany: Element[]
}

function put(layer: Layer, element: Element): Layer {
  const { first, last } = element.from
  layer.elements.push(element)
  if (first !== last) layer.ofMany.push(element)
  else {
    const same = layer.ofOne.get(first)
    if (same) same.push(element)
    else layer.ofOne.set(first, [element])
  }
  return layer
}

function meetsAny({ elements, ofOne, ofMany }: Layer, element: Element): boolean {
  const { first, last } = element.from
  const met = (other: Element): boolean => meets(element, other)
  if (first !== last) return elements.some(met)
  return ofMany.some(met) || (ofOne.get(first)?.some(met) ?? false)
}

const meets = (a: Element, b: Element): boolean =>
  a.ports[0] <= b.ports[1] &&
  b.ports[0] <= a.ports[1] &&
  a.protocol === b.protocol &&
  a.mac === b.mac &&
  a.from.first <= b.from.last &&
  b.from.first <= a.from.last &&
  a.to.first <= b.to.last &&
  b.to.first <= a.to.last
