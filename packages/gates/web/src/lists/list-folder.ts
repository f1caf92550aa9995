/**
 * Snapshots on disk: `<list>/<version>-<digest>/` with `snapshot.json`, the note of the import and, later, the note of the approval. Whoever can
 * write here can take lists away and put others beside them; what is used is decided by the signatures alone (`standing.ts`).
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import { makeFolder, writeDurably } from '@sekisho/evidence'
import { canonical } from '@sekisho/town'
import { z } from 'zod'
import { CATEGORIES, listDigest } from './destination-list.ts'
import type { DestinationList } from './destination-list.ts'
import { MAX_LIST_BYTES } from './limits.ts'
import type { HeldList } from './standing.ts'

/** A snapshot writes names sorted and keys spelled out: somewhat more than its file. */
const MAX_SNAPSHOT_BYTES = 2 * MAX_LIST_BYTES
const MAX_NOTE_BYTES = 16_384

/** Every snapshot of one list, in no order. What cannot be read is not one: then the list is missing and nothing passes by it. */
export async function readLists(folder: string, list: string): Promise<readonly HeldList[]> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/u.test(list)) return []
  const names = await namesIn(join(folder, list))
  const held = await Promise.all(names.map((name) => readHeld(join(folder, list, name))))
  return held.filter((one) => one !== undefined)
}

/** Keeps a snapshot with the note of its import. The same snapshot again gets the newer note, and keeps its approval. */
export async function keepImport(
  folder: string,
  list: DestinationList,
  note: string,
): Promise<void> {
  const place = placeOf(folder, list)
  await keep(place, [
    { name: 'snapshot.json', text: canonical(list) },
    { name: 'import', text: note },
  ])
}

/** Keeps the note of an approval beside the snapshot that it is about. */
export async function keepApproval(
  folder: string,
  list: DestinationList,
  note: string,
): Promise<void> {
  await keep(placeOf(folder, list), [{ name: 'approval', text: note }])
}

const placeOf = (folder: string, list: DestinationList): string =>
  join(folder, list.list, `${list.version}-${listDigest(list).slice(0, 16)}`)

async function keep(
  place: string,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  await makeFolder(place)
  const whole = files.map(({ name, text }) => ({
    path: join(place, name),
    bytes: Buffer.from(text),
  }))
  await writeDurably(whole, place)
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d{10}-[0-9a-f]{16}$/u.test(name))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw new SekishoError('STORE_UNAVAILABLE', 'the folder of lists cannot be read', {
      cause: error,
    })
  }
}

async function readHeld(place: string): Promise<HeldList | undefined> {
  const [snapshot, imported, approved] = await Promise.all([
    readBounded(join(place, 'snapshot.json'), MAX_SNAPSHOT_BYTES),
    readBounded(join(place, 'import'), MAX_NOTE_BYTES),
    readBounded(join(place, 'approval'), MAX_NOTE_BYTES),
  ])
  const list = snapshot === undefined ? undefined : snapshotOf(snapshot)
  if (!list || imported === undefined) return undefined
  return { list, imported, ...(approved !== undefined && { approved }) }
}

async function readBounded(path: string, limit: number): Promise<string | undefined> {
  try {
    return (await stat(path)).size > limit ? undefined : await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}

const texts = z.array(z.string())
const ports = z.array(z.union([z.number(), z.tuple([z.number(), z.number()])]))
const snapshotShape = z.strictObject({
  list: z.string(),
  form: z.enum(['microsoft-365', 'sekisho']),
  version: z.string().regex(/^\d{10}$/u),
  destinations: z.array(
    z.strictObject({
      id: z.string(),
      area: z.string(),
      names: texts,
      ranges: texts,
      tcp: ports,
      udp: ports,
      category: z.enum(CATEGORIES),
      required: z.boolean(),
      note: z.string(),
    }),
  ),
  coming: z.array(
    z.strictObject({ destination: z.string(), effective: z.string(), names: texts, ranges: texts }),
  ),
  leftOut: z.array(
    z.strictObject({
      destination: z.string(),
      name: z.string(),
      why: z.enum(['wildcard-place', 'wildcard-public', 'wildcard-shared']),
    }),
  ),
})

function snapshotOf(text: string): DestinationList | undefined {
  try {
    return snapshotShape.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
