import type { MailPage } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { Badge } from '../ui/badge.tsx'
import { Facts } from '../ui/facts.tsx'
import { SafeLines } from '../ui/safe-lines.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
import { eraDate } from '../ui/dates.ts'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { InsideLink } from './inside-link.tsx'
import { MailCertificateView, MailParts } from './mail-certificate.tsx'
import { PickUps } from './mail-pick-ups.tsx'
import { mailLook } from './mail-view.ts'
import { Refusal, Trouble } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

const EVERY_MS = 5000

/** One mail: what was delivered, what waits outside, and what was done to it. */
export function MailMessagePage({ number }: { readonly number: string }) {
  const loaded = useLoad<MailPage>(`/api/mails/${encodeURIComponent(number)}`, EVERY_MS)
  const { value: mail, failure, reload } = loaded
  return (
    <>
      <p className="mb-2 screen-only">
        <InsideLink href="/mail" word={say('frame.back')} />
      </p>
      {mail === undefined ? (
        <Waiting loaded={loaded} />
      ) : (
        <>
          {failure !== undefined && failure.status !== 401 && (
            <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
          )}
          <Message mail={mail} onAsked={() => void reload()} />
        </>
      )}
    </>
  )
}

function Message({ mail, onAsked }: { readonly mail: MailPage; readonly onAsked: () => void }) {
  const look = mailLook(mail)
  return (
    <>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <h2 className="text-std-20B-150">
            <SafeName parts={nameParts(mail.subject || say('mail.noSubject'))} />
          </h2>
          <p>
            <Badge tone={look.tone} shape={look.shape}>
              {look.word}
            </Badge>
          </p>
          <Facts rows={headOf(mail)} />
          {mail.problem !== undefined && <Refusal problem={mail.problem} />}
          <Text mail={mail} />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <PickUps mail={mail} onAsked={onAsked} />
          {mail.certificate !== undefined && (
            <MailCertificateView certificate={mail.certificate} mail={mail} />
          )}
        </div>
      </div>
      {mail.certificate !== undefined && (
        <div className="mt-6">
          <MailParts certificate={mail.certificate} />
        </div>
      )}
    </>
  )
}

function headOf(mail: MailPage) {
  const word = (text: string) => <SafeName parts={nameParts(text)} />
  return [
    { name: say('mail.from'), value: word(mail.from || say('mail.noFrom')) },
    { name: say('mail.to'), value: word(mail.to.join('、')) },
    ...(mail.cc === '' ? [] : [{ name: say('mail.cc'), value: word(mail.cc) }]),
    ...(mail.date === '' ? [] : [{ name: say('mail.date'), value: <Written date={mail.date} /> }]),
    { name: say('mail.received'), value: <When at={mail.receivedAt} full /> },
    { name: say('mail.number'), value: mail.number },
  ]
}

/** The sender's own clock, in our words where it can be read. */
function Written({ date }: { readonly date: string }) {
  const at = Date.parse(date)
  if (Number.isNaN(at)) return <SafeName parts={nameParts(date)} />
  return <When at={new Date(at).toISOString()} full />
}

/** Words of a stranger, as they were delivered: lines as they are, nothing in them is a link. */
function Text({ mail }: { readonly mail: MailPage }) {
  if (mail.text === undefined) {
    if (mail.problem !== undefined) return null
    return <p>{say(mail.state === 'delivered' ? 'mail.textGone' : 'mail.textMoving')}</p>
  }
  return (
    <section aria-labelledby="mail-text">
      <h3 id="mail-text" className="text-std-16B-170">
        {say('mail.text')}
      </h3>
      <div className="border-solid-gray-420 rounded-8 mt-1 border p-4 whitespace-pre-wrap">
        <SafeLines lines={mail.text.split(/\r?\n/u).map(nameParts)} />
      </div>
      {mail.textUntil !== undefined && (
        <p className="text-dns-14N-130 text-solid-gray-700 mt-1">
          {say('mail.textUntil', { day: eraDate(new Date(mail.textUntil)) })}
        </p>
      )}
    </section>
  )
}
