import type { OutgoingMailCard } from '@sekisho/server/api'
import { Badge } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import { More } from '../ui/more.tsx'
import { SafeLines } from '../ui/safe-lines.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { RulesThatAsk, decidedRows } from './approve-card.tsx'
import { cardLook } from './card-view.ts'
import { DecisionPage } from './decision-page.tsx'
import { placeWord } from './mail-out-view.ts'

/** A mail to the outside that waits for a decision: who gets it, what it is, which words. */
export function MailCardPage({ number }: { readonly number: string }) {
  return (
    <DecisionPage<OutgoingMailCard>
      path={`/api/mail-out/approvals/${encodeURIComponent(number)}`}
      bound={say('out.bound')}
      said={({ state }) => say(state === 'returned' ? 'out.returned' : 'out.approved')}
      view={Card}
    />
  )
}

function Card({ card }: { readonly card: OutgoingMailCard }) {
  const look = cardLook(card)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <p>
          <Badge tone={look.tone} shape={look.shape}>
            {look.word}
          </Badge>
        </p>
        <Facts rows={factsOf(card)} />
        {card.from.writerUnknown && <Banner tone="wait" title={say('out.writerUnknown')} />}
        <RulesThatAsk findings={card.findings} />
        <More word={say('frame.details')}>
          <Facts
            rows={[
              { name: say('approve.requested'), value: <When at={card.requestedAt} full /> },
              { name: say('out.size'), value: sizeText(card.size) },
              { name: say('out.sha'), value: <Digest>{card.sha256}</Digest> },
            ]}
          />
        </More>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Files card={card} />
        <section aria-labelledby="out-text">
          <h2 id="out-text" className="text-std-18B-160">
            {say('out.text')}
          </h2>
          <div className="border-solid-gray-420 rounded-8 mt-1 border p-4 whitespace-pre-wrap">
            <SafeLines lines={card.text.split(/\r?\n/u).map(nameParts)} />
          </div>
        </section>
      </div>
    </div>
  )
}

function factsOf(card: OutgoingMailCard) {
  const { from } = card
  return [
    {
      name: say('out.who'),
      value: (
        <>
          <span className="name">{from.name}</span>（{from.department}）
          <span className="block">
            <SafeName parts={nameParts(from.address)} />
          </span>
        </>
      ),
    },
    {
      name: say('out.external'),
      value: card.external.map((address) => (
        <strong key={address} className="block">
          <SafeName parts={nameParts(address)} />
        </strong>
      )),
    },
    {
      name: say('out.subject'),
      value: <SafeName parts={nameParts(card.subject || say('mail.noSubject'))} />,
    },
    { name: say('out.level'), value: say('out.levelValue', { level: card.level }) },
    {
      name: say('out.labels'),
      value:
        card.labels.length === 0
          ? say('out.labelsNone')
          : card.labels.map(({ place, label }) => (
              <span key={`${place}${label}`} className="block">
                <SafeName parts={nameParts(say('out.label', { place: placeWord(place), label }))} />
              </span>
            )),
    },
    ...(card.personalRows === 0
      ? []
      : [
          {
            name: say('out.personal'),
            value: (
              <strong className="text-error-2">
                {say('out.personalRows', { count: card.personalRows.toLocaleString('ja-JP') })}
              </strong>
            ),
          },
        ]),
    { name: say('approve.why'), value: <SafeName parts={nameParts(card.purpose)} running /> },
    { name: say('approve.deadline'), value: <When at={card.deadline} /> },
    ...decidedRows(card),
  ]
}

function Files({ card }: { readonly card: OutgoingMailCard }) {
  const removed = card.removed.reduce((sum, { count }) => sum + count, 0)
  return (
    <section aria-labelledby="out-files">
      <h2 id="out-files" className="text-std-18B-160">
        {say('out.files')}
      </h2>
      {card.attachments.length === 0 && <p>{say('out.filesNone')}</p>}
      <ul>
        {card.attachments.map((file) => (
          <li key={`${file.sha256}${file.name}`} className="mb-2">
            <SafeName parts={nameParts(file.name)} />（{file.type}、{sizeText(file.size)}）
            {file.locked && <span className="text-error-2 block">{say('out.locked')}</span>}
            {file.partly && <span className="text-error-2 block">{say('out.partly')}</span>}
          </li>
        ))}
      </ul>
      {removed > 0 && <p>{say('out.removed', { count: removed })}</p>}
    </section>
  )
}
