import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CheckBox, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

/** Office takes no longer one. */
const MOST_LETTERS = 255

/** Asks for the password of a file. It stays in the field until this form goes, so that a cut line costs no typing. The receiving side keeps it sealed, and only until the file was opened. */
export function PasswordForm(props: {
  readonly label: string
  /** Word on the button. */
  readonly hand: string
  readonly blocked: string | undefined
  readonly onPassword: (password: string) => Promise<void>
}) {
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const [shown, show] = useState(false)
  const submit = async (): Promise<void> => {
    if (props.blocked !== undefined) return
    setMissing(password === '')
    if (password !== '') await props.onPassword(password)
  }
  return (
    <Form
      label={props.label}
      onSubmit={() => void submit()}
      className="mt-1 flex max-w-lg flex-col items-start gap-2"
    >
      <div className="w-full">
        <TextField
          label={say('again.password')}
          help={say('again.passwordHelp')}
          name="file-password"
          type={shown ? 'text' : 'password'}
          maxLength={MOST_LETTERS}
          value={password}
          onChange={(text) => {
            setPassword(text)
            setMissing(false)
          }}
          error={missing ? say('again.passwordMissing') : undefined}
        />
      </div>
      <CheckBox label={say('again.passwordShow')} checked={shown} onChange={show} />
      <Button type="submit" kind="second" blocked={props.blocked}>
        {props.hand}
      </Button>
    </Form>
  )
}
