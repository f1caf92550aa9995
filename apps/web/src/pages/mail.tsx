import type { MailsPage, Me } from '@sekisho/server/api'
import { MailFilter } from '../forms/mail-filter.tsx'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { buttonLook } from '../ui/button.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { say } from '../words/say.ts'
import { InsideLink } from './inside-link.tsx'
import { MailList } from './mail-list.tsx'
import { SentMails } from './mail-out.tsx'
import { MailQueueView } from './mail-queue.tsx'
import { Trouble } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

const EVERY_MS = 10_000

const VIEWS = ['in', 'out', 'queue'] as const
const LEADS = { in: 'mail.lead', out: 'out.lead', queue: 'mail.queue.lead' } as const

/** メール: what arrived, for me and for my section; for IT officers also how it is handed on. */
export function MailPage({ me }: { readonly me: Me }) {
  const place = usePlace()
  const officer = me.user.roles.includes('it-officer')
  const shown = { in: true, out: me.mail.out, queue: officer }
  const views = VIEWS.filter((name) => shown[name])
  const view = views.find((name) => name === place.query.get('view')) ?? 'in'
  return (
    <>
      <p>{say(LEADS[view], { from: me.otherZone })}</p>
      <Tabs
        label={say('mail.tabs')}
        tabs={views.map((name) => ({
          href: withQuery(place, { view: name === 'in' ? '' : name, q: '', after: '' }),
          name: say(`mail.tab.${name}`),
          current: name === view,
        }))}
        onGo={go}
      />
      {view === 'in' && <Arrived />}
      {view === 'out' && <SentMails />}
      {view === 'queue' && <MailQueueView />}
    </>
  )
}

function Arrived() {
  const place = usePlace()
  const find = place.query.get('q') ?? ''
  const after = place.query.get('after') ?? ''
  const asked = new URLSearchParams({ ...(find && { q: find }), ...(after && { after }) })
  // A list that moves under the hand is worse than one that is ten seconds old: only the first page is read again by itself.
  const loaded = useLoad<MailsPage>(`/api/mails?${asked}`, after === '' ? EVERY_MS : undefined)
  const { value, failure, reload } = loaded
  return (
    <>
      <MailFilter key={find} find={find} onFind={(q) => go(withQuery(place, { q, after: '' }))} />
      {value === undefined ? (
        <Waiting loaded={loaded} />
      ) : (
        <>
          {failure !== undefined && failure.status !== 401 && (
            <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
          )}
          <MailList mails={value.mails} find={find} />
          <p className="my-4 flex flex-wrap gap-3 screen-only">
            {after !== '' && (
              <InsideLink href={withQuery(place, { after: '' })} word={say('mail.newest')} />
            )}
            {value.next !== undefined && (
              <InsideLink
                href={withQuery(place, { after: value.next })}
                word={say('mail.older')}
                look={buttonLook('second')}
              />
            )}
          </p>
        </>
      )}
    </>
  )
}
