import { useEffect, useRef } from 'react'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { standingLook } from './transfer-view.ts'
import type { Standing, TransferView } from './transfer-view.ts'

/** Often enough to know it moves, seldom enough to let somebody read something else. */
const EVERY_MS = 5000

/** Tells a screen reader about files on their way: the start, every five seconds the share, the end. */
export function useSendNews(views: readonly TransferView[], tell: (news: string) => void): void {
  const latest = useRef(views)
  const before = useRef<ReadonlyMap<string, Standing>>(new Map())
  const going = views.filter(isSending).length
  useEffect(() => {
    latest.current = views
    const changed = stateNews(before.current, views)
    if (changed !== '') tell(changed)
    before.current = new Map(views.map((it) => [it.fileName + it.number, it.standing]))
  }, [views, tell])
  const active = going > 0
  useEffect(() => {
    if (!active) return
    tell(say('send.announceStart', { count: latest.current.filter(isSending).length }))
    const timer = setInterval(() => tell(shareNews(latest.current)), EVERY_MS)
    return () => {
      clearInterval(timer)
      tell(say('send.announceEnd'))
    }
  }, [active, tell])
}

function isSending(it: TransferView): boolean {
  return (
    it.carried !== undefined && ['waiting', 'receiving', 'cut', 'signedOut'].includes(it.standing)
  )
}

function shareNews(views: readonly TransferView[]): string {
  const sending = views.filter(isSending)
  if (sending.some((it) => it.standing === 'cut')) return say('send.cut')
  const total = sending.reduce((sum, it) => sum + it.size, 0)
  const sent = sending.reduce((sum, it) => sum + (it.size * it.percent) / 100, 0)
  const percent = total === 0 ? 0 : Math.floor((sent / total) * 100)
  return say('send.announceGoing', { percent })
}

/** A sentence when a file has come to a state that somebody waits for. */
function stateNews(before: ReadonlyMap<string, Standing>, views: readonly TransferView[]): string {
  const worth: readonly Standing[] = ['held', 'delivered', 'refused', 'returned']
  const changed = views.find((it) => {
    const old = before.get(it.fileName + it.number)
    return old !== undefined && old !== it.standing && worth.includes(it.standing)
  })
  if (changed === undefined) return ''
  const state = standingLook(changed.standing).word
  const why = changed.problem?.what ?? ''
  return say('send.announceState', { name: safeName(changed.fileName), state, why })
}
