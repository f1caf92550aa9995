import type { OutgoingMail, Problem } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
import { shortTime } from '../ui/dates.ts'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { outLook } from './mail-out-view.ts'
import { Refusal, Trouble, problemOf } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

const EVERY_MS = 5000

/** 送ったメール: what I sent to the outside, and the way back as long as there is one. */
export function SentMails() {
  const loaded = useLoad<{ readonly items: readonly OutgoingMail[] }>('/api/mail-out', EVERY_MS)
  const { value, failure, reload } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <>
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
      )}
      {value.items.length === 0 && <p className="py-4">{say('out.empty')}</p>}
      {value.items.length > 0 && (
        <ul className="border-solid-gray-420 mt-3 border-t" aria-label={say('out.list')}>
          {value.items.map((mail) => (
            <Sent key={mail.number} mail={mail} onRecalled={() => void reload()} />
          ))}
        </ul>
      )}
    </>
  )
}

function Sent(props: { readonly mail: OutgoingMail; readonly onRecalled: () => void }) {
  const { mail } = props
  const look = outLook(mail.state)
  return (
    <li className="border-solid-gray-420 border-b py-4" data-state={mail.state}>
      <div className="grid items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
        <div className="min-w-0">
          <SafeName parts={nameParts(mail.subject || say('mail.noSubject'))} />
          <span className="text-dns-14N-130 text-solid-gray-700 block tabular-nums">
            {mail.number}　{say(`out.direction.${mail.direction}`)}
            {'　'}
            <SafeName parts={nameParts(mail.from)} />
          </span>
        </div>
        <Badge tone={look.tone} shape={look.shape}>
          {look.word}
        </Badge>
        <span className="text-dns-16N-130">
          <When at={mail.sentAt} />
        </span>
      </div>
      <Recipients mail={mail} />
      {mail.approvers !== undefined && mail.approvers.length > 0 && (
        <p className="text-dns-16N-130">
          {say('out.approvers', { names: mail.approvers.join('、') })}
        </p>
      )}
      <Recall {...props} />
      {mail.problem !== undefined && <Refusal problem={mail.problem} />}
    </li>
  )
}

function Recipients({ mail }: { readonly mail: OutgoingMail }) {
  return (
    <ul className="text-dns-16N-130 mt-1">
      {mail.recipients.map(({ address, state, reply }) => (
        <li key={address}>
          <SafeName parts={nameParts(address)} />
          {state !== undefined && `　${say(`out.fate.${state}`)}`}
          {reply !== undefined && reply !== '' && (
            <span className="text-dns-14N-130 text-solid-gray-700 block">
              <SafeName parts={nameParts(reply)} />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Recall({
  mail,
  onRecalled,
}: {
  readonly mail: OutgoingMail
  readonly onRecalled: () => void
}) {
  const [problem, setProblem] = useState<Problem>()
  const [sending, setSending] = useState(false)
  const recall = async (): Promise<void> => {
    setSending(true)
    const path = `/api/mail-out/${encodeURIComponent(mail.number)}/recall`
    const answer = await call<OutgoingMail>('POST', path)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    setSending(false)
    onRecalled()
  }
  if (!mail.mayRecall && problem === undefined) return null
  return (
    <div className="mt-2 flex flex-wrap items-center gap-3 screen-only">
      {mail.mayRecall && (
        <>
          <Button
            kind="second"
            label={say('out.recallOne', {
              number: mail.number,
              subject: safeName(mail.subject || say('mail.noSubject')),
            })}
            blocked={sending ? say('out.recalling') : undefined}
            onPress={() => void recall()}
          >
            {say('out.recall')}
          </Button>
          {mail.leavesAt !== undefined && (
            <span className="text-dns-16N-130">
              {say('out.leaves', { time: shortTime(mail.leavesAt) })}
            </span>
          )}
        </>
      )}
      {problem !== undefined && <Refusal problem={problem} live />}
    </div>
  )
}
