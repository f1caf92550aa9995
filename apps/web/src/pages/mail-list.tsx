import type { MailRow } from '@sekisho/server/api'
import { Badge } from '../ui/badge.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { InsideLink } from './inside-link.tsx'
import { mailLook } from './mail-view.ts'

/** Mails, each a line that opens it. */
export function MailList(props: { readonly mails: readonly MailRow[]; readonly find?: string }) {
  if (props.mails.length === 0)
    return (
      <p className="py-4">
        {props.find ? say('mail.emptyFound', { q: props.find }) : say('mail.empty')}
      </p>
    )
  return (
    <ul className="border-solid-gray-420 mt-3 border-t" aria-label={say('page.mail')}>
      {props.mails.map((mail) => (
        <Row key={mail.id} mail={mail} />
      ))}
    </ul>
  )
}

function Row({ mail }: { readonly mail: MailRow }) {
  const look = mailLook(mail)
  const subject = mail.subject || say('mail.noSubject')
  const from = mail.from || say('mail.noFrom')
  return (
    <li
      className="border-solid-gray-420 grid items-center gap-x-4 gap-y-1 border-b py-3 sm:grid-cols-[minmax(0,1fr)_auto] lg:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_auto_7rem]"
      data-state={mail.state}
    >
      <span className="text-dns-16N-130 min-w-0 sm:col-span-2 lg:col-span-1">
        <SafeName parts={nameParts(from)} />
      </span>
      <span className="min-w-0">
        <InsideLink
          href={`/mail/${mail.number}`}
          label={say('mail.openOne', { number: mail.number, subject: safeName(subject) })}
          word={<SafeName parts={nameParts(subject)} />}
        />
        <span className="text-dns-14N-130 text-solid-gray-700 block tabular-nums">
          {mail.number}
          {mail.pickUps > 0 && `　${say('mail.files', { count: mail.pickUps })}`}
        </span>
      </span>
      <span className="justify-self-start">
        <Badge tone={look.tone} shape={look.shape}>
          {look.word}
        </Badge>
      </span>
      <span className="text-dns-16N-130">
        <When at={mail.receivedAt} />
      </span>
    </li>
  )
}
