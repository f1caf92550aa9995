/**
 * The declarations a town wants to come to, as its IT officers have laid them out: one folder each, with `target.yaml` and, when there are dates to
 * keep, `plan.yaml`. Nothing in them is in force; they are only computed with.
 */
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_PLAN } from '@sekisho/assess'
import type { Model } from '@sekisho/core'
import { MAX_TOWN_BYTES, readTown } from '@sekisho/town'

/** One folder that holds a target. */
export interface Target {
  /** Name of the folder. */
  readonly id: string
  /** Model of the target; absent when its declaration cannot be read. */
  readonly model?: Model
}

/** The text of a target. */
export interface TargetText {
  readonly target: string
  readonly plan?: string
}

/** Targets on one page. */
const MOST_TARGETS = 30

export interface Targets {
  /** In the order of their names. */
  list(): Promise<readonly Target[]>
  /** `undefined` when no folder has this name, or its file is larger than a declaration may be. */
  read(id: string): Promise<TargetText | undefined>
}

/** @param folder holds the folders; that there is none is the usual case */
export function targetsIn(folder: string): Targets {
  const models = modelsOf()
  const read = async (id: string): Promise<TargetText | undefined> => {
    // The name comes from an address: it only ever picks one that lies there.
    const found = (await names(folder)).find((name) => name === id)
    return found === undefined ? undefined : readTexts(join(folder, found))
  }
  return {
    read,
    async list() {
      const all = await Promise.all(
        (await names(folder)).map(async (id) => ({ id, text: await read(id) })),
      )
      return all.flatMap(({ id, text }) => {
        if (text === undefined) return []
        const model = models(text.target)
        return [{ id, ...(model === undefined ? {} : { model }) }]
      })
    },
  }
}

async function names(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .slice(0, MOST_TARGETS)
}

async function readTexts(folder: string): Promise<TargetText | undefined> {
  const target = await readBounded(join(folder, 'target.yaml'), MAX_TOWN_BYTES)
  if (target === undefined) return undefined
  const plan = await readBounded(join(folder, 'plan.yaml'), MAX_PLAN * BYTES_PER_UNIT)
  return { target, ...(plan === undefined ? {} : { plan }) }
}

/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3

/** The text of a file, or `undefined` without one, when it is no text, and when it is larger than `max`: a device or a log would never end. */
async function readBounded(file: string, max: number): Promise<string | undefined> {
  const opened = await open(file).catch(() => undefined)
  if (opened === undefined) return undefined
  try {
    const about = await opened.stat()
    if (!about.isFile() || about.size > max) return undefined
    const bytes = await opened.readFile()
    return isUtf8(bytes) ? bytes.toString('utf8') : undefined
  } finally {
    await opened.close()
  }
}

/** Reads the model of a declaration; what was read once is remembered by its digest. */
function modelsOf(): (text: string) => Model | undefined {
  const known = new Map<string, Model | undefined>()
  return (text) => {
    const digest = createHash('sha256').update(text).digest('hex')
    if (!known.has(digest)) {
      const read = readTown(text)
      if (known.size >= MOST_TARGETS) known.clear()
      known.set(digest, read.ok ? read.town.model : undefined)
    }
    return known.get(digest)
  }
}
