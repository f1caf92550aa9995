import type { Explained } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { explainPath, go, usePlace } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'
import { ExplainedView } from './explained-view.tsx'
import { followInside } from './frame.tsx'
import { OpenPointsPart } from './open-points.tsx'
import { Waiting } from './waiting.tsx'

/** Longest thing that is looked up; the server bounds it too. */
const ASKED_MAX = 100

/** 理由・条項を調べる: what an id, a clause, a word or a class means; without one, the open points. */
export function ExplainPage() {
  const asked = usePlace().query.get('asked') ?? ''
  return (
    <>
      <p>{say('explain.lead')}</p>
      <Ask key={`ask ${asked}`} asked={asked} />
      {asked === '' ? <OpenPointsPart /> : <Answer asked={asked} />}
    </>
  )
}

function Ask(props: { readonly asked: string }) {
  const [asked, setAsked] = useState(props.asked)
  const [missing, setMissing] = useState(false)
  const see = (): void => {
    setMissing(asked.trim() === '')
    if (asked.trim() !== '') go(explainPath(asked.trim()))
  }
  return (
    <Form className="screen-only my-4 flex flex-wrap items-end gap-4" onSubmit={see}>
      <div className="w-full max-w-md">
        <TextField
          label={say('explain.asked')}
          name="asked"
          help={say('explain.askedHelp')}
          error={missing ? say('explain.askedMissing') : undefined}
          value={asked}
          maxLength={ASKED_MAX}
          onChange={setAsked}
        />
      </div>
      <Button type="submit">{say('explain.see')}</Button>
    </Form>
  )
}

function Answer({ asked }: { readonly asked: string }) {
  const query = new URLSearchParams({ asked }).toString()
  const loaded = useLoad<Explained>(`/api/explain?${query}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <>
      <div aria-live="polite">
        <ExplainedView asked={asked} found={value} />
      </div>
      <p className="screen-only mt-6 flex flex-wrap items-center gap-4">
        <Button kind="second" onPress={() => print()}>
          {say('save.print')}
        </Button>
        <a
          href="/explain"
          className="text-key-900 underline underline-offset-4"
          onClick={(event) => followInside(event, '/explain')}
        >
          {say('explain.toPoints')}
        </a>
      </p>
    </>
  )
}
