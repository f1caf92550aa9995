import type { Rule } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import { sessionRules } from '../session.ts'
import type { SessionRule } from '../session.ts'
import type { Node } from './syntax.ts'

/** Interfaces that a policy names; a zone of the machine is all the interfaces in it, and `any` is any. */
export function portsOf(
  root: Node,
  at: 'in' | 'out',
  names: readonly string[],
): Pick<SessionRule, 'in' | 'out'> {
  if (names.includes('any')) return {}
  const zones = root.tables.get('system zone')?.entries
  const ports = names.flatMap((name) => zones?.get(name)?.sets.get('interface') ?? [name])
  return { [at]: ports.map((name) => only(name)) }
}

/** What interfaces of one zone may say to each other without any policy. The factory setting is nothing. */
export function intrazoneRules(root: Node): readonly Rule[] {
  const zones = [...(root.tables.get('system zone')?.entries.values() ?? [])]
  return zones
    .filter(({ sets }) => sets.get('intrazone')?.[0] === 'allow')
    .flatMap(({ place, sets }) => {
      const ports = (sets.get('interface') ?? []).map((name) => only(name))
      return sessionRules({
        place,
        action: { kind: 'accept' },
        families: [4, 6],
        in: ports,
        out: ports,
      })
    })
}
