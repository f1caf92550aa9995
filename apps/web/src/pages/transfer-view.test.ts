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

  it('stands a file that waits for a person at 承認待ち', () => {
    const [view] = joinTransfers([], [{ ...transfer, offset: 100, state: 'held', step: 'hold' }])
    expect(view && stationOf(view)).toBe(3)
  })
})
