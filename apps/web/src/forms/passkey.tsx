import { useState } from 'react'
import { addPasskey } from '../line/account.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

/** Names and registers a passkey of this device. */
export function PasskeyForm({ onAdded }: { readonly onAdded: () => void }) {
  const [name, setName] = useState('')
  const [error, setError] = useState<WordKey>()
  const submit = async (): Promise<void> => {
    if (name.trim() === '') return setError('settings.passkeyNameMissing')
    const outcome = await addPasskey(name.trim())
    if (outcome !== 'added')
      return setError(outcome === 'stale' ? 'settings.stale' : 'settings.notAdded')
    setError(undefined)
    setName('')
    onAdded()
  }
  return (
    <Form
      label={say('settings.add')}
      onSubmit={() => void submit()}
      className="flex max-w-md flex-col items-start gap-3"
    >
      <TextField
        label={say('settings.passkeyName')}
        help={say('settings.passkeyNameHelp')}
        name="passkey"
        maxLength={60}
        value={name}
        onChange={setName}
        error={error === undefined ? undefined : say(error)}
      />
      <Button type="submit" kind="second">
        {say('settings.add')}
      </Button>
    </Form>
  )
}
