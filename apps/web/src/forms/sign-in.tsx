import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { signInWithCode, signInWithPasskey, signInWithPassword } from '../line/account.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

type Said = WordKey | undefined

/** The password was right, but too long ago. */
const TOO_LATE = 'INVALID_TWO_FACTOR_COOKIE'

/** Password and then the code from the telephone, or a passkey alone. */
export function SignInForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [step, setStep] = useState<'password' | 'code'>('password')
  const [late, setLate] = useState<Said>()
  const back = (word?: WordKey): void => {
    setLate(word)
    setStep('password')
  }
  return step === 'password' ? (
    <PasswordStep said={late} onCode={() => setStep('code')} onSignedIn={onSignedIn} />
  ) : (
    <CodeStep onBack={back} onSignedIn={onSignedIn} />
  )
}

/** Each step begins in its first field: nobody has come here for anything else. */
function useFirstField(): RefObject<HTMLDivElement | null> {
  const area = useRef<HTMLDivElement>(null)
  useEffect(() => area.current?.querySelector('input')?.focus(), [])
  return area
}

function PasswordStep(props: {
  readonly said: Said
  readonly onCode: () => void
  readonly onSignedIn: () => void
}) {
  const area = useFirstField()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<Said>(props.said)
  const [pressed, setPressed] = useState(false)
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    setPressed(true)
    if (busy || email.trim() === '' || password === '') return
    setBusy(true)
    const answer = await signInWithPassword(email.trim(), password)
    setBusy(false)
    if (!answer.ok) setError(passwordError(answer.status))
    else if (answer.value?.twoFactorRedirect === true) props.onCode()
    else props.onSignedIn()
  }
  const passkey = async (): Promise<void> => {
    setError(undefined)
    if (await signInWithPasskey()) props.onSignedIn()
    else setError('signIn.passkeyStopped')
  }
  return (
    <div ref={area}>
      <Form
        label={say('page.sign-in')}
        onSubmit={() => void submit()}
        className="flex flex-col gap-5"
      >
        <TextField
          label={say('signIn.email')}
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          error={pressed && email.trim() === '' ? say('signIn.emailMissing') : undefined}
        />
        <TextField
          label={say('signIn.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={pressed && password === '' ? say('signIn.passwordMissing') : undefined}
        />
        <FormError error={error} />
        <Button type="submit" blocked={busy ? say('signIn.working') : undefined}>
          {say('signIn.next')}
        </Button>
        <p className="text-center">{say('signIn.or')}</p>
        <Button kind="second" onPress={() => void passkey()}>
          {say('signIn.passkey')}
        </Button>
      </Form>
    </div>
  )
}

function CodeStep(props: {
  readonly onBack: (word?: WordKey) => void
  readonly onSignedIn: () => void
}) {
  const area = useFirstField()
  const [code, setCode] = useState('')
  const [error, setError] = useState<Said>()
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    const digits = codeDigits(code)
    if (busy) return
    if (digits === undefined) return setError('signIn.codeMissing')
    setBusy(true)
    const answer = await signInWithCode(digits)
    setBusy(false)
    if (answer.ok) props.onSignedIn()
    else if (answer.code === TOO_LATE) props.onBack('signIn.codeLate')
    else setError(codeError(answer.status))
  }
  return (
    <div ref={area}>
      <Form
        label={say('page.sign-in')}
        onSubmit={() => void submit()}
        className="flex flex-col gap-5"
      >
        <p>{say('signIn.codeLead')}</p>
        <TextField
          label={say('signIn.code')}
          help={say('signIn.codeHelp')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          value={code}
          onChange={setCode}
          error={error === undefined ? undefined : say(error)}
        />
        <Button type="submit" blocked={busy ? say('signIn.working') : undefined}>
          {say('signIn.enter')}
        </Button>
        <Button kind="plain" onPress={() => props.onBack()}>
          {say('signIn.restart')}
        </Button>
      </Form>
    </div>
  )
}

function FormError({ error }: { readonly error: Said }) {
  if (error === undefined) return null
  return (
    <p role="alert" className="text-std-16B-170 text-error-2">
      {say(error)}
    </p>
  )
}

/** Six digits, however they were typed: full width, with a space in the middle. */
export function codeDigits(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s-]/gu, '')
  return /^[0-9]{6}$/u.test(digits) ? digits : undefined
}

function passwordError(status: number): WordKey {
  return status === 401 || status === 400 || status === 403 ? 'signIn.wrong' : otherError(status)
}

function codeError(status: number): WordKey {
  return status === 401 || status === 400 || status === 403
    ? 'signIn.wrongCode'
    : otherError(status)
}

function otherError(status: number): WordKey {
  if (status === 0) return 'signIn.lineDown'
  return status === 429 ? 'signIn.tooMany' : 'signIn.trouble'
}
