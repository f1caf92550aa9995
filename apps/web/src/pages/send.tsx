import type { Me, Problem, Transfer } from '@sekisho/server/api'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { AgainWish } from '../forms/again.tsx'
import { HandOverForm } from '../forms/hand-over.tsx'
import { call } from '../line/call.ts'
import { httpLine } from '../line/http-line.ts'
import { useEvery, useLoad } from '../line/load.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/field.tsx'
import { DropArea } from '../ui/drop-area.tsx'
import { Loading } from '../ui/loading.tsx'
import { sizeText } from '../ui/size.ts'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Refusal, Trouble, problemOf } from './refusal.tsx'
import { DraftRow, TransferRow } from './send-row.tsx'
import { openSendDesk } from './send-desk.ts'
import type { Chosen, SendDesk } from './send-desk.ts'
import { useSendNews } from './send-news.ts'
import { isMoving, joinTransfers } from './transfer-view.ts'
import type { TransferView } from './transfer-view.ts'

const EVERYWHERE = 'sekisho.everywhere'
const FIRST_ROWS = 20
/** How often the server is asked, in milliseconds: while something moves, and while nothing does. */
const BUSY_MS = 2000
const QUIET_MS = 15_000

/** ファイルを渡す. */
export function SendPage({ me }: { readonly me: Me }) {
  const desk = deskOf(me)
  const drafts = useSyncExternalStore(desk.subscribe, desk.drafts)
  const carried = useSyncExternalStore(desk.queue.subscribe, desk.queue.list)
  const { value, failure, reload } = useLoad<{ readonly transfers: readonly Transfer[] }>(
    '/api/transfers',
  )
  const transfers = value?.transfers ?? []
  const views = joinTransfers(carried, transfers)
  const moving = views.some(isMoving)
  const [everywhere, setEverywhere] = useEverywhere()
  const [notes, setNotes] = useState<readonly string[]>([])
  const [problem, setProblem] = useState<Problem>()
  const [announced, announce] = useState('')
  const listTitle = useRef<HTMLHeadingElement>(null)
  const [landing, land] = useState('')
  useSendNews(views, announce)
  useEvery(reload, moving ? BUSY_MS : QUIET_MS)
  useEffect(() => desk.queue.adopt(value?.transfers ?? []), [desk, value])

  const choose = (files: readonly File[]): void => {
    void desk.choose(files, transfers).then((chosen) => {
      setNotes(notesOf(chosen))
      if (chosen.added > 0) announce(say('send.announceChosen', { count: chosen.added }))
    })
  }
  const hand = (purpose: string): void => {
    setNotes([])
    setProblem(undefined)
    if (desk.hand(purpose) > 0) listTitle.current?.focus()
  }
  const cancel = async (it: (typeof views)[number]): Promise<void> => {
    setProblem(await cancelView(desk, it))
    await reload()
  }
  const again = async (it: TransferView, wish: AgainWish): Promise<void> => {
    const answer = await repeatTransfer(it, wish)
    setProblem(answer.ok ? undefined : answer.problem)
    await reload()
    if (!answer.ok) return
    announce(say('again.started', { name: safeName(it.fileName), number: answer.number }))
    land(answer.number)
  }
  return (
    <>
      <p className="mb-4">{say('send.lead', { from: me.zone, to: me.otherZone })}</p>
      <Announcer>{announced}</Announcer>
      <DropArea
        words={{
          title: say('send.area'),
          choose: say('send.choose'),
          or: say('send.or'),
          here: say('send.here'),
          limits: say('send.limits', { size: sizeText(me.limits.maxBytes) }),
        }}
        everywhere={everywhere}
        onFiles={choose}
      />
      <div className="mt-2 flex flex-wrap items-center gap-x-6">
        <CheckBox label={say('send.everywhere')} checked={everywhere} onChange={setEverywhere} />
        <p className="text-dns-14N-130 text-solid-gray-700">{say('send.accept')}</p>
      </div>
      {notes.map((note) => (
        <Banner key={note} tone="plain" title={note} live />
      ))}
      {drafts.length > 0 && (
        <section aria-labelledby="drafts" className="mt-6">
          <h2 id="drafts" className="text-std-20B-150 mb-2">
            {say('send.draftTitle', { count: drafts.length })}
          </h2>
          <ol className="border-solid-gray-420 border-t">
            {drafts.map((draft, index) => (
              <DraftRow
                key={draft.key}
                draft={draft}
                place={index + 1}
                onRemove={() => desk.remove(draft.key)}
              />
            ))}
          </ol>
        </section>
      )}
      <HandOverForm
        count={drafts.filter((draft) => draft.problem === undefined).length}
        onHand={hand}
      />
      <section aria-labelledby="given" className="mt-10">
        <h2
          id="given"
          ref={listTitle}
          tabIndex={-1}
          data-landing=""
          className="text-std-20B-150 mb-1"
        >
          {say('send.listTitle')}
        </h2>
        <p className="text-dns-14N-130 text-solid-gray-700 mb-2">{say('send.resumeNote')}</p>
        {problem !== undefined && <Refusal problem={problem} live />}
        {failure !== undefined && failure.status !== 401 && (
          <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
        )}
        {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
        {value !== undefined && views.length === 0 && <p className="py-4">{say('send.empty')}</p>}
        <Rows
          views={views}
          me={me}
          desk={desk}
          landing={landing}
          onCancel={cancel}
          onAgain={again}
        />
      </section>
    </>
  )
}

function Rows(props: {
  readonly views: ReturnType<typeof joinTransfers>
  readonly me: Me
  readonly desk: SendDesk
  /** Number of the row that takes the focus. */
  readonly landing: string
  readonly onCancel: (it: TransferView) => Promise<void>
  readonly onAgain: (it: TransferView, wish: AgainWish) => Promise<void>
}) {
  const [most, setMost] = useState(FIRST_ROWS)
  const rest = props.views.length - most
  if (props.views.length === 0) return null
  return (
    <>
      <ol className="border-solid-gray-420 border-t">
        {props.views.slice(0, most).map((it) => (
          <TransferRow
            key={it.key}
            it={it}
            to={props.me.otherZone}
            onCancel={() => void props.onCancel(it)}
            onRetry={props.desk.queue.wake}
            landing={props.landing !== '' && props.landing === it.number}
            onAgain={(wish) => props.onAgain(it, wish)}
          />
        ))}
      </ol>
      {rest > 0 && (
        <p className="py-3">
          <Button kind="second" onPress={() => setMost(most + FIRST_ROWS)}>
            {say('send.showMore', { count: rest })}
          </Button>
        </p>
      )}
    </>
  )
}

let desks: { readonly person: string; readonly desk: SendDesk } | undefined

/** One desk per signed-in person, for as long as this window lives. */
function deskOf(me: Me): SendDesk {
  if (desks?.person !== me.user.id)
    desks = { person: me.user.id, desk: openSendDesk(me.user.id, me.limits, httpLine) }
  return desks.desk
}

async function cancelView(
  desk: SendDesk,
  it: ReturnType<typeof joinTransfers>[number],
): Promise<Problem | undefined> {
  if (it.carried !== undefined) return desk.queue.cancel(it.carried.key)
  return desk.queue.cancelById(it.key, it.fileName)
}

type Repeated =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly problem: Problem }

/**
 * A refused file once more, under a number of its own. The key is made of what is tried and how often it was before: two clicks, two windows and a lost
 * answer are one transfer.
 */
async function repeatTransfer(it: TransferView, wish: AgainWish): Promise<Repeated> {
  const path = `/api/transfers/${encodeURIComponent(it.key)}/again`
  const idempotencyKey = `again-${it.key}-${it.tries.length}`
  const answer = await call<Transfer>('POST', path, { ...wish, idempotencyKey })
  if (answer.ok) return { ok: true, number: answer.value.number }
  const what = say('again.failed', { name: safeName(it.fileName) })
  return { ok: false, problem: problemOf(answer, what) }
}

function notesOf(chosen: Chosen): readonly string[] {
  const [first] = chosen.same
  return [
    ...(chosen.same.length === 1 && first !== undefined
      ? [say('send.same', { name: safeName(first) })]
      : []),
    ...(chosen.same.length > 1 ? [say('send.sameMany', { count: chosen.same.length })] : []),
    ...chosen.resumed.map((name) => say('send.resumed', { name: safeName(name) })),
  ]
}

/** The person's own choice, kept in this browser. */
function useEverywhere(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(EVERYWHERE) === 'on')
  const set = (next: boolean): void => {
    localStorage.setItem(EVERYWHERE, next ? 'on' : 'off')
    setOn(next)
  }
  return [on, set]
}
