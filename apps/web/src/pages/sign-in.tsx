import { useEffect } from 'react'
import { SignInForm } from '../forms/sign-in.tsx'
import { useLoad } from '../line/load.ts'
import { say } from '../words/say.ts'

/** Before anybody is known: only which side this is. */
export function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const { value: health } = useLoad<{ readonly side: 'low' | 'high' }>('/healthz')
  useEffect(() => {
    document.title = say('frame.titleOut', { page: say('page.sign-in') })
  }, [])
  return (
    <>
      <header
        className={`border-t-8 bg-white ${health?.side === 'low' ? 'border-zone-low' : health?.side === 'high' ? 'border-zone-high' : 'border-solid-gray-420'}`}
      >
        <div className="mx-auto flex max-w-6xl items-center gap-4 px-4 py-2 sm:px-6">
          <p className="text-std-17B-170">{say('frame.product')}</p>
          {health !== undefined && (
            <p
              className={`text-dns-16B-130 rounded-4 px-3 py-1 text-white ${health.side === 'low' ? 'bg-zone-low' : 'bg-zone-high'}`}
            >
              {say(`frame.side.${health.side}`)}
            </p>
          )}
        </div>
      </header>
      <main className="mx-auto max-w-md px-4 pt-8 pb-16">
        <h1 className="text-std-26B-150 mb-2">{say('page.sign-in')}</h1>
        <p className="mb-6">{say('signIn.lead')}</p>
        <SignInForm onSignedIn={onSignedIn} />
      </main>
    </>
  )
}
