/**
 * A cloud gate and the flows of the town are one truth: the gate says who uses which service and how, the flows that name the gate and the
 * peers at their ends say where it is. A service without such a flow could not be reached; a flow of the gate to elsewhere would open what no
 * list of destinations speaks about.
 */
import type { Need } from './references.ts'
import type { Report } from './problem.ts'
import type { TownShape } from './shape.ts'

type Gate = NonNullable<NonNullable<TownShape['gates']>['web']>[number]

/** Reports every dangling name of the cloud gates, and every flow and service that do not belong together. */
export function needInWebGates(shape: TownShape, need: Need, report: Report): void {
  shape.gates?.web?.forEach((gate, index) => {
    const path = `gates.web[${index}]`
    need('zone', gate.from, `${path}.from`)
    need('system', gate.system, `${path}.system`)
    gate.signers?.forEach((key, nth) =>
      need('person', key.slice(0, key.indexOf('+')), `${path}.signers[${nth}]`),
    )
    gate.services.forEach((one, nth) => needInService(one, `${path}.services[${nth}]`, need))
    gate.services.forEach((one, nth) => reportSocket(one, `${path}.services[${nth}]`, report))
    reportTwice(gate, path, report)
    matchFlows(shape, gate, path, report)
  })
}

function needInService(one: Gate['services'][number], path: string, need: Need): void {
  need('service', one.service, `${path}.service`)
  if (one.departments !== 'all')
    one.departments.forEach((id, nth) => need('department', id, `${path}.departments[${nth}]`))
  one.people?.forEach((id, nth) => need('person', id, `${path}.people[${nth}]`))
}

// What a WebSocket carries nobody reads: it is for talking, where the host is read inside otherwise, and only as much as the town said.
function reportSocket(one: Gate['services'][number], path: string, report: Report): void {
  const may = one.pattern === 'communication' && one.dailyBytes !== undefined
  if (one.websocket === true && !may) report('TOWN-WEB-SOCKET', `${path}.websocket`)
}

// Of two entries for one service it would not be clear who may use it.
function reportTwice(gate: Gate, path: string, report: Report): void {
  const seen = new Set<string>()
  gate.services.forEach(({ service }, nth) => {
    if (seen.has(service))
      report('TOWN-WEB-TWICE', `${path}.services[${nth}].service`, { value: service })
    seen.add(service)
  })
}

function matchFlows(shape: TownShape, gate: Gate, path: string, report: Report): void {
  const hosts = shape.systems?.find(({ id }) => id === gate.system)?.hosts ?? []
  const begins = new Set([`system:${gate.system}`, ...hosts.map(({ id }) => `host:${id}`)])
  const serviceAt = new Map(shape.peers?.map((peer) => [`peer:${peer.id}`, peer.service]))
  const declared = new Set(gate.services.map(({ service }) => service))
  const reached = new Set<string>()
  shape.flows?.forEach((flow, index) => {
    if (flow.gate !== gate.id) return
    const service = serviceAt.get(flow.to)
    const belongs = begins.has(flow.from) && service !== undefined && declared.has(service)
    if (belongs) reached.add(service)
    else report('TOWN-WEB-GATE', `flows[${index}].gate`)
  })
  gate.services.forEach(({ service }, nth) => {
    if (!reached.has(service))
      report('TOWN-WEB-FLOW', `${path}.services[${nth}].service`, { value: service })
  })
}
