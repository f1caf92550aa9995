/**
 * The endpoint web service of Microsoft 365 (endpoints.office.com): `endpoints`, `version` and `changes`, as JSON files that an official brought
 * through the file gate. learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service
 */
import { z } from 'zod'
import { CATEGORIES } from './destination-list.ts'
import type { ComingChange, Destination, DestinationList } from './destination-list.ts'
import { fit } from './fit.ts'
import { MAX_CHANGES, MAX_DESTINATIONS, MAX_LIST_BYTES, MAX_NAMES, MAX_NOTE } from './limits.ts'
import { listProblem, told } from './list-problem.ts'
import type { ListProblem } from './list-problem.ts'
import { Findings, isVersion, readDay, readNames, readPortList, readRanges } from './parts.ts'

export type ReadList =
  | { readonly ok: true; readonly list: DestinationList }
  | { readonly ok: false; readonly problems: readonly ListProblem[] }

/** The files as text. `version` is the answer of `/version`, or its ten digits. */
export interface Microsoft365Files {
  readonly endpoints: string
  readonly version: string
  readonly changes?: string
}

const text = z.string().max(MAX_NOTE)
const items = z.array(z.string().max(300)).max(MAX_NAMES)
const endpointShape = z.strictObject({
  id: z.number().int().nonnegative(),
  serviceArea: z.string().regex(/^[A-Za-z]{1,40}$/u),
  serviceAreaDisplayName: text.optional(),
  urls: items.optional(),
  ips: items.optional(),
  tcpPorts: text.optional(),
  udpPorts: text.optional(),
  expressRoute: z.boolean(),
  category: z.enum(CATEGORIES),
  required: z.boolean(),
  notes: text.optional(),
})
const detail = endpointShape.partial()
const moved = z.strictObject({
  effectiveDate: text.optional(),
  urls: items.optional(),
  ips: items.optional(),
})
const changeShape = z.strictObject({
  id: z.number().int().nonnegative(),
  endpointSetId: z.number().int().nonnegative(),
  disposition: z.enum(['Add', 'Change', 'Remove', 'add', 'change', 'remove']),
  impact: text.optional(),
  version: text,
  previous: detail.optional(),
  current: detail.optional(),
  add: moved.optional(),
  remove: moved.optional(),
})
const versionShape = z.strictObject({
  instance: text,
  latest: text,
  versions: z.array(text).max(MAX_NAMES).optional(),
})
type Endpoint = z.infer<typeof endpointShape>

/**
 * Reads the files, all or nothing. The text may be hostile: bounded, unknown keys refused by name, wildcards that would open more than
 * Microsoft 365 left out and told, special addresses refused. Of a key written twice the last counts, as in every JSON reader; what is signed
 * and approved is what was read.
 */
export function readMicrosoft365(files: Microsoft365Files): ReadList {
  const findings = new Findings()
  const version = readVersion(files.version, findings)
  const endpoints = readJson(
    files.endpoints,
    z.array(endpointShape).max(MAX_DESTINATIONS),
    ENDPOINT_KEYS,
    findings,
  )
  const changes =
    files.changes === undefined
      ? []
      : readJson(files.changes, z.array(changeShape).max(MAX_CHANGES), CHANGE_KEYS, findings)
  if (!endpoints || !changes) return refused(findings)
  if (endpoints.length === 0) findings.add('LIST-EMPTY', '')
  const destinations = endpoints.map((one, index) => destinationOf(one, index, findings))
  noTwice(destinations, findings)
  const coming = changes.flatMap((one, index) => comingOf(one, index, findings))
  if (findings.problems.length > 0) return refused(findings)
  const { leftOut } = findings
  return {
    ok: true,
    list: { list: 'microsoft-365', form: 'microsoft-365', version, destinations, coming, leftOut },
  }
}

function destinationOf(one: Endpoint, index: number, findings: Findings): Destination {
  const path = `[${index}]`
  const id = String(one.id)
  const ports = (written: string | undefined, key: string) =>
    written === undefined ? [] : readPortList(written, `${path}.${key}`, findings)
  const [tcp, udp] = [ports(one.tcpPorts, 'tcpPorts'), ports(one.udpPorts, 'udpPorts')]
  // No ports at all would read as every port.
  if (one.tcpPorts === undefined && one.udpPorts === undefined)
    findings.add('LIST-PORTS-NONE', path)
  const place = { path: `${path}.urls`, destination: id, foreign: true }
  return {
    id,
    area: one.serviceArea,
    names: readNames(one.urls ?? [], place, findings),
    ranges: readRanges(one.ips ?? [], `${path}.ips`, findings),
    tcp,
    udp,
    category: one.category,
    required: one.required,
    note: one.notes ?? '',
  }
}

/** What a change adds from a day on. What was added without a day is in the list already. */
function comingOf(
  { add, endpointSetId }: z.infer<typeof changeShape>,
  index: number,
  findings: Findings,
): readonly ComingChange[] {
  if (add?.effectiveDate === undefined) return []
  const path = `changes[${index}].add`
  const effective = readDay(add.effectiveDate)
  if (effective === undefined) {
    findings.add('LIST-DAY', `${path}.effectiveDate`, { value: add.effectiveDate })
    return []
  }
  const destination = String(endpointSetId)
  const place = { path: `${path}.urls`, destination, foreign: true }
  const names = readNames(add.urls ?? [], place, findings)
  const ranges = readRanges(add.ips ?? [], `${path}.ips`, findings)
  return names.length + ranges.length === 0 ? [] : [{ destination, effective, names, ranges }]
}

function readVersion(written: string, findings: Findings): string {
  const bare = written.trim()
  if (isVersion(bare)) return bare
  const read = readJson(written, versionShape, ['instance', 'latest', 'versions'], findings)
  if (read && !isVersion(read.latest))
    findings.add('LIST-VERSION', 'latest', { value: read.latest })
  // Lists of China or the US government are other services: their names must not come in as the worldwide ones.
  if (read && read.instance.toLowerCase() !== 'worldwide')
    findings.add('LIST-INSTANCE', 'instance', { value: read.instance })
  return read?.latest ?? ''
}

function readJson<Shape extends z.ZodType>(
  written: string,
  shape: Shape,
  known: readonly string[],
  findings: Findings,
): z.infer<Shape> | undefined {
  if (written.length > MAX_LIST_BYTES) {
    findings.add('LIST-TOO-BIG', '', { limit: `${MAX_LIST_BYTES / 1024 / 1024}MB` })
    return undefined
  }
  try {
    return fit(shape, JSON.parse(written.replace(/^\uFEFF/u, '')), known, findings)
  } catch {
    findings.add('LIST-SYNTAX', '')
    return undefined
  }
}

const ENDPOINT_KEYS = Object.keys(endpointShape.shape)
const CHANGE_KEYS = Object.keys(changeShape.shape)

export function noTwice(destinations: readonly Destination[], findings: Findings): void {
  const seen = new Set<string>()
  for (const [index, { id }] of destinations.entries()) {
    if (seen.has(id)) findings.add('LIST-TWICE', `[${index}].id`, { value: id })
    seen.add(id)
  }
}

const refused = ({ problems }: Findings): ReadList => ({
  ok: false,
  problems: told(problems.length > 0 ? problems : [listProblem('LIST-SHAPE')]),
})
