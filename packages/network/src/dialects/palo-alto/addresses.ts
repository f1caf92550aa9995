import { EVERYWHERE } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { lookup } from '../groups.ts'
import { blockOf, wildcardRanges } from '../masks.ts'
import { NOBODY, together } from '../reach.ts'
import type { Reach } from '../reach.ts'
import { nodeAt, valuesAt } from './syntax.ts'
import type { Node } from './syntax.ts'

/** What an object is set to beside who it is. */
const SILENT = new Set(['description', 'tag', 'disable-override'])

/** Everybody that these words mean: names of objects, of groups and of lists, or addresses as they are. */
export function reachOf(root: Node, words: readonly string[]): Reach {
  if (words.includes('any')) return { ...NOBODY, ranges: EVERYWHERE }
  const named = lookup<Reach>(
    (name, others) => meant(root, name, others),
    (name) => ({ ...NOBODY, unread: [name] }),
  )
  return together(words.map(named))
}

function meant(root: Node, name: string, named: (name: string) => Reach): Reach {
  const object = nodeAt(root, ['address', name])
  if (object) return objectOf(object, name)
  const group = nodeAt(root, ['address-group', name])
  if (group) return groupOf(group, name, named)
  if (nodeAt(root, ['external-list', name]) || name.startsWith('panw-')) {
    return { ...NOBODY, unsure: [name] }
  }
  const range = rangeOf(name)
  if (range) return { ...NOBODY, ranges: [range] }
  // A country, by its code of ISO 3166, or a region of the machine: who is there is told by a list that comes with updates.
  if (/^[A-Z]{2}$/u.test(name) || nodeAt(root, ['region', name])) {
    return { ...NOBODY, unsure: [name] }
  }
  return { ...NOBODY, unread: [name] }
}

function groupOf(group: Node, name: string, named: (name: string) => Reach): Reach {
  const strange = [...group.kids.keys()].filter(
    (key) => !SILENT.has(key) && key !== 'static' && key !== 'dynamic',
  )
  // Members come and go with tags that other machines report.
  const unsure = group.kids.has('dynamic') ? [name] : []
  const members = together(valuesAt(group, 'static').map(named))
  return {
    ...members,
    unsure: [...members.unsure, ...unsure],
    unread: [...members.unread, ...strange.map((key) => `${name} ${key}`)],
  }
}

function objectOf(object: Node, name: string): Reach {
  const kinds = [...object.kids.keys()].filter((key) => !SILENT.has(key))
  const [kind = ''] = kinds
  const values = valuesAt(object, kind)
  const [value = ''] = values
  const odd: Reach = { ...NOBODY, unread: [`${name} ${kind}`.trim()] }
  if (kinds.length !== 1 || values.length !== 1) return odd
  switch (kind) {
    case 'ip-netmask':
    case 'ip-range': {
      const range = rangeOf(value)
      return range && value.includes('-') === (kind === 'ip-range')
        ? { ...NOBODY, ranges: [range] }
        : odd
    }
    case 'ip-wildcard': {
      const [address = '', wildcard = ''] = value.split('/')
      const ranges = wildcardRanges(address, wildcard)
      if (ranges === 'many') return { ...NOBODY, unsure: [name] }
      return ranges ? { ...NOBODY, ranges } : odd
    }
    case 'fqdn':
      return { ...NOBODY, unsure: [name] }
    default:
      return odd
  }
}

/** `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`. */
function rangeOf(text: string): AddressRange | undefined {
  if (!text.includes('-')) return blockOf(text)
  const [first, last, ...more] = text.split('-').map((one) => blockOf(one))
  if (!first || !last || more.length > 0 || first.family !== last.family) return undefined
  const single = first.first === first.last && last.first === last.last
  return single && first.first <= last.last
    ? { family: first.family, first: first.first, last: last.last }
    : undefined
}
