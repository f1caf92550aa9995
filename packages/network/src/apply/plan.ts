import type { Finding, IsoDate } from '@sekisho/core'
import { checkTown, modelDigest, readTown, runTownTests } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import { leftOutFindings, unreadFindings } from '../prove/findings.ts'
import { lastingFindings, proveLasting } from '../prove/lasting.ts'
import { compareFilters } from './compare.ts'
import { tell } from './tell.ts'
import type { Told } from './tell.ts'
import { refusal } from './refusal.ts'
import { rulesetDigest, sha256 } from './ruleset.ts'
import { afterwards } from './transaction.ts'
import type { Scope } from './transaction.ts'

/** Where what is there was taken from. */
export const SOURCES = ['kernel', 'file', 'town'] as const
export type Source = (typeof SOURCES)[number]

/** A change of the firewall: reviewed, stored, and exactly this is applied. */
export interface Plan {
  /** The day it was made for, in Japan; it holds for no other. */
  readonly at: IsoDate
  readonly town: {
    readonly name: string
    /** `modelDigest` of the declaration. */
    readonly digest: string
    /** The declaration itself: whoever applies the plan makes the rules from it again. */
    readonly text: string
  }
  /** Digest of the rules that the findings were made with. */
  readonly rules: string
  readonly scope: Scope
  readonly before: {
    readonly source: Source
    /** `rulesetDigest` of what is there. */
    readonly digest: string
    /** Digest of the former declaration, where it is known. */
    readonly town?: string
  }
  readonly after: { readonly digest: string }
  /** Exactly what is loaded. */
  readonly text: string
  readonly textDigest: string
  /** What changes, pair of zones by pair of zones; empty: nothing. */
  readonly changes: readonly Told[]
  /** Why what is there could not be compared; the change itself is proved all the same. */
  readonly unread: readonly Finding[]
  readonly tests: readonly {
    readonly name: string
    readonly green: boolean
    readonly reason: string
  }[]
  /** Findings of `check` that come and go with the declaration; without a former one nothing can be said. */
  readonly findings:
    | { readonly appear: readonly Finding[]; readonly vanish: readonly Finding[] }
    | undefined
  /** What keeps the kernel from doing exactly what is declared after this change. Empty: proved. */
  readonly unproved: readonly Finding[]
  readonly leftOut: readonly Finding[]
}

export interface PlanFrom {
  readonly text: string
  readonly read: TownReading
  readonly at: IsoDate
  readonly rules: string
  readonly scope: Scope
  readonly before: { readonly source: Source; readonly listing: unknown }
  /** The former declaration: it gives names and the findings that go. */
  readonly former?: TownReading
}

export type Made =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly finding: Finding }

/** What changes when a declaration's rules take the place of those that are there. */
export async function makePlan(from: PlanFrom): Promise<Made> {
  const { read, at, scope, before, former } = from
  const { town } = read
  const declared = declare(town, { at })
  const text = writeNftables(declared)
  const loaded = await loadNftables(text)
  if (!loaded.ok) return { ok: false, finding: refusal(loaded.reason, { says: loaded.says }) }
  const after = afterwards(before.listing, loaded.listing, scope)
  const [was, becomes] = [rulesetDigest(before.listing), rulesetDigest(after)]
  if (was === undefined || becomes === undefined) {
    return { ok: false, finding: refusal('NET-PLAN-NO-LISTING', {}) }
  }
  const [old, fresh] = [before.listing, after].map((one) => readNftables(one, { at: noon(at) }))
  if (!old || !fresh) throw new TypeError('two filters')
  const known = former && declare(former.town, { at })
  const comparable = old.unread.length === 0 && fresh.unread.length === 0
  const sides = { before: old, after: fresh, declared, ...(known && { former: known }) }
  const lasting = proveLasting(declared, fresh, (turn) => readNftables(after, { at: turn }))
  return {
    ok: true,
    plan: {
      at,
      town: { name: town.name, digest: declared.digest, text: from.text },
      rules: from.rules,
      scope,
      before: {
        source: before.source,
        digest: was,
        ...(former && { town: modelDigest(former.town) }),
      },
      after: { digest: becomes },
      text,
      textDigest: sha256(text),
      changes: comparable
        ? tell(compareFilters(sides), [town, ...(former ? [former.town] : [])], declared)
        : [],
      unread: unreadFindings(old.unread),
      tests: runTownTests(town).map(({ test, green, reason }) => ({
        name: test.name,
        green,
        reason,
      })),
      findings: former && findingsBetween(former, read, at),
      unproved: lastingFindings(town, lasting),
      leftOut: leftOutFindings(town, declared.leftOut),
    },
  }
}

/** True when the kernel would hold exactly what it holds already. */
export const changesNothing = ({ before, after }: Plan): boolean => before.digest === after.digest

function findingsBetween(
  former: TownReading,
  read: TownReading,
  at: IsoDate,
): NonNullable<Plan['findings']> {
  const [before, after] = [former, read].map((one) => checkTown(one, { at }).findings)
  if (!before || !after) throw new TypeError('two checks')
  const without = (some: readonly Finding[], others: readonly Finding[]) => {
    const known = new Set(others.map(keyOf))
    return some.filter((one) => !known.has(keyOf(one)))
  }
  return { appear: without(after, before), vanish: without(before, after) }
}

// A place in a list moves when something before it goes; what is said of it does not.
const keyOf = ({ rule, message }: Finding): string => `${rule}\n${message}`

/**
 * What keeps a plan from being applied, of itself: made by another version or by hand, with other rules, of another day, with a red test, not proved. The first
 * that is found.
 *
 * @param today in Japan
 */
export function refusePlan(
  plan: Plan,
  now: { readonly today: IsoDate; readonly rules: string },
): Finding | undefined {
  const { at, town, text, textDigest, rules, tests, unproved } = plan
  // Whoever writes a plan by hand can make its digests fit; its rules are made from the declaration again.
  const read = readTown(town.text)
  if (!read.ok || modelDigest(read.town) !== town.digest) return refusal('NET-PLAN-CHANGED', {})
  const made = writeNftables(declare(read.town, { at }))
  if (sha256(text) !== textDigest || text !== made) return refusal('NET-PLAN-CHANGED', {})
  if (rules !== now.rules) return refusal('NET-PLAN-RULES', {})
  if (at !== now.today) return refusal('NET-PLAN-DAY', { at, today: now.today })
  const red = runTownTests(read.town).filter(({ green }) => !green)
  if (red.length > 0 || tests.some(({ green }) => !green)) {
    return refusal('NET-PLAN-TESTS', { count: String(Math.max(red.length, 1)) })
  }
  if (unproved.length > 0) return refusal('NET-PLAN-UNPROVED', {})
  return undefined
}
