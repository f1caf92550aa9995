import type { Me } from '@sekisho/server/api'
import { useState } from 'react'
import { PasskeyForm } from '../forms/passkey.tsx'
import { removePasskey, signOut } from '../line/account.ts'
import type { Passkey } from '../line/account.ts'
import { useLoad } from '../line/load.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Facts } from '../ui/facts.tsx'
import { shortTime } from '../ui/dates.ts'
import { WORDS, say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

export function SettingsPage({ me }: { readonly me: Me }) {
  return (
    <div className="flex max-w-3xl flex-col gap-8">
      <section aria-labelledby="account">
        <h2 id="account" className="text-std-20B-150 mb-2">
          {say('settings.account')}
        </h2>
        <Facts
          rows={[
            { name: say('settings.name'), value: <span className="name">{me.user.name}</span> },
            { name: say('settings.department'), value: me.user.department },
            { name: say('settings.email'), value: me.user.email },
            { name: say('settings.roles'), value: me.user.roles.map(roleName).join('、') },
          ]}
        />
      </section>
      {me.side === 'low' && <p>{say('settings.sealed', { days: me.originalDays })}</p>}
      <Passkeys />
      <section aria-labelledby="sign-out">
        <h2 id="sign-out" className="text-std-20B-150 mb-2">
          {say('settings.signOut')}
        </h2>
        <p className="mb-3">{say('settings.signOutLead')}</p>
        <Button kind="second" onPress={() => void leave()}>
          {say('settings.signOut')}
        </Button>
      </section>
    </div>
  )
}

function roleName(role: string): string {
  const key = `role.${role}`
  return key in WORDS ? say(key as WordKey) : role
}

/** A full load, so that nothing of this person stays in the memory of the page. */
async function leave(): Promise<void> {
  await signOut()
  location.assign('/sign-in')
}

function Passkeys() {
  const { value, failure, reload } = useLoad<readonly Passkey[]>(
    '/api/auth/passkey/list-user-passkeys',
  )
  const [said, setSaid] = useState<WordKey>()
  const done = (word: WordKey): void => {
    setSaid(word)
    void reload()
  }
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys" className="text-std-20B-150 mb-2">
        {say('settings.passkeys')}
      </h2>
      <p className="mb-3">{say('settings.passkeysLead')}</p>
      {failure !== undefined && (
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      )}
      {value?.length === 0 && <p className="mb-3">{say('settings.noPasskeys')}</p>}
      {value !== undefined && value.length > 0 && (
        <ul className="border-solid-gray-420 mb-4 border-t">
          {value.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRemoved={() => done('settings.removed')}
            />
          ))}
        </ul>
      )}
      {said !== undefined && <Banner tone="good" title={say(said)} live />}
      <PasskeyForm onAdded={() => done('settings.added')} />
    </section>
  )
}

function PasskeyRow(props: { readonly passkey: Passkey; readonly onRemoved: () => void }) {
  const { id, createdAt } = props.passkey
  const name = props.passkey.name || say('settings.unnamed')
  const [asking, ask] = useState(false)
  const remove = async (): Promise<void> => {
    const answer = await removePasskey(id)
    ask(false)
    if (answer.ok) props.onRemoved()
  }
  return (
    <li className="border-solid-gray-420 flex flex-wrap items-center gap-3 border-b py-2">
      <span className="mr-auto">{name}</span>
      {createdAt && <span>{say('settings.registered', { time: shortTime(createdAt) })}</span>}
      <Button kind="danger" label={say('settings.removeOne', { name })} onPress={() => ask(true)}>
        {say('settings.remove')}
      </Button>
      {asking && (
        <Dialog title={say('settings.removeTitle', { name })} onClose={() => ask(false)}>
          <p className="mb-4">{say('settings.removeText')}</p>
          <div className="flex flex-wrap gap-3">
            <Button kind="danger" onPress={() => void remove()}>
              {say('settings.remove')}
            </Button>
            <Button kind="second" onPress={() => ask(false)}>
              {say('settings.keep')}
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  )
}
