import type { ApprovalCard, OutgoingMailCard } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import { buttonLook } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loading } from '../ui/loading.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { When } from '../ui/when.tsx'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { cardLook } from './card-view.ts'
import { PicturesMark } from './changes.tsx'
import { followInside } from './frame.tsx'
import { InsideLink } from './inside-link.tsx'
import { Trouble } from './refusal.tsx'

const EVERY_MS = 5000

/** 承認する: what waits, or what was decided. Each is opened before it is decided. */
export function ApprovePage() {
  const place = usePlace()
  const state = place.query.get('state') === 'decided' ? 'decided' : 'waiting'
  const { value, failure, reload } = useLoad<{ readonly cards: readonly ApprovalCard[] }>(
    `/api/approvals?state=${state}`,
    EVERY_MS,
  )
  const outward = useLoad<{ readonly cards: readonly OutgoingMailCard[] }>(
    `/api/mail-out/approvals?state=${state}`,
    EVERY_MS,
  )
  const mails = outward.value?.cards ?? []
  return (
    <>
      <p>{say('approve.lead')}</p>
      <Tabs
        label={say('approve.tabs')}
        tabs={(['waiting', 'decided'] as const).map((name) => ({
          href: withQuery(place, { state: name === 'waiting' ? '' : name }),
          name: say(`approve.tab.${name}`),
          current: name === state,
        }))}
        onGo={go}
      />
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
      )}
      {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      <MailCards cards={mails} />
      {value?.cards.length === 0 && mails.length === 0 && (
        <p className="py-4">
          {say(state === 'waiting' ? 'approve.empty' : 'approve.emptyDecided')}
        </p>
      )}
      {value !== undefined && value.cards.length > 0 && (
        <ul className="grid gap-4">
          {value.cards.map((card) => (
            <Summary key={card.id} card={card} />
          ))}
        </ul>
      )}
    </>
  )
}

/** Mails to the outside stand first: somebody waits for them at a screen. A town without that way out has none. */
function MailCards({ cards }: { readonly cards: readonly OutgoingMailCard[] }) {
  if (cards.length === 0) return null
  return (
    <section aria-labelledby="mail-cards" className="mt-3">
      <h2 id="mail-cards" className="text-std-18B-160 mb-2">
        {say('out.approve')}
      </h2>
      <ul className="mb-6 grid gap-4">
        {cards.map((card) => (
          <MailSummary key={card.number} card={card} />
        ))}
      </ul>
    </section>
  )
}

function MailSummary({ card }: { readonly card: OutgoingMailCard }) {
  const look = cardLook(card)
  const subject = card.subject || say('mail.noSubject')
  return (
    <li className="border-solid-gray-420 rounded-12 border p-4">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="text-std-17B-170">
          {card.number}　<SafeName parts={nameParts(subject)} />
        </h3>
        <Badge tone={look.tone} shape={look.shape}>
          {look.word}
        </Badge>
      </div>
      <Facts
        rows={[
          {
            name: say('out.who'),
            value: (
              <>
                <span className="name">{card.from.name}</span>（{card.from.department}）
              </>
            ),
          },
          {
            name: say('out.external'),
            value: <SafeName parts={nameParts(card.external.join('、'))} />,
          },
          { name: say('approve.deadline'), value: <When at={card.deadline} /> },
        ]}
      />
      <p className="mt-3">
        <InsideLink
          href={`/approve/mail/${card.number}`}
          look={buttonLook('second')}
          label={say('approve.openOne', { number: card.number, name: safeName(subject) })}
          word={say('approve.open')}
        />
      </p>
    </li>
  )
}

function Summary({ card }: { readonly card: ApprovalCard }) {
  const look = cardLook(card)
  const href = `/approve/${card.number}`
  return (
    <li className="border-solid-gray-420 rounded-12 border p-4">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="text-std-17B-170">
          {card.number}　<SafeName parts={nameParts(card.fileName)} />
        </h2>
        <Badge tone={look.tone} shape={look.shape}>
          {look.word}
        </Badge>
        <PicturesMark outcome={card.outcome} />
        {card.macros.length > 0 && (
          <Badge tone="wait" shape="hold">
            {say('approve.macro')}
          </Badge>
        )}
      </div>
      <Facts
        rows={[
          {
            name: say('approve.who'),
            value: (
              <>
                <span className="name">{card.from.name}</span>（{card.from.department}）
              </>
            ),
          },
          { name: say('approve.why'), value: card.purpose },
          { name: say('approve.deadline'), value: <When at={card.deadline} /> },
        ]}
      />
      <p className="mt-3">
        <a
          href={href}
          className={buttonLook('second')}
          aria-label={say('approve.openOne', {
            number: card.number,
            name: safeName(card.fileName),
          })}
          onClick={(event) => followInside(event, href)}
        >
          {say('approve.open')}
        </a>
      </p>
    </li>
  )
}
