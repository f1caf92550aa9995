import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Outcome } from '../line/call.ts'
import { save } from '../line/save.ts'
import { Button } from '../ui/button.tsx'
import type { ButtonKind } from '../ui/button.tsx'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

/** One file that the server made, to take along. */
export function SaveFile(props: {
  readonly path: string
  readonly kind?: ButtonKind
  readonly children: ReactNode
}) {
  const [state, setState] = useState<'saving' | 'saved'>()
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  const take = async (): Promise<void> => {
    setState('saving')
    setFailure(undefined)
    const result = await save(props.path)
    setState(result.ok ? 'saved' : undefined)
    if (!result.ok && result.status !== 401) setFailure(result)
  }
  return (
    <div className="screen-only">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          kind={props.kind ?? 'second'}
          blocked={state === 'saving' ? say('save.making') : undefined}
          onPress={() => void take()}
        >
          {props.children}
        </Button>
        <output>{state === 'saved' ? say('save.done') : ''}</output>
      </div>
      {failure !== undefined && <Trouble failure={failure} what={say('save.failed')} />}
    </div>
  )
}
