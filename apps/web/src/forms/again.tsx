import type { AgainRequest } from '@sekisho/server/api'
import type { DisarmOffer } from '@sekisho/core'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

/** Office takes no longer one. */
const MOST_LETTERS = 255

/** What the giver of a refused file may try next with the same bytes: its password, or its pages as pictures (画像化). */
export function AgainForm(props: {
  readonly name: string
  readonly offers: readonly DisarmOffer[]
  readonly onAgain: (request: Omit<AgainRequest, 'idempotencyKey'>) => void
}) {
  const { name, offers, onAgain } = props
  if (offers.includes('password')) return <PasswordForm name={name} onAgain={onAgain} />
  if (!offers.includes('flatten')) return null
  return (
    <div className="mt-2 flex max-w-2xl flex-col items-start gap-2">
      <p>{say('again.flattenHelp')}</p>
      <Button kind="second" label={say('again.flattenOne', { name })} onPress={() => onAgain({})}>
        {say('again.flatten')}
      </Button>
    </div>
  )
}

function PasswordForm(props: {
  readonly name: string
  readonly onAgain: (request: Omit<AgainRequest, 'idempotencyKey'>) => void
}) {
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const submit = (): void => {
    setMissing(password === '')
    if (password === '') return
    // The field forgets it at once; it is sealed on the receiving side until the file was opened with it.
    setPassword('')
    props.onAgain({ password })
  }
  return (
    <Form
      label={say('again.passwordOne', { name: props.name })}
      onSubmit={submit}
      className="mt-2 flex max-w-2xl flex-col items-start gap-2"
    >
      <TextField
        label={say('again.password')}
        help={say('again.passwordHelp')}
        name="file-password"
        type="password"
        maxLength={MOST_LETTERS}
        value={password}
        onChange={(text) => {
          setPassword(text)
          setMissing(false)
        }}
        error={missing ? say('again.passwordMissing') : undefined}
      />
      <Button type="submit" kind="second">
        {say('again.passwordHand')}
      </Button>
    </Form>
  )
}
