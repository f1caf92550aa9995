/** What a document about the declaration in force says of itself. */
import type { Edition, IsoDate } from '@sekisho/core'
import type { Judge } from '@sekisho/judge'
import type { ReportSubject } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import pack from '../../package.json' with { type: 'json' }

/** The declaration in force and what judges it. */
export interface InForce {
  readonly read: TownReading
  readonly judge: Judge
  /** Name of the declaration's file. */
  readonly file: string
  /** SHA-256 of the file, lower-case hex. */
  readonly fileDigest: string
}

/** As of a day, by an edition. */
export interface As {
  readonly at: IsoDate
  readonly edition: Edition
}

export const VERSION = pack.version

export function subjectOf(
  { read: { town }, judge, file, fileDigest }: InForce,
  { at, edition }: As,
): ReportSubject {
  return {
    town: town.name,
    model: town.model,
    edition,
    at,
    made: todayInJapan(new Date()),
    file,
    fileDigest,
    rulesDigest: judge.digest,
    version: VERSION,
  }
}
