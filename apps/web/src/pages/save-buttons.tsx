import { useState } from 'react'
import type { Outcome } from '../line/call.ts'
import { save } from '../line/save.ts'
import { Button } from '../ui/button.tsx'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

type Kind = 'excel' | 'pdf'

/** What is on the screen, to take along: as a workbook, as a document, on paper. Only what the server can make is offered. */
export function SaveButtons(props: {
  readonly query: string
  readonly paths: Readonly<Partial<Record<Kind, string>>>
}) {
  const [making, setMaking] = useState<Kind>()
  const [done, setDone] = useState(false)
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  const make = async (kind: Kind, path: string): Promise<void> => {
    setMaking(kind)
    setDone(false)
    setFailure(undefined)
    const result = await save(`${path}?${props.query}`)
    setMaking(undefined)
    setDone(result.ok)
    if (!result.ok && result.status !== 401) setFailure(result)
  }
  return (
    <div className="screen-only my-4">
      <div className="flex flex-wrap items-center gap-3">
        {(['excel', 'pdf'] as const).map((kind) => {
          const path = props.paths[kind]
          return path === undefined ? null : (
            <Button
              key={kind}
              kind="second"
              blocked={making === kind ? say('save.making') : undefined}
              onPress={() => void make(kind, path)}
            >
              {say(`save.${kind}`)}
            </Button>
          )
        })}
        <Button kind="second" onPress={() => print()}>
          {say('save.print')}
        </Button>
        <output>{done ? say('save.done') : ''}</output>
      </div>
      {failure !== undefined && <Trouble failure={failure} what={say('save.failed')} />}
    </div>
  )
}
