import type { DeclarationPage } from '@sekisho/server/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { say } from '../words/say.ts'

/** Text for the declaration, each piece with the place it goes to, to be copied. */
export function DeclarationParts({ parts }: DeclarationPage) {
  const [copied, setCopied] = useState('')
  const copy = (text: string): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(text))
  }
  return (
    <ol className="mt-2 grid gap-4">
      {parts.map(({ where, text }) => (
        <li key={where}>
          <p>{where}</p>
          <pre className="border-solid-gray-420 rounded-8 mt-1 border p-3 break-all whitespace-pre-wrap">
            {text}
          </pre>
          <p className="screen-only mt-1" aria-live="polite">
            <Button
              kind="second"
              small
              label={say('decide.copyPartOne', { where })}
              onPress={() => copy(text)}
            >
              {say('decide.copyPart')}
            </Button>{' '}
            {copied === text && say('decide.copied')}
          </p>
        </li>
      ))}
    </ol>
  )
}
