/** What a head says beside its body: a path and fields carry as well. Nothing in them is opened here; who takes a head for a place to put a file in is told so. */
import { countPersonalData } from '../../../outward/src/personal-data.ts'
import { encodedRuns } from './encoded.ts'
import { readForm } from './form.ts'
import { SMALLEST_FILE } from './limits.ts'
import { beginsLikeFile, spelledFiles } from './spelled.ts'

export interface HeadWords {
  /** A file is written in it. */
  readonly file: boolean
  /** As in `countPersonalData`. */
  readonly myNumbers: number
}

/** @param path with its query */
export function headWords(
  path: string,
  headers: readonly (readonly [string, string])[],
): HeadWords {
  const written = [path, ...headers.map(([, value]) => value)]
  const texts = written.flatMap((text) => [...new Set([text, unescaped(text), utf8(text)])])
  return { file: texts.some(holdsFile), myNumbers: countPersonalData(texts).myNumbers }
}

const holdsFile = (text: string): boolean =>
  spelledFiles(text).length > 0 ||
  encodedRuns(text.replaceAll('/', ' ')).concat(encodedRuns(text)).some(isFile)

const isFile = (bytes: Uint8Array): boolean =>
  bytes.length >= SMALLEST_FILE && beginsLikeFile(bytes)

function unescaped(text: string): string {
  const [bytes] = readForm(text.replaceAll(/[&=]/gu, ' ')) ?? []
  return bytes === undefined ? text : Buffer.from(bytes).toString()
}

/** Fields are bytes; what writes Japanese in them writes UTF-8. */
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString()
