import type { Edition, IsoDate, Model } from '@sekisho/core'

/** What a document for a council or an auditor is about. It stands on the cover of a PDF and in 説明 of a workbook. */
export interface ReportSubject {
  /** Name of the body, as it declares itself. */
  readonly town: string
  readonly model: Model
  readonly edition: Edition
  /** The day of the check. */
  readonly at: IsoDate
  /** The day of making. The same day and input give the same bytes. */
  readonly made: IsoDate
  /** File as the person named it. */
  readonly file: string
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly fileDigest: string
  /** SHA-256 of the rules, hexadecimal: the judge's `digest`. */
  readonly rulesDigest: string
  /** Version of this program. */
  readonly version: string
}

/** A file beside the declaration that a document rests on. */
export interface NamedFile {
  /** File as the person named it. */
  readonly file: string
  /** SHA-256 of its bytes, hexadecimal. */
  readonly fileDigest: string
}

/** A document about the way from one declaration to another. `model` and `file` are those of today. */
export interface RoadmapSubject extends ReportSubject {
  readonly target: NamedFile
  /** Absent when no plan was given. */
  readonly plan?: NamedFile
}
