import type { DisarmOffer } from '@sekisho/core'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { say } from '../words/say.ts'
import { PasswordForm } from './password.tsx'

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
  if (props.offers.includes('password'))
    return (
      <PasswordForm
        label={say('again.passwordOne', { number: props.number, name: props.name })}
        hand={say('again.passwordHand')}
        blocked={given.blocked}
        onPassword={(password) => once({ password })}
      />
    )
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
