/**
 * What lies on the desk of somebody who hands over files: the chosen ones, the purpose, and those on their way. It
 * outlives the page, so that looking at another one neither stops nor forgets anything.
 */
import type { Me, Problem, Transfer } from '@sekisho/server/api'
import { RENEWED } from '../line/renewed.ts'
import { openTransferQueue } from '../line/transfer-queue.ts'
import type { Line, TransferQueue } from '../line/transfer-queue.ts'
import { forget, markOf, recall, remember, sameFile } from '../line/unfinished.ts'
import type { Mark } from '../line/unfinished.ts'
import { sizeText } from '../ui/size.ts'
import { localProblem } from '../words/problem.ts'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'

export interface Draft {
  readonly key: string
  readonly file: File
  readonly mark: Mark
  /** Present when it cannot be handed over: empty, too large. */
  readonly problem?: Problem
}

/** What became of files just chosen. */
export interface Chosen {
  readonly added: number
  /** Names that were on the desk already. */
  readonly same: readonly string[]
  /** Names that continue from an earlier visit. */
  readonly resumed: readonly string[]
}

export interface SendDesk {
  readonly queue: TransferQueue
  readonly subscribe: (onChange: () => void) => () => void
  readonly drafts: () => readonly Draft[]
  readonly choose: (files: readonly File[], known: readonly Transfer[]) => Promise<Chosen>
  readonly remove: (key: string) => void
  /** Hands over every draft without a problem, each under its own key: pressing twice does nothing more. */
  readonly hand: (purpose: string) => number
}

export function openSendDesk(person: string, limits: Me['limits'], line: Line): SendDesk {
  const queue = openTransferQueue(line, limits.chunkBytes)
  const marks = new Map<string, Mark>()
  const listeners = new Set<() => void>()
  let drafts: readonly Draft[] = []
  const set = (next: readonly Draft[]): void => {
    drafts = next
    for (const listener of listeners) listener()
  }
  keepMarks(person, queue, marks)
  if (typeof window !== 'undefined')
    for (const event of ['online', RENEWED]) window.addEventListener(event, queue.wake)

  const chooseOne = async (file: File, known: readonly Transfer[]): Promise<keyof Chosen> => {
    const mark = await markOf(file)
    if (isHere(mark, drafts, queue, marks)) return 'same'
    const past = recall(person, mark)
    const going = known.find((it) => it.id === past?.id && it.state === 'receiving')
    if (past !== undefined && going !== undefined) {
      marks.set(past.key, mark)
      queue.add([{ key: past.key, file, purpose: going.purpose }])
      return 'resumed'
    }
    const problem = problemOfFile(file, limits.maxBytes)
    set([...drafts, { key: newKey(), file, mark, ...(problem !== undefined && { problem }) }])
    return 'added'
  }

  return {
    queue,
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    drafts: () => drafts,
    choose: async (files, known) => {
      const outcome = { added: 0, same: [] as string[], resumed: [] as string[] }
      for (const file of files) {
        const kind = await chooseOne(file, known)
        if (kind === 'added') outcome.added += 1
        else outcome[kind].push(file.name)
      }
      return outcome
    },
    remove: (key) => set(drafts.filter((draft) => draft.key !== key)),
    hand: (purpose) => {
      const ready = drafts.filter((draft) => draft.problem === undefined)
      for (const draft of ready) marks.set(draft.key, draft.mark)
      queue.add(ready.map(({ key, file }) => ({ key, file, purpose })))
      set(drafts.filter((draft) => draft.problem !== undefined))
      return ready.length
    },
  }
}

/** Keeps in the browser what could be continued after a reload, and nothing longer than that. */
function keepMarks(person: string, queue: TransferQueue, marks: Map<string, Mark>): void {
  const kept = new Set<string>()
  queue.subscribe(() => {
    for (const { key, phase, transfer } of queue.list()) {
      const mark = marks.get(key)
      const going = phase !== 'sent' && phase !== 'stopped'
      if (going && transfer !== undefined && mark !== undefined && !kept.has(key)) {
        kept.add(key)
        remember(person, { ...mark, key, id: transfer.id })
      }
      if (!going && kept.delete(key)) forget(person, key)
    }
  })
}

function isHere(
  mark: Mark,
  drafts: readonly Draft[],
  queue: TransferQueue,
  marks: ReadonlyMap<string, Mark>,
): boolean {
  const going = queue.list().filter((it) => it.phase !== 'sent' && it.phase !== 'stopped')
  const others = [...drafts.map((draft) => draft.mark), ...going.map((it) => marks.get(it.key))]
  return others.some((other) => other !== undefined && sameFile(other, mark))
}

function problemOfFile(file: File, most: number): Problem | undefined {
  const what = say('send.notSent', { name: safeName(file.name) })
  if (file.size === 0) return localProblem('FILE-EMPTY', what)
  if (file.size > most)
    return localProblem('FILE-TOO-LARGE', what, { size: sizeText(file.size), most: sizeText(most) })
  return undefined
}

/** 128 random bits. Not `randomUUID`, which exists only on secure addresses. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
