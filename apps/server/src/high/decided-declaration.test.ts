import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { readTown } from '@sekisho/town'
import { expect, it } from 'vitest'
import { declarationOf } from './decided-declaration.ts'

const ROOT = join(import.meta.dirname, '../../../../examples')
function townOf(file: string) {
  const read = readTown(readFileSync(join(ROOT, file), 'utf8'))
  if (!read.ok) throw new Error(file)
  return read.town
}
const GATED = townOf('kasumi-alpha-prime/target.yaml')

const decided = (more: Readonly<Record<string, string>> = {}, path = 'direct'): EvidenceEntry => ({
  v: 1,
  kind: 'decided',
  at: '2026-11-26T00:00:00Z',
  side: 'high',
  model: '',
  actor: GATED.people[0]!.id,
  detail: {
    question: 'breakout',
    result: 'pass',
    subject: 'chat.example.jp:443',
    facts: JSON.stringify({ breakoutPath: path, breakoutPattern: 'communication' }),
    ...more,
  },
})

it('a local breakout that was decided with 通過 has its text to paste, for the department that asked', () => {
  const { parts } = declarationOf(GATED, decided())
  expect(parts).toHaveLength(5)
  expect(parts.at(-1)?.text).toContain(`"departments":["${GATED.people[0]!.department}"]`)
  expect(parts.at(-1)?.text).toContain('"pattern":"communication"')
})

it('nothing is offered to paste for what was refused, asked otherwise, or goes another way', () => {
  const none = { parts: [] }
  expect(declarationOf(GATED, decided({ result: 'refuse' }))).toEqual(none)
  expect(declarationOf(GATED, decided({ result: 'hold' }))).toEqual(none)
  expect(declarationOf(GATED, decided({ question: 'use-cloud' }))).toEqual(none)
  expect(declarationOf(GATED, decided({}, 'jlis-platform'))).toEqual(none)
  expect(declarationOf(GATED, decided({ subject: 'Web会議サービス' }))).toEqual(none)
  expect(declarationOf(townOf('kasumi/town.yaml'), decided())).toEqual(none)
})
