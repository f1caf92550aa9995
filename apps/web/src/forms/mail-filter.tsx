import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

/** Longest text to look for; the server takes no longer one. */
const MOST_LETTERS = 200

/** What to look for. Nothing is asked of the server before the button is pressed. */
export function MailFilter(props: {
  readonly find: string
  readonly onFind: (find: string) => void
}) {
  const [find, setFind] = useState(props.find)
  return (
    <Form
      label={say('mail.filter')}
      onSubmit={() => props.onFind(find.trim())}
      className="bg-solid-gray-50 rounded-8 mt-3 flex flex-wrap items-end gap-3 p-4 screen-only"
    >
      <div className="min-w-0 max-w-lg grow">
        <TextField
          label={say('mail.find')}
          help={say('mail.findHelp')}
          name="find"
          maxLength={MOST_LETTERS}
          value={find}
          onChange={setFind}
        />
      </div>
      <Button type="submit">{say('mail.search')}</Button>
      {props.find !== '' && (
        <Button kind="second" onPress={() => props.onFind('')}>
          {say('mail.clear')}
        </Button>
      )}
    </Form>
  )
}
