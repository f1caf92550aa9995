/**
 * What the gate goes by at this moment: the declaration in force, the lists, who is who, what is cut. Read anew when a file changes or a day begins, without a restart. When
 * something cannot be read, or the declaration is not the one in force, there are no orders, and without orders nothing passes.
 */
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import type { Town, WebGate } from '@sekisho/core'
import { listDigest, readLists, standingOf, webPolicy } from '@sekisho/gates/web'
import type { ListStanding, WebPolicy } from '@sekisho/gates/web'
import { todayInJapan } from '@sekisho/town'
import { loadActiveTown } from '../host/active-model.ts'
import { CA_FOLDER, readAuthority } from './inspect/authority.ts'
import type { Authority } from './inspect/authority.ts'
import { readKnownClients } from './known-clients.ts'
import type { ClientFiles, KnownClients } from './known-clients.ts'

export interface OrdersPlaces {
  /** Town file. */
  readonly town: string
  /** Id of the gate; absent when the town has one. */
  readonly gate?: string
  /** Folder of lists. */
  readonly lists: string
  readonly dataDir: string
  readonly clients: ClientFiles
}

export interface Orders {
  readonly town: Town
  readonly gate: WebGate
  /** SHA-256 of the model. */
  readonly model: string
  readonly standings: ReadonlyMap<string, ListStanding>
  readonly policy: WebPolicy
  readonly known: KnownClients
  /** The town's own authority for reading inside; absent when there is none. */
  readonly authority?: Authority
}

/** @throws SekishoError when there are no orders to go by */
export async function readOrders(places: OrdersPlaces, now: Date): Promise<Orders> {
  const { town, model } = await loadActiveTown(places.town, places.dataDir)
  const gate = webGateOf(town, places.gate)
  const at = todayInJapan(now)
  const { signers, listDays } = gate
  const terms = { signers, listDays, people: town.people, at }
  const ids = [...new Set(gate.services.map(({ list }) => list))]
  const standings = new Map<string, ListStanding>()
  for (const id of ids) standings.set(id, standingOf(await readLists(places.lists, id), terms))
  const known = await readKnownClients(places.clients)
  const authority = await readAuthority(places.dataDir, now)
  const policy = webPolicy(town, gate, standings, at)
  return { town, gate, model, standings, policy, known, ...(authority && { authority }) }
}

/**
 * What the record says of the orders: by which declaration, in which mode, and by which lists, each with its digest and with who imported and who approved it. By it an auditor tells which list let something
 * through on a day.
 */
export function ordersEntry({ gate, model, standings }: Orders) {
  const lists = [...standings]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([list, standing]) => ({ list, ...listEntry(standing) }))
  return { gate: gate.id, model, mode: gate.mode, lists }
}

function listEntry(standing: ListStanding) {
  const { state } = standing
  if (state === 'missing') return { state }
  const { list } = standing
  const held = { state, version: list.version, digest: listDigest(list) }
  if (!('record' in standing)) return held
  const { by, at } = standing.record
  const imported = { ...held, importedBy: by, importedAt: at }
  if (standing.state !== 'usable') return imported
  return { ...imported, approvedBy: standing.approval.by, approvedAt: standing.approval.at }
}

/**
 * @param cure how to name one
 * @throws SekishoError CONFIG_INVALID when the town has no such gate, or several and none is named
 */
export function webGateOf(
  town: Town,
  id: string | undefined,
  cure = '--gate で一つを選んでください。',
): WebGate {
  const gates = (town.gates.web ?? []).filter((gate) => id === undefined || gate.id === id)
  const [gate] = gates
  if (gate && gates.length === 1) return gate
  throw new SekishoError(
    'CONFIG_INVALID',
    `町の定義（gates.web）に、このクラウドの関所がないか、いくつかあります。${cure}`,
  )
}

/** Changes whenever one of the files does, or the day in Japan. */
export async function traceOf(places: OrdersPlaces, now: Date): Promise<string> {
  const { certificates, credentials, addresses } = places.clients
  const files = [places.town, certificates, credentials, addresses].filter(
    (one) => one !== undefined,
  )
  const active = await readFile(join(places.dataDir, 'active-model'), 'utf8')
  const folders = [places.lists, join(places.dataDir, CA_FOLDER)]
  const found = await Promise.all(folders.map(filesUnder))
  const marks = await Promise.all([...files, ...found.flat()].map(markOf))
  return [todayInJapan(now), active, ...marks].join('\n')
}

async function markOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path)
  return [path, ino, size, mtimeMs, ctimeMs].join(' ')
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  return entries.toSorted((a, b) => a.localeCompare(b, 'en')).map((name) => join(folder, name))
}
