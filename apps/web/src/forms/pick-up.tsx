import type { MailPickUp } from '@sekisho/server/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { PasswordForm } from './password.tsx'

/** One click, or a password and one click: the file then comes by the file gate. */
export function PickUpForm(props: {
  readonly file: Pick<MailPickUp, 'name' | 'will'>
  /** Somebody got it before; it may be asked for again. */
  readonly again: boolean
  /** Why it need not be asked for now. */
  readonly blocked: string | undefined
  /** Settles when the server has answered, or the line has not. */
  readonly onTake: (password?: string) => Promise<void>
}) {
  const [sending, setSending] = useState(false)
  const once = async (password?: string): Promise<void> => {
    setSending(true)
    await props.onTake(password)
    setSending(false)
  }
  const name = safeName(props.file.name)
  const blocked = sending ? say('mail.taking') : props.blocked
  if (props.file.will === 'password')
    return (
      <PasswordForm
        label={say('mail.passwordOne', { name })}
        hand={say('mail.passwordHand')}
        blocked={blocked}
        onPassword={once}
      />
    )
  return (
    <Button
      kind={props.again ? 'second' : 'main'}
      label={say('mail.takeOne', { name })}
      blocked={blocked}
      onPress={() => void once()}
    >
      {say(props.again ? 'mail.takeAgain' : 'mail.take')}
    </Button>
  )
}
