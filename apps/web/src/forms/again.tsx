import type { DisarmOffer } from '@sekisho/core'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CheckBox, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

/** Office takes no longer one. */
const MOST_LETTERS = 255

/** With its password, or (without one) as pictures. */
export interface AgainWish {
  readonly password?: string
}

interface AgainProps {
  readonly number: string
  readonly name: string
  /** Settles when the server has answered, or the line has not. */
  readonly onAgain: (wish: AgainWish) => Promise<void>
}

/** What the giver of a refused file may try next with the same bytes: its password, or its pages as pictures (画像化). */
export function AgainForm(props: AgainProps & { readonly offers: readonly DisarmOffer[] }) {
  const [sending, setSending] = useState(false)
  const once = async (wish: AgainWish): Promise<void> => {
    setSending(true)
    await props.onAgain(wish)
    setSending(false)
  }
  const given = { ...props, onAgain: once, blocked: sending ? say('again.sending') : undefined }
  if (props.offers.includes('password')) return <PasswordForm {...given} />
  return props.offers.includes('flatten') ? <FlattenForm {...given} /> : null
}

type OnceProps = AgainProps & { readonly blocked: string | undefined }

function FlattenForm({ number, name, onAgain, blocked }: OnceProps) {
  return (
    <div className="flex flex-col items-start gap-2">
      <p>{say('again.flattenHelp')}</p>
      <Button
        kind="second"
        label={say('again.flattenOne', { number, name })}
        blocked={blocked}
        onPress={() => void onAgain({})}
      >
        {say('again.flatten')}
      </Button>
    </div>
  )
}

function PasswordForm({ number, name, onAgain, blocked }: OnceProps) {
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const [shown, show] = useState(false)
  const submit = async (): Promise<void> => {
    if (blocked !== undefined) return
    setMissing(password === '')
    if (password === '') return
    // It stays in the field until this form goes, so that a cut line costs no typing. The receiving side keeps it sealed, and only until the file was opened.
    await onAgain({ password })
  }
  return (
    <Form
      label={say('again.passwordOne', { number, name })}
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
      <Button type="submit" kind="second" blocked={blocked}>
        {say('again.passwordHand')}
      </Button>
    </Form>
  )
}
