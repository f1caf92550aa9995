import type { Transfer } from '@sekisho/server/api'
import { describe, expect, it } from 'vitest'
import type { Carried } from '../line/transfer-queue.ts'
import { isMoving, joinTransfers, standingLook, stationOf } from './transfer-view.ts'

const transfer: Transfer = {
  id: 't',
  number: 'S-1',
  fileName: '見積書.xlsm',
  size: 100,
  offset: 40,
  purpose: 'p',
  state: 'receiving',
  step: 'receive',
  createdAt: '2026-11-22T14:03:00+09:00',
  removed: [],
  offers: [],
  outcome: 'rebuild',
  waitingForOtherSide: false,
}
const carried: Carried = {
  key: 'k',
  file: new File([], '見積書.xlsm'),
  fileName: '見積書.xlsm',
  size: 100,
  purpose: 'p',
  phase: 'sending',
  sent: 60,
  transfer,
}

describe('the list of what was handed over', () => {
  it('shows a file once, with the bytes that have left', () => {
    const views = joinTransfers([carried], [transfer])
    expect(views).toHaveLength(1)
    expect(views[0]).toMatchObject({ number: 'S-1', percent: 60, standing: 'receiving' })
  })

  it('says “half” for one begun before a reload: it would never go on by itself', () => {
    expect(joinTransfers([], [transfer])[0]).toMatchObject({ standing: 'half', percent: 40 })
  })

  it('never turns back when an older answer comes late', () => {
    const held = { ...transfer, offset: 100, state: 'held', step: 'hold' } as const
    const views = joinTransfers([{ ...carried, phase: 'sent', transfer: held }], [transfer])
    expect(views[0]).toMatchObject({ standing: 'held' })
  })

  it('shows a cut line as waiting, not as failed', () => {
    const [view] = joinTransfers([{ ...carried, phase: 'cut' }], [transfer])
    expect(view && standingLook(view.standing)).toMatchObject({ tone: 'wait', shape: 'hold' })
    expect(view && isMoving(view)).toBe(true)
  })

  it('does not offer to cancel what has ended', () => {
    const [view] = joinTransfers(
      [],
      [{ ...transfer, offset: 100, state: 'delivered', step: 'deliver' }],
    )
    expect(view && isMoving(view)).toBe(false)
    expect(view && stationOf(view)).toBe(4)
  })

  it('knows what was tried again: the newest try counts, and one that was taken back does not', () => {
    const refused = { ...transfer, offset: 100, state: 'refused', step: 'cure' } as const
    const next = { ...refused, id: 'b', number: 'S-2', again: 'S-1' } as const
    const [, first] = joinTransfers([], [next, refused])
    expect(first).toMatchObject({ successor: 'S-2', tries: ['S-2'] })
    const [, again] = joinTransfers([], [{ ...next, state: 'cancelled' }, refused])
    expect(again?.successor).toBeUndefined()
    // The next try has a key of its own.
    expect(again?.tries).toEqual(['S-2'])
  })

  it('stands a file that waits for a person at 承認待ち', () => {
    const [view] = joinTransfers([], [{ ...transfer, offset: 100, state: 'held', step: 'hold' }])
    expect(view && stationOf(view)).toBe(3)
  })
})
