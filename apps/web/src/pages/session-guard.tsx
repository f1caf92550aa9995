import type { Me } from '@sekisho/server/api'
import { useEffect, useState } from 'react'
import { SignInForm } from '../forms/sign-in.tsx'
import { touchSession } from '../line/account.ts'
import { SIGNED_OUT } from '../line/call.ts'
import { RENEWED } from '../line/renewed.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { say } from '../words/say.ts'

/** Warned this long before the session ends (WCAG 2.2.1 asks for at least 20 seconds). */
const WARN_MS = 120_000

/**
 * Warns before the session ends and lets people sign in again on top of the page, so that nothing they entered and no
 * file they chose is lost.
 */
export function SessionGuard({
  me,
  onRenew,
}: {
  readonly me: Me
  readonly onRenew: () => Promise<void>
}) {
  const left = useTimeLeft(me.sessionEnds)
  const [out, setOut] = useState(false)
  const [asked, setAsked] = useState(false)
  const [later, setLater] = useState('')
  useEffect(() => {
    const signedOut = (): void => setOut(true)
    window.addEventListener(SIGNED_OUT, signedOut)
    return () => window.removeEventListener(SIGNED_OUT, signedOut)
  }, [])

  // Somebody may have signed in anew in another window: then there is nothing to warn of.
  const warning = left <= WARN_MS
  useEffect(() => {
    if (warning) void onRenew()
  }, [warning, onRenew])

  const renewed = async (): Promise<void> => {
    setOut(false)
    setAsked(false)
    await onRenew()
    window.dispatchEvent(new Event(RENEWED))
  }
  const stay = async (): Promise<void> => {
    await touchSession()
    await onRenew()
    setAsked(true)
  }
  if (out || left <= 0)
    return (
      <Dialog title={say('session.endedTitle')} onClose={() => undefined} closable={false}>
        <p className="mb-4">{say('session.ended')}</p>
        <SignInForm onSignedIn={() => void renewed()} />
      </Dialog>
    )
  if (!warning || later === me.sessionEnds) return null
  return (
    <Dialog
      title={asked ? say('session.renewTitle') : say('session.endingTitle')}
      onClose={() => setLater(me.sessionEnds)}
    >
      <Announcer>{say('session.endingRead')}</Announcer>
      <p className="mb-4">{say('session.ending', { time: timeWords(left) })}</p>
      {asked ? (
        <SignInForm onSignedIn={() => void renewed()} />
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button onPress={() => void stay()}>{say('session.continue')}</Button>
          <Button kind="second" onPress={() => setLater(me.sessionEnds)}>
            {say('frame.close')}
          </Button>
        </div>
      )}
    </Dialog>
  )
}

function useTimeLeft(ends: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const end = Date.parse(ends)
  return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end - now
}

function timeWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return say('session.time', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
}
