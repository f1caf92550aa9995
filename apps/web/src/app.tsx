import type { Me } from '@sekisho/server/api'
import { useEffect } from 'react'
import { MeContext, cutsCloud, watchesCloud } from './line/me.ts'
import { useLoad } from './line/load.ts'
import { ApproveCardPage } from './pages/approve-card.tsx'
import { ApprovePage } from './pages/approve.tsx'
import { CheckPage } from './pages/check.tsx'
import { CloudUsePage } from './pages/cloud.tsx'
import { CloudCutsPage } from './pages/cloud-cuts.tsx'
import { DecidePage } from './pages/decide.tsx'
import { EvidencePage } from './pages/evidence.tsx'
import { ExplainPage } from './pages/explain.tsx'
import { Frame } from './pages/frame.tsx'
import { MailCardPage } from './pages/mail-card.tsx'
import { MailMessagePage } from './pages/mail-message.tsx'
import { MailPage } from './pages/mail.tsx'
import { OriginalPage } from './pages/original.tsx'
import { QuestionPage } from './pages/question.tsx'
import { ReceivePage } from './pages/receive.tsx'
import { Trouble } from './pages/refusal.tsx'
import { RegistersPage } from './pages/registers.tsx'
import { SendPage } from './pages/send.tsx'
import { SessionGuard } from './pages/session-guard.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { StructurePage } from './pages/structure.tsx'
import { NoCloudPage, WrongPlace } from './pages/wrong-place.tsx'
import { go, routeOf, safeNext, usePlace } from './route.ts'
import type { Place, Route } from './route.ts'
import { Banner } from './ui/banner.tsx'
import { Loading } from './ui/loading.tsx'
import { say } from './words/say.ts'

/** Who is signed in decides what is shown; the address decides which page. */
export function App() {
  const { value: me, failure, reload } = useLoad<Me>('/api/me')
  const place = usePlace()
  const route = routeOf(place.path)
  useEntrance(me, failure?.status, route, place)

  if (me === undefined) {
    if (route.page === 'sign-in') return <SignInPage onSignedIn={() => void reload()} />
    if (failure === undefined || failure.status === 401)
      return <Loading word={say('frame.loading')} />
    return (
      <main className="mx-auto max-w-3xl p-6">
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      </main>
    )
  }
  return (
    <MeContext value={me}>
      <Frame route={route}>
        {failure !== undefined && failure.status !== 401 && (
          <Banner tone="wait" title={say('frame.stale')} live />
        )}
        <Page route={route} me={me} />
      </Frame>
      <SessionGuard me={me} onRenew={reload} />
    </MeContext>
  )
}

/** Sends people to the sign-in page, away from it, or to the first page of their side. */
function useEntrance(
  me: Me | undefined,
  status: number | undefined,
  route: Route,
  place: Place,
): void {
  useEffect(() => {
    if (me === undefined && status === 401 && route.page !== 'sign-in') {
      const here = `${place.path}${location.search}`
      go(`/sign-in?next=${encodeURIComponent(here)}`, { replace: true })
    }
    if (me !== undefined && route.page === 'sign-in')
      go(safeNext(place.query.get('next')), { replace: true })
    if (me !== undefined && route.page === 'home')
      go(me.side === 'low' ? '/send' : '/receive', { replace: true })
  })
}

function Page({ route, me }: { readonly route: Route; readonly me: Me }) {
  switch (route.page) {
    case 'send':
      return me.side === 'low' ? <SendPage me={me} /> : <WrongPlace me={me} />
    case 'original':
      return me.side === 'low' ? <OriginalPage me={me} /> : <WrongPlace me={me} />
    case 'cloud':
      return watchesCloud(me) ? <CloudUsePage me={me} /> : <NoCloudPage me={me} />
    case 'cloud-cuts':
      return cutsCloud(me) ? <CloudCutsPage /> : <NoCloudPage me={me} />
    case 'receive':
      return me.side === 'high' ? <ReceivePage me={me} /> : <WrongPlace me={me} />
    case 'mail':
      return me.side === 'high' ? <MailPage me={me} /> : <WrongPlace me={me} />
    case 'message':
      return me.side === 'high' ? (
        <MailMessagePage key={route.number} number={route.number} />
      ) : (
        <WrongPlace me={me} />
      )
    case 'approve':
      return me.side === 'high' ? <ApprovePage /> : <WrongPlace me={me} />
    case 'card':
      return me.side === 'high' ? (
        <ApproveCardPage key={route.number} number={route.number} />
      ) : (
        <WrongPlace me={me} />
      )
    case 'mail-card':
      return me.side === 'high' ? (
        <MailCardPage key={route.number} number={route.number} />
      ) : (
        <WrongPlace me={me} />
      )
    case 'check':
      return me.side === 'high' ? <CheckPage /> : <WrongPlace me={me} />
    case 'town':
      return me.side === 'high' ? <StructurePage /> : <WrongPlace me={me} />
    case 'registers':
      return me.side === 'high' ? <RegistersPage /> : <WrongPlace me={me} />
    case 'explain':
      return me.side === 'high' ? <ExplainPage /> : <WrongPlace me={me} />
    case 'decide':
      return me.side === 'high' ? <DecidePage /> : <WrongPlace me={me} />
    case 'question':
      return me.side === 'high' ? (
        <QuestionPage key={route.name} name={route.name} />
      ) : (
        <WrongPlace me={me} />
      )
    case 'evidence':
      return me.side === 'high' ? <EvidencePage me={me} /> : <WrongPlace me={me} />
    case 'settings':
      return <SettingsPage me={me} />
    case 'home':
    case 'sign-in':
      return <Loading word={say('frame.loading')} />
    case 'unknown':
      return <WrongPlace />
  }
}
