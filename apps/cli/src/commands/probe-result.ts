import { userInfo } from 'node:os'
import type { Finding, Town } from '@sekisho/core'
import { leftOutFindings } from '@sekisho/network'
import type { Declared, Outcome } from '@sekisho/network'
import { renderFindings, visible } from '@sekisho/report'
import type { Arguments, Terminal } from '../command.ts'
import { readFormat } from '../out-file.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { recordProbe } from '../probe/record.ts'
import { VERSION } from '../version.ts'

export const FORMATS = ['text', 'json', 'sarif'] as const

export interface ProbeResult {
  /** What was asked about, as the person named it. */
  readonly file: string
  readonly where: 'lab' | 'agents'
  readonly town: Town
  readonly declared: Declared
  readonly findings: readonly Finding[]
  readonly outcomes: readonly Outcome[]
  readonly places: number
  /** SHA-256 of the ruleset that was asked about. */
  readonly ruleset?: string
}

/** @throws UsageError for a format that nobody writes */
export const probeFormat = (args: Arguments): (typeof FORMATS)[number] => readFormat(args, FORMATS)

/** Shows what a probe found and files it as evidence where that is wanted: first the record, then the answer. */
export async function finishProbe(
  args: Arguments,
  terminal: Terminal,
  result: ProbeResult,
): Promise<ExitCode> {
  const { findings, outcomes, declared, town, ruleset } = result
  const good = findings.every(({ effect }) => effect === 'note')
  const count = (wanted: string): number =>
    outcomes.filter(({ sighting }) => sighting === wanted).length
  const counts = {
    asked: outcomes.length,
    passed: count('answered'),
    stopped: count('stopped'),
  }
  const dir = args.text('record')
  if (dir !== undefined) {
    const index = await recordProbe(dir, {
      model: declared.digest,
      actor: userInfo().username.slice(0, 100),
      where: result.where,
      ...counts,
      reasons: [...new Set(findings.map(({ rule }) => rule))].toSorted(),
      ...(ruleset !== undefined && { ruleset }),
    })
    terminal.err(`${visible(dir)} に、${index}番の証跡として残しました。\n`)
  }
  terminal.out(
    renderFindings(probeFormat(args), [...findings, ...leftOutFindings(town, declared.leftOut)], {
      file: result.file,
      version: VERSION,
      result: good ? 'pass' : 'refuse',
      about: counts,
    }),
  )
  terminal.err(
    `${result.places}か所のあいだで${counts.asked}件を実際に送り、${counts.passed}件が通り、${counts.stopped}件が止まりました。\n`,
  )
  return good ? EXIT.done : EXIT.findings
}
