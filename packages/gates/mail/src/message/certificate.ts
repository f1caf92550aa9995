import { createHash } from 'node:crypto'
import type { DisarmReport, Edition, Model } from '@sekisho/core'

/** What became of a part. */
export type Fate =
  /** It only held others; they have rows of their own. */
  | 'opened'
  /** Its words are in the message. */
  | 'text'
  /** The message says the same in another form of it. */
  | 'other-form'
  /** In the message as words, and as a calendar that was written anew. */
  | 'calendar'
  /** Waits outside until somebody asks for it. */
  | 'pick-up'
  /** Disarmed, and in the message again. */
  | 'attached'
  /** Only in the sealed original. */
  | 'sealed'
  /** Of no use to a reader: a signature that no longer fits, a piece of another mail. */
  | 'left-out'
  /** No part: what is written before the first part of a multipart (`.0`), or behind the last (one more than that has parts). */
  | 'around'

/** One part of a message and what became of it. */
export interface PartRow {
  /** Place: `1.2` is the second part of the first; behind a slash stands what lay wrapped in it. */
  readonly part: string
  /** Media type that the sender gave it, or `unknown` when it is none. */
  readonly type: string
  /** Name that the sender gave it, cleaned; empty for none. */
  readonly name: string
  /** Without its transfer encoding; 0 for a part that only holds others. */
  readonly bytes: number
  /** Lower-case hex, of these bytes. */
  readonly sha256: string
  readonly fate: Fate
  /** Reason id, when the fate is not what the sender meant. */
  readonly reason?: string
  /** What the disarmer did, when the part is attached. */
  readonly disarm?: AttachedReport
}

/** What came of an attachment; `sha256` of the bytes that are in the message. */
export type AttachedReport = Pick<DisarmReport, 'verdict' | 'outputType' | 'removed' | 'kept'> & {
  readonly sha256: string
}

/** What happened to a message, part by part: the same data for the page, the record and the footer. */
export interface Certificate {
  readonly version: 1
  readonly model: Model
  readonly edition: Edition
  readonly gate: string
  /** The message as it came. */
  readonly original: { readonly bytes: number; readonly sha256: string }
  readonly headers: {
    /** Names of the fields that were written anew. */
    readonly kept: readonly string[]
    /** Number of fields that stay outside. */
    readonly leftOut: number
    /** Names of fields of which there may be one and were several that differ; the first counts. */
    readonly contradicted: readonly string[]
  }
  /** Messages in it whose structure two readers did not agree on, or that cannot be read: only their words came in. */
  readonly flattened: readonly { readonly part: string; readonly reason: string }[]
  /** Places of a page that were not to be seen, and whose words stay outside. */
  readonly hiddenPlaces: number
  readonly parts: readonly PartRow[]
}

/** Short name of a certificate: the first 16 hex digits of the SHA-256 of its JSON. Changes with every row. */
export function certificateNumber(certificate: Certificate): string {
  return createHash('sha256').update(JSON.stringify(certificate)).digest('hex').slice(0, 16)
}
