import type { Flow, Town } from '@sekisho/core'
import type { Change } from './change.ts'

/** Names of the peers on LGWAN (LGWAN-ASP, 電子申請, 中間サーバー, …) whose traffic a step may disturb, in the order of the file. */
export function touchedServices(change: Change, before: Town, after: Town): readonly string[] {
  const keys = new Set(change.parts.map(({ key }) => key))
  const names = [before, after].flatMap((town) => {
    const touched = endsTouched(town, keys)
    const reached = new Set(
      town.flows
        .filter(
          (flow) => keys.has(`flows.${flow.id}`) || endsOf(flow).some((end) => touched.has(end)),
        )
        .flatMap(endsOf),
    )
    return town.peers
      .filter(({ id, network }) => network === 'lgwan' && reached.has(`peer:${id}`))
      .map(({ name }) => name)
  })
  return [...new Set(names)]
}

const endsOf = (flow: Flow): readonly string[] => [flow.from, flow.to]

// Every end that is, holds or stands in something that changes.
function endsTouched(town: Town, keys: ReadonlySet<string>): ReadonlySet<string> {
  const ends = new Set<string>()
  for (const zone of town.zones) if (keys.has(`zones.${zone.id}`)) ends.add(`zone:${zone.id}`)
  for (const { id } of town.peers) if (keys.has(`peers.${id}`)) ends.add(`peer:${id}`)
  for (const system of town.systems) {
    const whole = keys.has(`systems.${system.id}`) || keys.has(`zones.${system.zone}`)
    const hosts = system.hosts.filter(({ id }) => whole || keys.has(`hosts.${id}`))
    for (const { id } of hosts) ends.add(`host:${id}`)
    if (!whole && hosts.length === 0) continue
    ends.add(`system:${system.id}`).add(`zone:${system.zone}`)
  }
  return ends
}
