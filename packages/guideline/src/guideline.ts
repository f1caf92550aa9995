/**
 * The guideline as data: rules, schema, sentences, editions.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { DECISIONS, SekishoError } from '@sekisho/core'
import type { Edition, Form, Model, Peer } from '@sekisho/core'
import { readControls } from './control.ts'
import type { ControlInfo } from './control.ts'
import { readClocks } from './clocks.ts'
import type { LegalClock } from './clocks.ts'
import { readOpenPoints } from './open-point.ts'
import type { OpenPoint } from './open-point.ts'
import { splitPolicies } from './policy-text.ts'
import { readForm } from './form.ts'
import { readRule } from './rule.ts'
import type { Rule } from './rule.ts'
import { joinSentences, readMoreSentences, readSentences } from './sentences.ts'
import type { Language, Sentences } from './sentences.ts'

/** One edition of the guideline. */
export interface EditionInfo {
  readonly id: Edition
  readonly name: string
  /** `YYYY-MM-DD`, or `YYYY-MM` where we could not learn the day. An edition applies from its publication. */
  readonly published: string
  /** The models that exist in this edition. */
  readonly models: readonly Model[]
  /** What it brought, in Japanese. */
  readonly changes: string
}

/** A law that changes what is binding from a date on. */
export interface LawInfo {
  readonly id: string
  readonly name: string
  readonly published: string
  readonly inForce: string
}

/** A publication that rules cite by its id. */
export interface Source {
  readonly id: string
  readonly title: string
  readonly url?: string
  readonly kind: 'primary' | 'secondary'
}

/** A peer of 特定通信 type ②, on the list of ZN-03. */
export interface ClosedListEntry {
  readonly id: NonNullable<Peer['closedList']>
  readonly name: string
}

/** Everything this package knows. Frozen. */
export interface Guideline {
  /** Sorted by key. */
  readonly rules: readonly Rule[]
  /** Cedar schema of the facts. */
  readonly schema: string
  readonly sentences: Readonly<Record<Language, Sentences>>
  /** Oldest first. */
  readonly editions: readonly EditionInfo[]
  readonly laws: readonly LawInfo[]
  readonly sources: readonly Source[]
  readonly closedList: readonly ClosedListEntry[]
  /** Every row of the table of controls, also those that other questions ask about. */
  readonly controls: readonly ControlInfo[]
  /** Reports and notices after an incident, each with its days. */
  readonly clocks: readonly LegalClock[]
  /** Where the sources disagree or say nothing: O1…O10. */
  readonly openPoints: readonly OpenPoint[]
  /** Forms of the questions that people ask, in the order of `DECISIONS`. */
  readonly forms: readonly Form[]
}

let loaded: Guideline | undefined

/**
 * Reads the guideline's files, once.
 *
 * @throws SekishoError CONFIG_INVALID when a file is damaged: a boundary with half its rules must not start.
 */
export function loadGuideline(): Guideline {
  loaded ??= readGuideline()
  return loaded
}

/** The form of a question that people ask; `undefined` for any other name. */
export function formOf(question: string): Form | undefined {
  return loadGuideline().forms.find((form) => form.question === question)
}

/** What an id such as `O5` names; `undefined` for any other word. */
export function openPointOf(id: string): OpenPoint | undefined {
  return loadGuideline().openPoints.find((point) => point.id === id)
}

function readGuideline(): Guideline {
  const { editions, law } = readJson('editions.json') as { editions: EditionInfo[]; law: LawInfo[] }
  const guideline: Guideline = {
    rules: readRules(),
    schema: readSchema(),
    sentences: { ja: readLanguage('ja'), en: readLanguage('en') },
    editions,
    laws: law,
    sources: readJson('sources.json') as Source[],
    closedList: readJson('closed-list.json') as ClosedListEntry[],
    controls: readControls('controls.json', read('controls.json')),
    clocks: readClocks('clocks.json', read('clocks.json')),
    openPoints: readOpenPoints('open-points.json', read('open-points.json')),
    forms: readForms(),
  }
  requireSentences(guideline)
  return freeze(guideline)
}

/** The facts of each question that people ask stand in a file of their own, within the one namespace. */
function readSchema(): string {
  const whole = read('schema/facts.cedarschema')
  const parts = filesIn('schema/questions', '.cedarschema').map(read)
  const end = whole.lastIndexOf('}')
  return `${whole.slice(0, end)}${parts.join('\n')}}\n`
}

function readLanguage(language: Language): Sentences {
  const base = `sentences/${language}.json`
  const more = filesIn(`sentences/${language}`, '.json')
  return joinSentences(
    readSentences(base, read(base)),
    more.map((file) => readMoreSentences(file, read(file))),
  )
}

function readForms(): Form[] {
  return filesIn('questions', '.json')
    .map((file) => readForm(file, read(file)))
    .toSorted((a, b) => DECISIONS.indexOf(a.question) - DECISIONS.indexOf(b.question))
}

/** Paths of the files of one kind in a folder, sorted. */
function filesIn(folder: string, ending: string): string[] {
  return readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}

function readRules(): Rule[] {
  const rules = readdirSync(new URL('../rules/', import.meta.url))
    .filter((name) => name.endsWith('.cedar'))
    .flatMap((name) => splitPolicies(name, read(`rules/${name}`)).map((p) => readRule(name, p)))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const twice = rules.find((rule, index) => rules[index + 1]?.key === rule.key)
  if (twice) throw new SekishoError('CONFIG_INVALID', `rule ${twice.key} is written twice`)
  return rules
}

function requireSentences({ rules, sentences }: Guideline): void {
  for (const { key } of rules)
    for (const language of ['ja', 'en'] as const)
      if (!sentences[language].rules.has(key))
        throw new SekishoError('CONFIG_INVALID', `rule ${key} has no sentences in ${language}`)
}

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

function readJson(path: string): unknown {
  return JSON.parse(read(path))
}

/** Freezes plain data all the way down. The maps of sentences are only typed as read-only. */
function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
