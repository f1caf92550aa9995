/**
 * The set of files for a council or an auditor, and the list of them that goes with it.
 */
import { createHash } from 'node:crypto'
import { bothCalendars } from './era.ts'
import { BOOK } from './excel/words.ts'
import { filled } from './filled.ts'
import type { ReportSubject } from './subject.ts'
import { visible } from './visible.ts'

export type SetPart = keyof typeof BOOK.set.files

/** Names of the files, in the order in which they are read. */
export const SET_NAMES: Readonly<Record<SetPart, string>> = Object.fromEntries(
  Object.entries(BOOK.set.files).map(([part, [name]]) => [part, name]),
) as Record<SetPart, string>

/** What each file is, as a sentence. */
export const SET_ABOUT: Readonly<Record<SetPart, string>> = Object.fromEntries(
  Object.entries(BOOK.set.files).map(([part, [, about]]) => [part, about]),
) as Record<SetPart, string>

/** Name of the list. */
export const INDEX_NAME = BOOK.set.name

export interface SetFile {
  readonly part: SetPart
  readonly bytes: Uint8Array
}

/**
 * 一覧.txt: what was checked and the SHA-256 of each file. People read it as it is, and `sha256sum -c` takes it as it is: to it, what begins with `#` is a
 * remark (GNU coreutils).
 */
export function reportIndex(files: readonly SetFile[], subject: ReportSubject): string {
  const { facts, set } = BOOK
  const { town, model, edition, at, made, file, fileDigest, rulesDigest, version } = subject
  const known = [
    [facts.model, model],
    [facts.edition, edition],
    [facts.at, bothCalendars(at)],
    [facts.made, bothCalendars(made)],
    [facts.file, file],
    [facts.digest, fileDigest],
    [facts.rules, rulesDigest],
    [facts.version, version],
  ] as const
  const remarks = [
    filled(set.title, { town }),
    '',
    ...known.map(([name, value]) => filled(set.fact, { name, value })),
    '',
    ...files.map(({ part }) => {
      const [name = '', value = ''] = set.files[part]
      return filled(set.fact, { name, value })
    }),
    set.same,
    '',
    ...set.how,
  ]
  return [
    // A line feed in a declared name would begin a line of its own, which could name another file.
    ...remarks.map((remark) => `# ${visible(remark)}`.trimEnd()),
    ...files.map(({ part, bytes }) => `${sha256(bytes)}  ${SET_NAMES[part]}`),
    '',
  ].join('\n')
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
