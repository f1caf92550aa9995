import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const FOLDER = resolve(import.meta.dirname, '../../../../corpus/cloud')

/** For tests only: a file of `corpus/cloud`, as text or as the cases in it. */
export function corpusText(path: string): string {
  return readFileSync(resolve(FOLDER, path), 'utf8')
}

export function corpusCases(path: string): readonly unknown[] {
  return (JSON.parse(corpusText(path)) as { readonly cases: readonly unknown[] }).cases
}
