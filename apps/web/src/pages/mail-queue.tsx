import type { MailQueuePage, OutgoingMailQueue } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { Banner } from '../ui/banner.tsx'
import { Facts } from '../ui/facts.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { MailList } from './mail-list.tsx'
import { RuleId } from './rule-id.tsx'
import { Waiting } from './waiting.tsx'

const EVERY_MS = 10_000

/** How mails are handed on to the mail server: for the two people who are called when they are not. */
export function MailQueueView() {
  const loaded = useLoad<MailQueuePage>('/api/mail-queue', EVERY_MS)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <div className="mt-3 flex flex-col gap-6">
      {value.unwritten > 0 && (
        <Banner tone="wait" title={say('mail.queue.unwritten', { count: value.unwritten })} live />
      )}
      <Facts rows={factsOf(value)} />
      <OutwardQueue />
      <TurnedAway rows={value.turnedAway} />
      <section aria-labelledby="undelivered">
        <h2 id="undelivered" className="text-std-18B-160">
          {say('mail.queue.undelivered')}
        </h2>
        {value.undelivered.length === 0 ? (
          <p>{say('mail.queue.undeliveredNone')}</p>
        ) : (
          <MailList mails={value.undelivered} />
        )}
      </section>
    </div>
  )
}

function factsOf(queue: MailQueuePage) {
  const said = (name: string, text: string) =>
    text === '' ? [] : [{ name, value: <SafeName parts={nameParts(text)} /> }]
  return [
    {
      name: say('mail.queue.waiting'),
      value: say('mail.queue.count', { count: queue.waiting.toLocaleString('ja-JP') }),
    },
    ...at(say('mail.queue.oldest'), queue.oldest),
    {
      name: say('mail.queue.server'),
      value:
        queue.downSince === '' ? (
          say('mail.queue.up')
        ) : (
          <strong className="text-error-2">
            <When at={queue.downSince} full />　{say('mail.queue.down')}
          </strong>
        ),
    },
    ...said(say('mail.queue.why'), queue.why),
    ...said(say('mail.queue.reply'), queue.reply),
    ...at(say('mail.queue.next'), queue.nextTry),
  ]
}

/** A row with a time, when there is one. */
function at(name: string, time: string) {
  return time === '' ? [] : [{ name, value: <When at={time} full /> }]
}

/** The other direction: what waits for a person, for its hour, for the line. */
function OutwardQueue() {
  const { value } = useLoad<OutgoingMailQueue>('/api/mail-out/queue', EVERY_MS)
  // A town whose mail gate has no way out has no such queue.
  if (value === undefined) return null
  const rows = (['spooled', 'checking', 'held', 'waiting', 'toBring'] as const).map((key) => ({
    name: say(`out.queue.${key}`),
    value: say('mail.queue.count', { count: value[key].toLocaleString('ja-JP') }),
  }))
  return (
    <section aria-labelledby="outward">
      <h2 id="outward" className="text-std-18B-160">
        {say('out.queue')}
      </h2>
      <Facts
        rows={[
          ...rows,
          ...at(say('mail.queue.oldest'), value.oldest),
          ...at(say('out.queue.oldestHeld'), value.oldestHeld),
        ]}
      />
    </section>
  )
}

const HEAD = ['mail.queue.reason', 'mail.queue.times', 'mail.queue.cure'] as const

function TurnedAway({ rows }: { readonly rows: MailQueuePage['turnedAway'] }) {
  return (
    <section aria-labelledby="turned-away">
      <h2 id="turned-away" className="text-std-18B-160">
        {say('mail.queue.turnedAway')}
      </h2>
      {rows.length === 0 ? (
        <p>{say('mail.queue.turnedAwayNone')}</p>
      ) : (
        <Table caption={say('mail.queue.turnedAway')} head={HEAD.map((key) => say(key))}>
          {rows.map(({ reason, count, what, cure }) => (
            <tr key={reason}>
              <Cell>
                {what}　<RuleId id={reason} />
              </Cell>
              <Cell narrow>{count.toLocaleString('ja-JP')}</Cell>
              <Cell>{cure}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}
