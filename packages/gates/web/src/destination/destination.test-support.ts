import type { Town, WebGate } from '@sekisho/core'
import { createLogKey } from '@sekisho/evidence'
import { readTown } from '@sekisho/town'
import { corpusText } from '../corpus.test-support.ts'
import type { HelloState } from '../hello/hello-reader.ts'
import { signList } from '../lists/list-record.ts'
import { readMicrosoft365 } from '../lists/microsoft-365.ts'
import { readOwnList } from '../lists/own-list.ts'
import type { DestinationList } from '../lists/destination-list.ts'
import { standingOf } from '../lists/standing.ts'
import type { HeldList, ListStanding } from '../lists/standing.ts'

/** For tests only: the town of the corpus, its list in force, and what a client showed. */

export const TODAY = '2026-11-26'
export const KEYS = {
  officer: createLogKey('s0001'),
  ciso: createLogKey('s0002'),
  clerk: createLogKey('s0003'),
}
const SIGNERS = Object.values(KEYS).map(({ verifier }) => verifier)

export interface TownChange {
  readonly model?: string
  readonly mode?: string
  readonly expires?: string
}

/** The town of `corpus/cloud/town.yaml`, with the keys of this run in it, as text. */
export function cloudTownText({
  model = 'α′',
  mode = 'enforce',
  expires = '2029-03-31',
}: TownChange = {}): string {
  return corpusText('town.yaml')
    .replace('signers: []', `signers: [${SIGNERS.join(', ')}]`)
    .replace('model: α′', `model: ${model}`)
    .replace('mode: enforce', `mode: ${mode}`)
    .replaceAll('2029-03-31', expires)
}

/** The same, read. */
export function cloudTown(change: TownChange = {}): Town {
  const read = readTown(cloudTownText(change))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.town
}

export const gateOf = (town: Town): WebGate => town.gates.web![0]!

export function microsoft365(version = '2026103000', changes?: string): DestinationList {
  const read = readMicrosoft365({
    endpoints: corpusText(`lists/microsoft-365/endpoints-${version}.json`),
    version,
    ...(changes !== undefined && { changes: corpusText(`lists/microsoft-365/${changes}`) }),
  })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.list
}

/** Imported by the officer and approved by the CISO, two days before today. */
export function held(list: DestinationList, at = '2026-11-24T03:00:00Z'): HeldList {
  const on = new Date(at)
  return {
    list,
    imported: signList('import', list, { key: KEYS.officer.signer, at: on }),
    approved: signList('approval', list, { key: KEYS.ciso.signer, at: on }),
  }
}

export function terms(town = cloudTown(), at = TODAY) {
  const { signers, listDays } = gateOf(town)
  return { signers, listDays, people: town.people, at }
}

export function ownList(name: string): DestinationList {
  const read = readOwnList(corpusText(`lists/own/${name}.yaml`))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.list
}

/** How the lists of the town stand: those given in place of Microsoft's, and the one of updates. */
export function inForce(
  town: Town,
  lists: readonly HeldList[] = [held(microsoft365())],
): ReadonlyMap<string, ListStanding> {
  return new Map([
    ['microsoft-365', standingOf(lists, terms(town))],
    ['updates', standingOf([held(ownList('updates'))], terms(town))],
  ])
}

export function helloOf(
  serverName: string | undefined,
  more: Partial<Extract<HelloState, { state: 'hello' }>['hello']> = {},
): HelloState {
  return {
    state: 'hello',
    hello: {
      ...(serverName !== undefined && { serverName }),
      version: 0x03_04,
      ech: 'none',
      ...more,
    },
  }
}
