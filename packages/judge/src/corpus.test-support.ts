/**
 * The golden cases in corpus/judge: files an official can read and add to.
 */
import { readFileSync, readdirSync } from 'node:fs'
import type { Question, Result } from '@sekisho/core'
import type { Facts } from './oracle.test-support.ts'

/** One case of one file. */
export interface GoldenCase {
  readonly file: string
  readonly title: string
  readonly question: Question['question']
  readonly facts: Facts
  readonly expect: { readonly result: Result; readonly rules: readonly string[] }
}

/** Every combination of the axes; exactly those matching an entry of `passes` pass. */
export interface Matrix {
  readonly title: string
  readonly question: Question['question']
  readonly facts: Facts
  readonly axes: Readonly<Record<string, readonly string[]>>
  readonly passes: readonly Facts[]
}

const CORPUS = new URL('../../../corpus/judge/', import.meta.url)

/** A file whose cases differ from common facts in a few. */
interface SharedCases {
  readonly question: Question['question']
  readonly facts: Facts
  readonly cases: readonly (Pick<GoldenCase, 'title' | 'expect'> & { readonly with: Facts })[]
}

export function goldenCases(): readonly GoldenCase[] {
  return jsonFiles(CORPUS).flatMap((file) => {
    const content: unknown = JSON.parse(readFileSync(new URL(file, CORPUS), 'utf8'))
    return spelledOut(content as Omit<GoldenCase, 'file'>[] | SharedCases).map((golden) => ({
      ...golden,
      file,
    }))
  })
}

function spelledOut(
  content: Omit<GoldenCase, 'file'>[] | SharedCases,
): readonly Omit<GoldenCase, 'file'>[] {
  if (Array.isArray(content)) return content
  const { question, facts, cases } = content
  return cases.map(({ title, with: changed, expect }) => ({
    title,
    question,
    facts: { ...facts, ...changed },
    expect,
  }))
}

export function matrices(): readonly Matrix[] {
  const folder = new URL('matrix/', CORPUS)
  return jsonFiles(folder).map(
    (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Matrix,
  )
}

/** All combinations of a matrix. */
export function combinations({ facts, axes }: Matrix): readonly Facts[] {
  return Object.entries(axes).reduce<readonly Facts[]>(
    (all, [fact, values]) =>
      all.flatMap((one) => values.map((value) => ({ ...one, [fact]: value }))),
    [facts],
  )
}

/** The facts as a question. What a file says is only checked by the judge itself. */
export function asQuestion(question: string, facts: unknown): Question {
  return { question, facts } as unknown as Question
}

function jsonFiles(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
}
