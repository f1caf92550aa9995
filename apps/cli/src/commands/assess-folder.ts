/**
 * Many towns: one line each, then a summary. A file that cannot be read is told and does not stop the rest.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { assess, CONTROL_STATES, controlName, hasFindings, isAllMet } from '@sekisho/assess'
import type { Assessment, AssessOptions, ControlState } from '@sekisho/assess'
import { visible } from '@sekisho/report'
import { MAX_TOWN_BYTES, readTown } from '@sekisho/town'
import type { Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { countsText } from './assess-text.ts'

const MOST_FREQUENT = 10

interface Reading {
  readonly file: string
  readonly assessment: Assessment
}
interface Unread {
  readonly file: string
  /** Closed code or reason id. */
  readonly reason: string
  readonly message: string
  readonly line?: number
}

/** Assesses every `*.yaml` below a folder, in the order of their names. Links are not followed. */
export async function assessFolder(
  folder: string,
  options: AssessOptions,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const files = await townFiles(folder)
  if (files.length === 0)
    throw new SekishoError('NOT_FOUND', 'このフォルダに、団体の定義（*.yaml）がありません。')
  const total = new Total()
  for (const path of files) {
    // oxlint-disable-next-line no-await-in-loop -- one town in memory at a time
    const read = await assessOne(path, relative(folder, path), options)
    total.add(read)
    terminal.out(json ? jsonLine(read) : textLine(read))
  }
  terminal.out(json ? total.json() : total.text())
  return total.hasFindings ? EXIT.findings : EXIT.done
}

async function townFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

async function assessOne(
  path: string,
  file: string,
  options: AssessOptions,
): Promise<Reading | Unread> {
  try {
    if ((await stat(path)).size > MAX_TOWN_BYTES)
      return { file, reason: 'TOWN-TOO-BIG', message: 'ファイルが大きすぎます。' }
    const read = readTown(await readFile(path, 'utf8'))
    if (read.ok) return { file, assessment: assess(read, options) }
    const { reason, message, line } = read.problems[0]!
    return { file, reason, message, line }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'BUG'
    return { file, reason: code, message: 'このファイルを読めませんでした。' }
  }
}

function textLine(read: Reading | Unread): string {
  if (!('assessment' in read)) {
    const place = read.line === undefined ? '' : `:${read.line}`
    return `？ ${visible(read.file)}${place}　${read.reason}　${visible(read.message)}\n`
  }
  const { name, model, edition, models } = read.assessment
  const gap = models[0]!
  // ○ only when everything is met; △ when nothing was found and something was not checked.
  const sign = isAllMet(gap) ? '○' : hasFindings(gap) ? '×' : '△'
  return `${sign} ${visible(name)}　${model}　${edition}　${countsText(gap.counts)}　${visible(read.file)}\n`
}

function jsonLine(read: Reading | Unread): string {
  const head = { sekisho: '1', kind: 'TownAssessment' }
  if (!('assessment' in read)) return `${JSON.stringify({ ...head, ok: false, ...read })}\n`
  const { name, model, edition, at, models } = read.assessment
  const { counts, rows, others } = models[0]!
  const states = Object.fromEntries(rows.map(({ control, state }) => [control, state]))
  const found = others.map(({ rule }) => rule)
  const body = {
    ok: true,
    file: read.file,
    name,
    model,
    edition,
    at,
    counts,
    states,
    others: found,
  }
  return `${JSON.stringify({ ...head, ...body })}\n`
}

/** Counts over all towns. */
class Total {
  #towns = 0
  #unread = 0
  #met = 0
  readonly #states = new Map<ControlState, number>()
  readonly #findings = new Map<string, number>()

  /** A file that could not be read was not checked. */
  get hasFindings(): boolean {
    return this.#unread > 0 || this.#findings.size > 0
  }

  add(read: Reading | Unread): void {
    if (!('assessment' in read)) {
      this.#unread += 1
      return
    }
    const gap = read.assessment.models[0]!
    this.#towns += 1
    if (isAllMet(gap)) this.#met += 1
    for (const state of CONTROL_STATES)
      this.#states.set(state, (this.#states.get(state) ?? 0) + gap.counts[state])
    const rules = [...gap.rows.flatMap(({ findings }) => findings), ...gap.others]
    for (const rule of new Set(rules.map((finding) => finding.rule)))
      this.#findings.set(rule, (this.#findings.get(rule) ?? 0) + 1)
  }

  json(): string {
    const body = {
      sekisho: '1',
      kind: 'AssessmentSummary',
      towns: this.#towns,
      unread: this.#unread,
      allMet: this.#met,
      states: Object.fromEntries(this.#states),
      findings: this.#frequent().map(([rule, towns]) => ({ rule, towns })),
    }
    return `${JSON.stringify(body)}\n`
  }

  text(): string {
    const states = Object.fromEntries(
      CONTROL_STATES.map((state) => [state, this.#states.get(state) ?? 0]),
    ) as Record<ControlState, number>
    const frequent = this.#frequent().slice(0, MOST_FREQUENT)
    const last = [
      '',
      `団体${this.#towns}件　すべて実施${this.#met}件　読めないファイル${this.#unread}件`,
      countsText(states),
      ...(frequent.length > 0 ? ['多い指摘'] : []),
      ...frequent.map(([rule, towns]) => `  ${rule}　${towns}団体　${controlName(rule)}`),
    ]
    return `${last.join('\n')}\n`
  }

  #frequent(): readonly (readonly [rule: string, towns: number])[] {
    return [...this.#findings].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  }
}
