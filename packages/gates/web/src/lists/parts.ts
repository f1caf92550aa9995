/** What both forms of list have in common: names, ranges, ports and days, each read strictly. */
import { isDay } from '@sekisho/core'
import { readPorts, readRange } from '@sekisho/town'
import type { Ports } from '@sekisho/town'
import { specialKind } from '../destination/special-ranges.ts'
import type { LeftOut } from './destination-list.ts'
import { WIDEST_PREFIX } from './limits.ts'
import { readName } from './list-name.ts'
import { listProblem } from './list-problem.ts'
import type { ListProblem, ListReason } from './list-problem.ts'

/** Collects what is wrong with a file, and what it has that we leave out. */
export class Findings {
  readonly problems: ListProblem[] = []
  readonly leftOut: LeftOut[] = []

  add(
    reason: ListReason,
    path: string,
    values: Readonly<Record<string, string | number>> = {},
  ): void {
    this.problems.push(listProblem(reason, path, values))
  }
}

/**
 * Reads names. What is no name is a problem; a name that would open more than the service is left out of a foreign list and told, and is a
 * problem in one of ours.
 */
export function readNames(
  written: readonly string[],
  place: { readonly path: string; readonly destination: string; readonly foreign: boolean },
  findings: Findings,
): readonly string[] {
  const names = new Set<string>()
  for (const [index, one] of written.entries()) {
    const read = readName(one)
    if (read.ok) names.add(read.name)
    else if (read.why === 'name')
      findings.add('LIST-NAME', `${place.path}[${index}]`, { value: one })
    else if (place.foreign)
      findings.leftOut.push({ destination: place.destination, name: one, why: read.why })
    else findings.add(WIDE[read.why], `${place.path}[${index}]`, { value: one })
  }
  return [...names].toSorted()
}

const WIDE = {
  'wildcard-place': 'LIST-WILDCARD-PLACE',
  'wildcard-public': 'LIST-WILDCARD-PUBLIC',
  'wildcard-shared': 'LIST-WILDCARD-SHARED',
} as const satisfies Record<LeftOut['why'], ListReason>

/** Reads CIDR blocks; none may hold an address that is not one of the public Internet, none may be wider than a provider needs. */
export function readRanges(
  written: readonly string[],
  path: string,
  findings: Findings,
): readonly string[] {
  const ranges = new Set<string>()
  for (const [index, one] of written.entries()) {
    const at = `${path}[${index}]`
    const range = readRange(one)
    const kind = range && specialKind(range)
    if (!range) findings.add('LIST-RANGE', at, { value: one })
    else if (kind !== undefined) findings.add('LIST-RANGE-SPECIAL', at, { value: one, kind })
    else if (prefixOf(one, range.family) < WIDEST_PREFIX[range.family])
      findings.add('LIST-RANGE-WIDE', at, { value: one })
    else ranges.add(one.toLowerCase())
  }
  return [...ranges].toSorted()
}

const prefixOf = (text: string, family: 4 | 6): number =>
  text.includes('/') ? Number(text.split('/')[1]) : family === 4 ? 32 : 128

/** `443,80,50000-50059`, as Microsoft writes ports. */
export function readPortList(written: string, path: string, findings: Findings): Ports {
  const parts = written.split(',').map((one) => one.trim())
  const known = parts.every((one) => /^[1-9]\d{0,4}(?:-[1-9]\d{0,4})?$/u.test(one))
  const ports = known ? readPortParts(parts) : undefined
  if (!ports) findings.add('LIST-PORTS', path, { value: written })
  return ports ?? []
}

function readPortParts(parts: readonly string[]): Ports | undefined {
  const ports = readPorts(parts.map((one) => (one.includes('-') ? one : Number(one))))
  return ports?.every((one) => typeof one !== 'number' || one <= 65_535) === true
    ? ports
    : undefined
}

/** `20260731` or `2026-07-31`, which must be a day of the calendar. */
export function readDay(written: string): string | undefined {
  const day = /^\d{8}$/u.test(written)
    ? `${written.slice(0, 4)}-${written.slice(4, 6)}-${written.slice(6)}`
    : written
  return isDay(day) ? day : undefined
}

/** `2026073100`: a day of the calendar and a number of that day. */
export const isVersion = (text: string): boolean =>
  /^\d{10}$/u.test(text) && readDay(text.slice(0, 8)) !== undefined
