import { Context } from '@sekisho/disarm/mail'
import type { Progress } from '@sekisho/passage'
import { describe, expect, it } from 'vitest'
import {
  bytesOfCase,
  examineCase,
  judge,
  outCases,
  outRoute,
  rewriteCase,
} from './case.test-support.ts'
import type { OutCase } from './case.test-support.ts'
import type { Outgoing } from './examine.ts'
import { rawOf } from './examine.ts'
import { insideGate, outwardGate } from './gate.ts'
import { readLetter } from './letter.ts'
import type { Rewritten } from './rewrite.ts'
import { verifyOutgoing } from './verify.ts'

describe('every case of corpus/mail-out is answered as its file says', () => {
  for (const [name, one] of outCases())
    it(`${name}: ${one.title}`, async () => {
      const outgoing = examineCase(one)
      const { expect: wanted } = one
      expect(outgoing.ok ? '' : outgoing.reason).toBe(wanted.reason ?? '')
      if (!outgoing.ok) return
      expect(seen(outgoing, wanted)).toEqual(wantedOf(wanted))
      if (outgoing.recipients.internet.length === 0) return
      const bytes = bytesOfCase(one)
      const files = readLetter(rawOf(bytes), new Context()).files
      const rewritten = rewriteCase(bytes, outgoing, files)
      await expectClean(rewritten, outgoing, wanted)
      expectAnswer(one, outgoing, rewritten)
    })
})

const FACTS = ['internet', 'lgwan', 'own', 'label', 'level', 'found', 'rows', 'myNumbers'] as const

function wantedOf(wanted: OutCase['expect']): object {
  return Object.fromEntries(FACTS.flatMap((key) => (key in wanted ? [[key, wanted[key]]] : [])))
}

/** As much of the reading as the case speaks of. */
function seen({ recipients, label, personal }: Outgoing, wanted: OutCase['expect']): object {
  const all = {
    ...recipients,
    label: label.state,
    level: label.level,
    found: label.found.map(({ place, label: text }) => `${place} ${text}`),
    rows: personal.rows,
    myNumbers: personal.myNumbers,
  }
  return Object.fromEntries(FACTS.flatMap((key) => (key in wanted ? [[key, all[key]]] : [])))
}

async function expectClean(
  rewritten: Rewritten,
  outgoing: Outgoing,
  wanted: OutCase['expect'],
): Promise<void> {
  if (!rewritten.ok) return
  const text = Buffer.from(rewritten.bytes).toString('latin1')
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  const fields = [...head.matchAll(/^([A-Za-z-]+):/gmu)].map(([, field]) => field)
  if (wanted.fields) expect(fields).toEqual(wanted.fields)
  expect((wanted.gone ?? []).filter((piece) => text.includes(piece))).toEqual([])
  expect((wanted.stays ?? []).filter((piece) => !text.includes(piece))).toEqual([])
  const kept = new Set(rewritten.report.kept.map(({ rule }) => rule))
  if (wanted.kept) expect([...kept].toSorted()).toEqual(wanted.kept)
  const locked = outgoing.files.filter((file) => file.locked).map(({ sha256 }) => sha256)
  const verdict = await verifyOutgoing(rewritten.bytes, { locked, sender: outgoing.sender.address })
  expect(verdict).toMatchObject({ clean: true })
}

/** What the judge says once the gate has done what it can, and nobody has approved. */
function expectAnswer(one: OutCase, outgoing: Outgoing, rewritten: Rewritten): void {
  const answer = judge.ask({
    question: 'cross',
    facts: outwardGate(gateOptions(one, outgoing)).facts(progressOf(outgoing, rewritten), false),
  })
  expect(answer.result).toBe(one.expect.result)
  expect(answer.findings.map(({ rule }) => rule)).toEqual(one.expect.rules ?? [])
}

function gateOptions(one: OutCase, outgoing: Outgoing): Parameters<typeof outwardGate>[0] {
  const route = outRoute(one.town)
  return { route, fromZone: 'lgwan', toZone: 'internet', read: () => outgoing }
}

function progressOf(
  outgoing: Outgoing,
  { report }: Pick<Rewritten, 'report'> = { report: NONE },
): Progress {
  return {
    crossing: {
      id: 'c',
      number: 'M-1001',
      kind: 'mail-body',
      from: 'lgwan',
      to: 'internet',
      sender: { id: 's0001', name: '', department: '' },
      level: outgoing.label.level,
      purpose: outgoing.subject,
      fileName: outgoing.subject,
      size: 1,
      inputSha256: 'a'.repeat(64),
      receivedAt: '2026-11-26T00:00:00.000Z',
    },
    destination: '',
    state: 'received',
    step: 'ask',
    rounds: 0,
    cured: { report, sha256: 'b'.repeat(64), size: 1, outputName: 'mail.eml' },
    verified: { clean: true, type: 'eml' },
  }
}

describe('mail between governments', () => {
  it('passes whatever an internet mail would be asked, and is never stripped', () => {
    for (const [, one] of outCases()) {
      const outgoing = examineCase(one)
      if (!outgoing.ok) continue
      const { crossing, destination, state, step, rounds } = progressOf(outgoing)
      const fresh = { crossing, destination, state, step, rounds }
      const gate = insideGate(gateOptions(one, outgoing))
      expect(judge.ask({ question: 'cross', facts: gate.facts(fresh, false) }).result).toBe('pass')
      expect(gate.unchanged).toBe(true)
      expect('notBefore' in gate).toBe(false)
    }
  })
})

const NONE = { type: '', outputType: '', verdict: 'refused', removed: [], kept: [] } as const
