import type { Town } from '@sekisho/core'
import type { Document } from 'yaml'
import { MAX_WORDED } from './limits.ts'
import { checkMail } from './mail-gates.ts'
import { checkNetworks } from './networks.ts'
import { parseText } from './parse.ts'
import { listed, problem, type Position, type Problem, type Report } from './problem.ts'
import { checkReferences } from './references.ts'
import { resolveTown } from './resolve.ts'
import { validate } from './validate.ts'

/** A town file that could be read. */
export interface TownReading {
  readonly ok: true
  /** Frozen; every reference in it resolves. */
  readonly town: Town
  /** Where a path such as `flows[3].expires` stands; the nearest thing around it when it is not written. */
  readonly lines: (path: string) => Position
  /** The YAML document with its comments and order. */
  readonly document: Document.Parsed
}

/** A town file that could not be read, with everything to mend, sorted by place. */
export interface UnreadableTown {
  readonly ok: false
  readonly problems: readonly Problem[]
}
export type ReadTown = TownReading | UnreadableTown

/**
 * Reads a town file.
 *
 * The text may be hostile: it is bounded in bytes, tokens and depth before it is composed, and whatever it holds the
 * outcome is a value. Nothing is guessed: an unknown key, an undeclared name or a class without its scheme is a
 * problem with its cure.
 */
export function readTown(text: string): ReadTown {
  const parsed = parseText(text)
  if (!parsed.ok) return parsed
  const fitted = fit(parsed.value, parsed.lines)
  if (!fitted.ok) return fitted
  return { ok: true, town: fitted.town, lines: parsed.lines, document: parsed.document }
}

/** A declaration that was never a file: a program put it together. */
export interface TownValueReading {
  readonly ok: true
  readonly town: Town
  /** There is no text: always the first line. */
  readonly lines: (path: string) => Position
}

/**
 * Reads a declaration that a program put together, as plain values in the shape of a town file. It passes everything that a file must
 * pass once it is YAML; whoever takes it from elsewhere than a town that was read bounds its size first.
 */
export function readTownValue(value: unknown): TownValueReading | UnreadableTown {
  const lines = (): Position => ({ line: 1, column: 1 })
  const fitted = fit(value, lines)
  return fitted.ok ? { ...fitted, lines } : fitted
}

function fit(
  value: unknown,
  lines: (path: string) => Position,
): { readonly ok: true; readonly town: Town } | UnreadableTown {
  const found: Problem[] = []
  let unlisted = 0
  const report: Report = (reason, path, values) => {
    // A flood is counted, not worded: finding each place in a hostile file would take quadratic time.
    if (found.length >= MAX_WORDED) unlisted += 1
    else found.push(problem(reason, { path, ...lines(path) }, values))
  }
  const shape = validate(value, report)
  if (shape) {
    checkReferences(shape, lines, report)
    checkNetworks(shape, lines, report)
    checkMail(shape, lines, report)
  }
  if (!shape || found.length > 0) return { ok: false, problems: listed(found, unlisted) }
  return { ok: true, town: resolveTown(shape) }
}
