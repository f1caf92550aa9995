import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from './call.ts'
import type { Outcome } from './call.ts'

export interface Loaded<T> {
  /** The last good answer; kept while a newer one is on its way, so nothing flickers or is lost. */
  readonly value: T | undefined
  /** The last outcome when it was not good. */
  readonly failure: Extract<Outcome<T>, { ok: false }> | undefined
  readonly reload: () => Promise<void>
}

/** Reads `path`, and again every `everyMs` milliseconds while the page is visible. */
export function useLoad<T>(path: string, everyMs?: number): Loaded<T> {
  const [value, setValue] = useState<{ readonly path: string; readonly it: T }>()
  const [failure, setFailure] = useState<Extract<Outcome<T>, { ok: false }>>()
  const last = useRef(0)
  const reload = useCallback(async () => {
    last.current += 1
    const turn = last.current
    const result = await call<T>('GET', path)
    if (turn !== last.current) return
    if (result.ok) setValue({ path, it: result.value })
    setFailure(result.ok ? undefined : result)
  }, [path])
  useEffect(() => {
    // The state changes when the answer comes, not while the effect runs.
    // oxlint-disable-next-line react/set-state-in-effect
    void reload()
    return () => {
      last.current += 1
    }
  }, [reload])
  useEvery(reload, everyMs)
  return { value: value?.path === path ? value.it : undefined, failure, reload }
}

/** Does `action` every so often, and when the page is looked at again; never while it is hidden. */
export function useEvery(action: () => Promise<void>, everyMs: number | undefined): void {
  useEffect(() => {
    if (everyMs === undefined) return
    const look = (): void => {
      if (document.visibilityState === 'visible') void action()
    }
    const timer = setInterval(look, everyMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [action, everyMs])
}
