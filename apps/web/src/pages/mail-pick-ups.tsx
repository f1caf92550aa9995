import type { MailPage, MailPickUp, MailsPage, NewPickUp, Problem } from '@sekisho/server/api'
import { useState } from 'react'
import { PickUpForm } from '../forms/pick-up.tsx'
import { call } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { Badge } from '../ui/badge.tsx'
import { Choice } from '../ui/field.tsx'
import { SafeLines } from '../ui/safe-lines.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { fullTime, shortTime } from '../ui/dates.ts'
import { sizeText } from '../ui/size.ts'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { InsideLink } from './inside-link.tsx'
import { isUnderWay } from './mail-view.ts'
import { Refusal, problemOf } from './refusal.tsx'
import { stateLook } from './state-look.ts'

/** The files of a mail that wait outside, each one click away. */
export function PickUps(props: { readonly mail: MailPage; readonly onAsked: () => void }) {
  const { mail } = props
  const { pickUpUntil } = mail
  const over = isOver(mail)
  const locked = mail.pickUpList.some(({ will }) => will === 'password')
  return (
    <section aria-labelledby="mail-files">
      <h3 id="mail-files" className="text-std-18B-160">
        {say('mail.attached')}
      </h3>
      {pickUpUntil !== undefined && (
        <p className="text-dns-16N-130 mb-2">
          {over ? say('mail.pickUpOver') : say('mail.pickUpUntil', { at: fullTime(pickUpUntil) })}
        </p>
      )}
      {mail.pickUpList.length === 0 ? (
        <p>{say('mail.attachedNone')}</p>
      ) : (
        <ul className="border-solid-gray-420 border-t">
          {mail.pickUpList.map((file) => (
            <File key={file.part} file={file} {...props} />
          ))}
        </ul>
      )}
      {locked && !over && <PasswordMails mail={mail} />}
    </section>
  )
}

function File(props: {
  readonly mail: MailPage
  readonly file: MailPickUp
  readonly onAsked: () => void
}) {
  const { mail, file, onAsked } = props
  const [problem, setProblem] = useState<Problem>()
  const take = async (password?: string): Promise<void> => {
    // Of each press its own: who presses twice while one is under way is stopped before, by the button.
    const wish: NewPickUp = {
      idempotencyKey: crypto.randomUUID(),
      ...(password !== undefined && { password }),
    }
    const path = `/api/mails/${encodeURIComponent(mail.id)}/pick-ups/${encodeURIComponent(file.part)}`
    const answer = await call<MailPickUp>('POST', path, wish)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    if (answer.ok) onAsked()
  }
  return (
    <li id={file.part} className="border-solid-gray-420 border-b py-3">
      <p>
        <SafeName parts={nameParts(file.name)} />
        <span className="text-dns-14N-130 text-solid-gray-700 block">
          {file.kind}　{sizeText(file.bytes)}
          {file.inline && `　${say('mail.inline')}`}
        </span>
      </p>
      {file.members.length > 0 && (
        <p className="text-dns-14N-130">
          {say('mail.members', { names: file.members.map(safeName).join('、') })}
        </p>
      )}
      <p className="text-dns-16N-130 my-1">{file.sentence}</p>
      <ul>
        {file.asked.map((asked) => (
          <Asked key={`${asked.at}${asked.person}`} asked={asked} />
        ))}
      </ul>
      {file.will !== 'refused' && !isOver(mail) && (
        <PickUpForm
          file={file}
          again={file.asked.some(({ mine }) => mine)}
          blocked={isUnderWay(file) ? say('mail.taking') : undefined}
          onTake={take}
        />
      )}
      {problem !== undefined && <Refusal problem={problem} live />}
    </li>
  )
}

function Asked({ asked }: { readonly asked: MailPickUp['asked'][number] }) {
  const look = stateLook(asked.state)
  return (
    <li className="mb-2">
      <p className="text-dns-14N-130 flex flex-wrap items-center gap-2">
        {asked.mine ? say('mail.askedMine') : say('mail.askedOther', { person: asked.person })}
        {'　'}
        {shortTime(asked.at)}
        <Badge tone={look.tone} shape={look.shape}>
          {look.word}
        </Badge>
      </p>
      {asked.mine && asked.state === 'delivered' && (
        <InsideLink href="/receive" word={say('mail.toReceive')} />
      )}
      {asked.mine && asked.problem !== undefined && <Refusal problem={asked.problem} />}
    </li>
  )
}

/** The password of a file often comes by a second mail of the same sender: here it stands beside the field. */
function PasswordMails({ mail }: { readonly mail: MailPage }) {
  const asked = new URLSearchParams({ q: addressIn(mail.from) })
  const { value } = useLoad<MailsPage>(`/api/mails?${asked}`)
  const [chosen, choose] = useState('')
  const others = (value?.mails ?? []).filter(
    ({ id, receivedAt }) => id !== mail.id && isNear(receivedAt, mail.receivedAt),
  )
  if (value === undefined) return null
  return (
    <div className="bg-solid-gray-50 rounded-8 mt-3 p-3">
      <h4 className="text-std-16B-170">{say('mail.passwordMails')}</h4>
      {others.length === 0 ? (
        <p className="text-dns-16N-130">{say('mail.passwordMailsNone')}</p>
      ) : (
        <>
          <Choice
            label={say('mail.passwordMailsChoose')}
            help={say('mail.passwordMailsHelp')}
            name="password-mail"
            value={chosen}
            onChange={choose}
            options={[
              { value: '', label: '―' },
              ...others.map(({ id, subject, receivedAt }) => ({
                value: id,
                label: `${shortTime(receivedAt)}　${safeName(subject || say('mail.noSubject'))}`,
              })),
            ]}
          />
          {chosen !== '' && <OtherText id={chosen} />}
        </>
      )}
    </div>
  )
}

function OtherText({ id }: { readonly id: string }) {
  const { value } = useLoad<MailPage>(`/api/mails/${encodeURIComponent(id)}`)
  if (value?.text === undefined) return null
  return (
    <div className="border-solid-gray-420 rounded-8 mt-2 max-h-80 overflow-y-auto border bg-white p-3 whitespace-pre-wrap">
      <SafeLines lines={value.text.split(/\r?\n/u).map(nameParts)} />
    </div>
  )
}

/** Whether the other side may have shredded what it kept of this mail. */
function isOver({ pickUpUntil }: Pick<MailPage, 'pickUpUntil'>): boolean {
  return pickUpUntil !== undefined && Date.parse(pickUpUntil) <= Date.now()
}

/** Three days before or after: later nobody remembers what belonged together. */
const NEAR_MS = 3 * 86_400_000

function isNear(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) <= NEAR_MS
}

/** The address in `名前 <a@b>`, or all of it. */
function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/u.exec(from)?.[1] ?? from
}
