import type { NewTransfer, Transfer } from '@sekisho/server/api'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from './call.ts'
import { BACKOFF_MS, openTransferQueue } from './transfer-queue.ts'
import type { Line, TransferQueue } from './transfer-queue.ts'

type Trouble = 'none' | 'cut-before' | 'cut-after' | 'half' | 'tired' | 'signed-out'

/** A low side in memory, honest about offsets, on a line that does what `troubles` says, one request after another. */
function pretendSide(troubles: readonly Trouble[] = []) {
  const kept = new Map<string, { transfer: Transfer; bytes: number[] }>()
  const pauses: number[] = []
  let requests = 0
  const next = (): Trouble => troubles[requests++] ?? 'none'
  const trouble = (kind: Trouble): Outcome<Transfer> | undefined => {
    if (kind === 'cut-before') return fail(0)
    if (kind === 'tired') return fail(503)
    return kind === 'signed-out' ? fail(401) : undefined
  }
  const line: Line = {
    create: async ({ idempotencyKey, fileName, size, purpose }: NewTransfer) => {
      const kind = next()
      const failed = trouble(kind)
      if (failed !== undefined) return failed
      const known = kept.get(idempotencyKey)
      const transfer = known?.transfer ?? fresh(idempotencyKey, fileName, size, purpose)
      if (known === undefined) kept.set(idempotencyKey, { transfer, bytes: [] })
      return kind === 'cut-after' || kind === 'half' ? fail(0) : { ok: true, value: transfer }
    },
    send: async (id, offset, sent, onSent) => {
      const kind = next()
      const failed = trouble(kind)
      if (failed !== undefined) return failed
      const one = kept.get(id)
      if (one === undefined) return fail(404)
      if (offset !== one.bytes.length)
        return { ok: false, status: 409, problem: undefined, offset: one.bytes.length }
      const all = [...new Uint8Array(sent)]
      one.bytes.push(...(kind === 'half' ? all.slice(0, Math.ceil(all.length / 2)) : all))
      onSent(all.length)
      one.transfer = advanced(one.transfer, one.bytes.length)
      return kind === 'cut-after' || kind === 'half' ? fail(0) : { ok: true, value: one.transfer }
    },
    cancel: async (id) => {
      const one = kept.get(id)
      if (one === undefined) return fail(404)
      one.transfer = { ...one.transfer, state: 'cancelled' }
      return { ok: true, value: one.transfer }
    },
    pause: async (ms) => {
      pauses.push(ms)
    },
  }
  return { line, kept, pauses, requests: () => requests }
}

function fail(status: number): Outcome<Transfer> {
  return { ok: false, status, problem: undefined }
}

function fresh(id: string, fileName: string, size: number, purpose: string): Transfer {
  return {
    id,
    number: 'S-1',
    fileName,
    size,
    offset: 0,
    purpose,
    state: 'receiving',
    step: 'receive',
    createdAt: '2026-11-22T14:03:00+09:00',
    removed: [],
    offers: [],
    outcome: 'rebuild',
    waitingForOtherSide: false,
  }
}

function advanced(transfer: Transfer, offset: number): Transfer {
  return offset < transfer.size
    ? { ...transfer, offset }
    : { ...transfer, offset, state: 'received', step: 'ask' }
}

function fileOf(content: readonly number[], name = '葛󠄂城.xlsm'): File {
  return new File([Uint8Array.from(content)], name)
}

async function settled(queue: TransferQueue): Promise<void> {
  const done = (): boolean =>
    queue.list().every((one) => ['sent', 'stopped', 'signed-out'].includes(one.phase))
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (done()) resolve()
    }
    queue.subscribe(look)
    look()
  })
}

const CONTENT = Array.from({ length: 100 }, (_, index) => index)
const TROUBLES: readonly Trouble[] = ['none', 'cut-before', 'cut-after', 'half', 'tired']

describe('a file on its way', () => {
  it('arrives whole, once, whatever the line does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...TROUBLES), { maxLength: 30 }),
        fc.array(fc.nat(255), { minLength: 1, maxLength: 64 }),
        fc.integer({ min: 1, max: 20 }),
        async (troubles, content, chunk) => {
          const side = pretendSide(troubles)
          const queue = openTransferQueue(side.line, chunk)
          queue.add([{ key: 'k', file: fileOf(content), purpose: 'p' }])
          await settled(queue)
          expect([...side.kept.values()].map((one) => one.bytes)).toEqual([content])
          expect(queue.list()[0]?.phase).toBe('sent')
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is not doubled by a double click', async () => {
    const side = pretendSide()
    const queue = openTransferQueue(side.line, 10)
    const order = { key: 'k', file: fileOf(CONTENT), purpose: 'p' }
    queue.add([order, order])
    queue.add([order])
    await settled(queue)
    queue.add([order])
    await settled(queue)
    expect(side.kept.size).toBe(1)
    expect(queue.list()).toHaveLength(1)
  })

  it('waits longer after each cut, and starts over once bytes flow again', async () => {
    const side = pretendSide([
      'cut-before',
      'cut-before',
      'cut-before',
      'none',
      'none',
      'cut-before',
    ])
    const queue = openTransferQueue(side.line, 10)
    queue.add([{ key: 'k', file: fileOf(CONTENT), purpose: 'p' }])
    await settled(queue)
    expect(side.pauses).toEqual([BACKOFF_MS[0], BACKOFF_MS[1], BACKOFF_MS[2], BACKOFF_MS[0]])
  })

  it('stops for a new sign-in and then continues from the same byte', async () => {
    const side = pretendSide(['none', 'none', 'signed-out'])
    const queue = openTransferQueue(side.line, 40)
    queue.add([{ key: 'k', file: fileOf(CONTENT), purpose: 'p' }])
    await settled(queue)
    expect(queue.list()[0]).toMatchObject({ phase: 'signed-out', sent: 40 })
    queue.wake()
    await settled(queue)
    expect(side.kept.get('k')?.bytes).toEqual(CONTENT)
  })

  it('does not go on after it was cancelled, and takes what it sent back', async () => {
    const side = pretendSide()
    const queue = openTransferQueue(side.line, 1)
    const cancelled = new Promise<void>((resolve) => {
      const off = queue.subscribe(() => {
        if ((queue.list()[0]?.sent ?? 0) < 5) return
        off()
        void queue.cancel('k').then(() => resolve())
      })
    })
    queue.add([{ key: 'k', file: fileOf(CONTENT), purpose: 'p' }])
    await cancelled
    const sent = side.kept.get('k')?.bytes.length ?? 0
    await new Promise((resolve) => setImmediate(resolve))
    expect(side.kept.get('k')?.transfer.state).toBe('cancelled')
    expect(side.kept.get('k')?.bytes.length).toBeLessThanOrEqual(sent + 1)
    expect(sent).toBeLessThan(CONTENT.length)
    expect(queue.list()[0]?.transfer?.state).toBe('cancelled')
  })

  it('tells the person when the chosen file was changed or taken away', async () => {
    const side = pretendSide()
    const queue = openTransferQueue(side.line, 10)
    const file = fileOf(CONTENT)
    Object.defineProperty(file, 'slice', {
      value: () => ({
        arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')),
      }),
    })
    queue.add([{ key: 'k', file, purpose: 'p' }])
    await settled(queue)
    expect(queue.list()[0]).toMatchObject({ phase: 'stopped', problem: { reason: 'FILE-CHANGED' } })
  })

  it('shows the refusal of the server as it came, and does not try again', async () => {
    const problem = {
      reason: 'FILE-TOO-LARGE',
      what: 'a',
      why: 'b',
      cure: 'c',
      number: 'S-1',
      at: '2026-11-22T14:03:00+09:00',
    }
    const side = pretendSide()
    const line = {
      ...side.line,
      create: async () => ({ ok: false, status: 413, problem }) as const,
    }
    const queue = openTransferQueue(line, 10)
    queue.add([{ key: 'k', file: fileOf(CONTENT), purpose: 'p' }])
    await settled(queue)
    expect(queue.list()[0]).toMatchObject({ phase: 'stopped', problem })
    expect(side.pauses).toEqual([])
  })

  it('shares the line with one other at a time, and every one of many arrives', async () => {
    const side = pretendSide()
    let open = 0
    let most = 0
    const send: Line['send'] = async (...given) => {
      open += 1
      most = Math.max(most, open)
      await new Promise((resolve) => setImmediate(resolve))
      const sent = await side.line.send(...given)
      open -= 1
      return sent
    }
    const queue = openTransferQueue({ ...side.line, send }, 50)
    queue.add(
      Array.from({ length: 7 }, (_, n) => ({ key: `k${n}`, file: fileOf(CONTENT), purpose: 'p' })),
    )
    await settled(queue)
    expect(most).toBe(2)
    expect([...side.kept.values()].every((one) => one.bytes.length === CONTENT.length)).toBe(true)
  })
})
