import { createHash } from 'node:crypto'
import type { Edition } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import type { ReportSubject } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import type { GoodTown } from './town-file.ts'
import { VERSION } from './version.ts'

/** What a document says of itself. */
export function reportSubject(
  file: string,
  town: { readonly read: GoodTown; readonly bytes: Uint8Array },
  { at, edition }: { readonly at: string | undefined; readonly edition: Edition | undefined },
): ReportSubject {
  const made = todayInJapan(new Date())
  const { name, model, edition: declared } = town.read.town
  return {
    town: name,
    model,
    edition: edition ?? declared,
    at: at ?? made,
    made,
    file,
    fileDigest: createHash('sha256').update(town.bytes).digest('hex'),
    rulesDigest: createJudge().digest,
    version: VERSION,
  }
}
