import { foreignClass, type ClassMismatch, type Town } from '@sekisho/core'
import { editTown } from './edit.ts'
import { parseText } from './parse.ts'
import { readTown, type UnreadableTown } from './read.ts'

/** An asset whose class is of another scheme: 旧機密性, 国機密性, or no scheme at all. */
export interface ForeignAsset {
  /** e.g. `assets[3].class`. */
  readonly path: string
  readonly id: string
  readonly name: string
  /** 1-based. */
  readonly line: number
  readonly mismatch: ClassMismatch
}

export type ForeignClasses =
  | {
      readonly ok: true
      readonly assets: readonly ForeignAsset[]
      /** The town as it would be read with a class of this scheme in every place; its classes are no answer to anything. */
      readonly town: Town
    }
  | UnreadableTown

/**
 * Finds the classes of other schemes in a town file, which for their sake cannot be read.
 *
 * @returns the assets that have one, or what else keeps the file from being read.
 */
export function foreignClassesIn(text: string): ForeignClasses {
  const parsed = parseText(text)
  if (!parsed.ok) return parsed
  const assets = assetsOf(parsed.value).flatMap((asset, index): readonly ForeignAsset[] => {
    const label = textOf(asset, 'class')
    const mismatch = label === undefined ? undefined : foreignClass(label)
    if (mismatch === undefined) return []
    const path = `assets[${index}].class`
    const id = textOf(asset, 'id') ?? ''
    return [
      { path, id, name: textOf(asset, 'name') ?? id, line: parsed.lines(path).line, mismatch },
    ]
  })
  const read = readTown(withClasses(text, assets))
  return read.ok ? { ok: true, assets, town: read.town } : read
}

// Only to see what else is wrong with the file: nobody gets to see this text.
function withClasses(text: string, assets: readonly ForeignAsset[]): string {
  const edited = editTown(
    text,
    assets.map(({ path, mismatch }) => ({ path, value: mismatch.candidates[0] ?? '' })),
  )
  return edited.ok ? edited.text : text
}

function assetsOf(value: unknown): readonly unknown[] {
  const list: unknown =
    typeof value === 'object' && value !== null ? (value as { assets?: unknown }).assets : undefined
  return Array.isArray(list) ? (list as readonly unknown[]) : []
}

function textOf(asset: unknown, key: 'id' | 'name' | 'class'): string | undefined {
  if (typeof asset !== 'object' || asset === null) return undefined
  const value = (asset as Readonly<Record<string, unknown>>)[key]
  return typeof value === 'string' ? value : undefined
}
