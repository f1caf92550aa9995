import type { GivenTarget, RoadmapState } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { Button } from '../ui/button.tsx'
import { Field, INPUT_LOOK } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { sizeText } from '../ui/size.ts'
import { say } from '../words/say.ts'

/** As the server bounds them, bytes. It decides; here people are only saved a wait. */
const MOST_BYTES = { target: 5 * 1024 * 1024, plan: 64 * 1024 } as const

type Name = keyof typeof MOST_BYTES
type Files = Readonly<Partial<Record<Name, File>>>
type Errors = Readonly<Partial<Record<Name, string>>>

/** A target that an officer has at hand: read here, computed with there, kept nowhere. */
export function GivenTargetForm(props: {
  readonly at: string
  readonly onStarted: (state: RoadmapState) => void
  readonly onFailed: (failure: Extract<Outcome<unknown>, { ok: false }>) => void
}) {
  const [files, setFiles] = useState<Files>({})
  const [errors, setErrors] = useState<Errors>({})
  const [busy, setBusy] = useState(false)
  const start = async (): Promise<void> => {
    const { target, plan } = files
    const found = errorsOf(files)
    setErrors(found)
    if (target === undefined || Object.keys(found).length > 0) return
    setBusy(true)
    const given: GivenTarget = {
      target: await target.text(),
      ...(plan && { plan: await plan.text() }),
      ...(props.at === '' ? {} : { at: props.at }),
    }
    const result = await call<RoadmapState>('POST', '/api/roadmap/given', given)
    setBusy(false)
    if (result.ok) props.onStarted(result.value)
    else props.onFailed(result)
  }
  return (
    <Form className="grid max-w-xl gap-4" onSubmit={() => void start()}>
      <p>{say('roadmap.given.lead')}</p>
      {(['target', 'plan'] as const).map((name) => (
        <Field
          key={name}
          label={say(`roadmap.given.${name}`)}
          {...(name === 'target' && { mark: say('frame.required') })}
          error={errors[name]}
        >
          {(tie) => (
            <input
              {...tie}
              className={INPUT_LOOK}
              type="file"
              accept=".yaml,.yml"
              name={name}
              onChange={({ target: { files: chosen } }) => {
                const file = chosen?.[0]
                setFiles(({ [name]: _old, ...others }) => ({
                  ...others,
                  ...(file && { [name]: file }),
                }))
              }}
            />
          )}
        </Field>
      ))}
      <div>
        <Button type="submit" kind="second" blocked={busy ? say('roadmap.working') : undefined}>
          {say('roadmap.given.start')}
        </Button>
      </div>
    </Form>
  )
}

function errorsOf(files: Files): Errors {
  const large = (['target', 'plan'] as const).filter(
    (name) => (files[name]?.size ?? 0) > MOST_BYTES[name],
  )
  return {
    ...(files.target === undefined && { target: say('roadmap.given.missing') }),
    ...Object.fromEntries(
      large.map((name) => [name, say('roadmap.given.large', { max: sizeText(MOST_BYTES[name]) })]),
    ),
  }
}
