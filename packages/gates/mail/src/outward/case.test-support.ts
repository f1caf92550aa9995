import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { ConfidentialityLevel, Town } from '@sekisho/core'
import { disarmHere } from '@sekisho/disarm'
import { createJudge } from '@sekisho/judge'
import { examineOutgoing } from './examine.ts'
import type { NotOutgoing, Outgoing } from './examine.ts'
import { rewriteOutgoing } from './rewrite.ts'
import type { CleanedFile, Rewritten } from './rewrite.ts'
import type { OutwardRoute } from './route.ts'
import { sendersOf } from './senders.ts'

/** For tests only: the cases of `corpus/mail-out`, and a small town that they are sent from. */

export interface OutCase {
  readonly title: string
  /** What this town says otherwise. */
  readonly town?: Partial<
    Pick<OutwardRoute, 'approval' | 'unlabelled' | 'marks' | 'lgwanDomains' | 'model'>
  >
  readonly from: string
  readonly to: readonly string[]
  /** Lines of the mail; a letter is a byte. */
  readonly mail: readonly string[]
  readonly expect: {
    /** Reason for which it is no outgoing mail at all. */
    readonly reason?: string
    readonly internet?: readonly string[]
    readonly lgwan?: readonly string[]
    readonly own?: readonly string[]
    readonly label?: string
    readonly level?: ConfidentialityLevel
    /** `place label`. */
    readonly found?: readonly string[]
    readonly rows?: number
    readonly myNumbers?: number
    readonly result?: 'pass' | 'hold' | 'refuse'
    readonly rules?: readonly string[]
    /** Fields of the mail as it leaves. */
    readonly fields?: readonly string[]
    /** Strings that must not leave. */
    readonly gone?: readonly string[]
    /** Strings that must. */
    readonly stays?: readonly string[]
    /** Rule ids of what stays and is told. */
    readonly kept?: readonly string[]
  }
}

const FOLDER = resolve(import.meta.dirname, '../../../../../corpus/mail-out')
export const TODAY = '2026-11-26'

export function outCases(): readonly (readonly [name: string, one: OutCase])[] {
  return globSync('*.json', { cwd: FOLDER })
    .toSorted()
    .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))])
}

export const PEOPLE: Pick<Town, 'people' | 'departments'> = {
  departments: [{ id: 'fukushi', name: '福祉課', mail: 'fukushi@town.kasumi.example.jp' }],
  people: [
    person('s0001', '葛󠄂城 由美', { mail: 'yumi@town.kasumi.example.jp' }),
    person('s0002', '𠮷田 健一', { mail: 'yoshida@town.kasumi.example.jp' }),
    person('s0099', '去年 去人', { mail: 'kyonen@town.kasumi.example.jp', until: '2026-03-31' }),
  ],
}

function person(
  id: string,
  name: string,
  more: { readonly mail: string; readonly until?: string },
): Town['people'][number] {
  return { id, name, department: 'fukushi', roles: ['clerk'], from: '2020-04-01', ...more }
}

export function outRoute(change: Partial<OutwardRoute> = {}): OutwardRoute {
  return {
    model: 'α',
    edition: 'R8.3',
    ownDomains: ['town.kasumi.example.jp'],
    lgwanDomains: ['.lgwan.example.jp', 'pref.example.lg.jp'],
    senders: sendersOf(PEOPLE),
    approval: 'external',
    delayMinutes: 5,
    unlabelled: 'ask',
    marks: [],
    ...change,
  }
}

export function bytesOfCase({ mail }: Pick<OutCase, 'mail'>): Buffer {
  return Buffer.from(mail.join('\r\n'), 'latin1')
}

export function examineCase(one: OutCase): Outgoing | NotOutgoing {
  const submitted = { from: one.from, recipients: one.to, bytes: bytesOfCase(one) }
  return examineOutgoing(submitted, outRoute(one.town), TODAY)
}

/** The disarmer in this very process, in place of the pool. */
export function rewriteCase(
  bytes: Uint8Array,
  outgoing: Outgoing,
  files: readonly FileBytes[],
): Rewritten {
  const cleaned = new Map<string, CleanedFile>(
    outgoing.files.map((file, index) => {
      const { report, output } = disarmHere(files[index]!.bytes, { name: files[index]!.name })
      if (file.locked) return [file.sha256, { result: 'locked' }]
      if (output) return [file.sha256, { result: 'cleaned', report, output }]
      return [file.sha256, { result: 'refused', reason: report.reason ?? '' }]
    }),
  )
  return rewriteOutgoing(bytes, { files: cleaned, profile: {}, domain: 'town.kasumi.example.jp' })
}

export interface FileBytes {
  readonly name: string
  readonly bytes: Uint8Array
}

export const judge = createJudge()
