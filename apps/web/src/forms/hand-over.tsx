import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

const LAST_PURPOSE = 'sekisho.purpose'
const MOST_LETTERS = 200

/** The purpose, asked once for all chosen files, and the one button. */
export function HandOverForm(props: {
  readonly count: number
  readonly onHand: (purpose: string) => void
}) {
  const [purpose, setPurpose] = useState(() => sessionStorage.getItem(LAST_PURPOSE) ?? '')
  const [missing, setMissing] = useState(false)
  const type = (text: string): void => {
    setPurpose(text)
    setMissing(false)
    sessionStorage.setItem(LAST_PURPOSE, text)
  }
  const submit = (): void => {
    if (props.count === 0) return
    if (purpose.trim() === '') setMissing(true)
    else props.onHand(purpose.trim())
  }
  return (
    <Form label={say('page.send')} onSubmit={submit} className="mt-6 flex max-w-2xl flex-col gap-3">
      <TextField
        label={say('send.purpose')}
        mark={say('frame.required')}
        help={say('send.purposeHelp')}
        name="purpose"
        maxLength={MOST_LETTERS}
        value={purpose}
        onChange={type}
        error={missing ? say('send.purposeMissing') : undefined}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" blocked={props.count === 0 ? say('send.nothing') : undefined}>
          {props.count === 0 ? say('send.handNone') : say('send.hand', { count: props.count })}
        </Button>
      </div>
    </Form>
  )
}
