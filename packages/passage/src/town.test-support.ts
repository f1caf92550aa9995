/**
 * A small world for the passage: everything in memory, and every call to it can be made to fail.
 */
import { createHash } from 'node:crypto'
import { SekishoError } from '@sekisho/core'
import type {
  Answer,
  CrossingFacts,
  EvidenceEntry,
  Finding,
  GateCure,
  Question,
} from '@sekisho/core'
import { createPassage } from './passage.ts'
import type { Passage } from './passage.ts'
import type { Gate, Ports } from './ports.ts'
import type { Cured, Progress } from './progress.ts'

export const OUTPUT = new TextEncoder().encode('harmless')
export const OUTPUT_SHA256 = createHash('sha256').update(OUTPUT).digest('hex')
export const DESTINATION = 'LGWAN接続系／総務課 髙橋（s0001）'

export function newProgress(id = 'crossing-1'): Progress {
  return {
    crossing: {
      id,
      number: 'S-1042',
      kind: 'file',
      from: 'internet',
      to: 'lgwan',
      sender: { id: 's0001', name: '髙橋', department: '総務課' },
      level: '1',
      purpose: '見積もりの確認',
      fileName: '葛󠄂城.xlsm',
      size: 10,
      inputSha256: 'a'.repeat(64),
      receivedAt: '2026-11-22T05:00:00.000Z',
    },
    destination: DESTINATION,
    state: 'received',
    step: 'receive',
    rounds: 0,
  }
}

export const APPROVER = { account: 'account-2', person: 's0002', name: '𠮷田' }
export const APPROVE = {
  decision: 'approve',
  sha256: OUTPUT_SHA256,
  destination: DESTINATION,
  purpose: '見積もりの確認',
  comment: '',
} as const

function finding(rule: string, effect: 'refuse' | 'hold', gate?: GateCure): Finding {
  return {
    rule,
    clause: 'test',
    edition: 'R8.3',
    verified: false,
    severity: 'required',
    effect,
    message: rule,
    cure: { sentence: rule, who: gate ? 'gate' : 'sender', ...(gate ? { gate } : {}) },
  }
}

function crossingFacts(question: Question): CrossingFacts {
  if (question.question !== 'cross') throw new Error('the passage asks only whether it may cross')
  return question.facts
}

/** The shape of X3, written out once more by hand so that the passage is tested without the real rules. */
export function smallJudge(facts: CrossingFacts): Answer {
  const findings: Finding[] = []
  if (facts.disarm === 'none') findings.push(finding('X3-DISARM', 'refuse', 'disarm'))
  if (facts.disarm === 'refused') findings.push(finding('X3-REFUSED', 'refuse'))
  if (!facts.hasPurpose) findings.push(finding('X3-PURPOSE', 'refuse'))
  if (!facts.verified) findings.push(finding('X3-VERIFY', 'refuse', 'verify'))
  const ask = facts.approvalPolicy === 'always' || facts.activeRemoved > 0
  if (ask && !facts.approved) findings.push(finding('X3-APPROVAL', 'hold'))
  const refuse = findings.some((one) => one.effect === 'refuse')
  return {
    result: refuse ? 'refuse' : findings.length > 0 ? 'hold' : 'pass',
    basis: findings.length > 0 ? 'forbidden' : 'permitted',
    findings,
    determining: findings.map((one) => one.rule).toSorted(),
    errors: [],
  }
}

export interface World {
  readonly passage: Passage
  readonly ports: Ports
  readonly entries: { key: string; entry: EvidenceEntry }[]
  readonly saved: Map<string, Progress>
  readonly inbox: { id: string; sha256: string; recorded: boolean }[]
  /** Kinds in the order they were recorded. */
  kinds(): string[]
  now: Date
  /** Makes the nth call from now throw, before or after its effect. */
  failAt(call: number, when: 'before' | 'after', error?: Error): void
  calls(): number
}

export function newWorld(
  options: {
    approval?: CrossingFacts['approvalPolicy']
    active?: number
    cured?: Partial<Cured>
    clean?: boolean
    cure?: Ports['cure']
    verify?: Ports['verify']
    append?: Ports['log']['append']
  } = {},
): World {
  let count = 0
  let trap: { call: number; when: 'before' | 'after'; error: Error } | undefined
  const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
    const mine = (count += 1)
    if (trap?.call === mine && trap.when === 'before') throw trap.error
    const result = await work()
    if (trap?.call === mine && trap.when === 'after') throw trap.error
    return result
  }
  const entries: World['entries'] = []
  const saved: World['saved'] = new Map()
  const inbox: World['inbox'] = []
  const gate: Gate = {
    kind: 'file',
    facts: (progress, approved) => ({
      model: 'α',
      edition: 'R8.3',
      kind: 'file',
      fromZone: 'internet',
      toZone: 'lgwan',
      level: '1',
      attachmentsRemoved: false,
      textOnly: false,
      redirectionOff: false,
      disarm: progress.cured?.report.verdict ?? 'none',
      verified: progress.verified?.clean ?? false,
      activeRemoved: options.active ?? 0,
      approvalPolicy: options.approval ?? 'active-content',
      approved,
      hasPurpose: progress.crossing.purpose !== '',
      encrypted: false,
      outwardApproval: 'external',
      label: 'known',
      myNumbers: 0,
      personalRows: 0,
      macrosKept: 0,
      macroException: false,
      mediaException: false,
    }),
  }
  const append: Ports['log']['append'] =
    options.append ??
    (async (key, entry) => {
      const at = entries.findIndex((one) => one.key === key)
      if (at < 0) entries.push({ key, entry })
      return { index: at < 0 ? entries.length - 1 : at, leaf: '' }
    })
  const world: World = {
    entries,
    saved,
    inbox,
    now: new Date('2026-11-22T05:00:00Z'),
    kinds: () => entries.map((one) => one.entry.kind),
    calls: () => count,
    failAt(call, when, error = new Error('killed')) {
      trap = { call: count + call, when, error }
    },
    ports: {
      gate,
      judge: { ask: (question) => smallJudge(crossingFacts(question)) },
      log: {
        append: (key, entry) => step(() => append(key, entry)),
        read: (index) =>
          step(() => {
            const found = entries[index]
            if (!found) throw new SekishoError('LOG_CORRUPT', 'no such entry')
            return found.entry
          }),
      },
      cure: (progress, cure) =>
        step(
          () =>
            options.cure?.(progress, cure) ?? {
              report: {
                type: 'xlsm',
                outputType: 'xlsx',
                verdict: 'removed',
                removed: [{ rule: 'OX-VBA', count: 1, where: 'xl/vbaProject.bin' }],
                kept: [],
              },
              sha256: OUTPUT_SHA256,
              size: OUTPUT.length,
              outputName: '葛󠄂城.xlsx',
              ...options.cured,
            },
        ),
      verify: (progress) =>
        step(
          () =>
            options.verify?.(progress) ??
            (options.clean === false
              ? { clean: false, type: 'xlsx', reason: 'OX-VBA', where: 'xl/vbaProject.bin' }
              : { clean: true, type: 'xlsx' }),
        ),
      store: {
        load: async (id) => saved.get(id),
        save: (progress) =>
          step(() => {
            saved.set(progress.crossing.id, structuredClone(progress))
          }),
      },
      deliver: (progress) =>
        step(() => {
          const { id } = progress.crossing
          if (inbox.some((item) => item.id === id)) return
          const recorded = entries.some(
            (one) => one.key === `${id}:outcome` && one.entry.kind === 'delivered',
          )
          inbox.push({ id, sha256: progress.cured?.sha256 ?? '', recorded })
        }),
      clock: () => world.now,
      model: 'f'.repeat(64),
    },
    get passage() {
      return createPassage(world.ports)
    },
  }
  return world
}
