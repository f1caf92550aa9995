import { useEffect, useRef, useState } from 'react'
import { AgainForm } from '../forms/again.tsx'
import type { AgainWish } from '../forms/again.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { More } from '../ui/more.tsx'
import { Progress } from '../ui/progress.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { Steps } from '../ui/steps.tsx'
import { When } from '../ui/when.tsx'
import { shortReason } from '../words/problem.ts'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'
import { Refusal } from './refusal.tsx'
import type { Draft } from './send-desk.ts'
import { STATION_KEYS, isMoving, standingLook, stationOf } from './transfer-view.ts'
import type { Standing, TransferView } from './transfer-view.ts'

const ROW = 'border-solid-gray-420 border-b py-3'

/** A chosen file that has not been handed over. */
export function DraftRow(props: {
  readonly draft: Draft
  readonly place: number
  readonly onRemove: () => void
}) {
  const { file, problem } = props.draft
  const short = problem === undefined ? undefined : shortReason(problem.reason)
  return (
    <li className={ROW}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="w-6 text-right tabular-nums">{props.place}.</span>
        <span className="min-w-40 flex-1">
          <SafeName parts={nameParts(file.name)} />
        </span>
        <span className="tabular-nums">{sizeText(file.size)}</span>
        {short !== undefined && (
          <Badge tone="bad" shape="stop">
            {short}
          </Badge>
        )}
        <Button
          kind="plain"
          label={say('send.removeOne', { name: safeName(file.name) })}
          onPress={props.onRemove}
        >
          {say('send.remove')}
        </Button>
      </div>
      {problem !== undefined && <Refusal problem={problem} live />}
    </li>
  )
}

/** A file on its way, or at its end. */
export function TransferRow(props: {
  readonly it: TransferView
  readonly to: string
  readonly onCancel: () => void
  readonly onRetry: () => void
  readonly onAgain: (wish: AgainWish) => Promise<void>
  /** Takes the focus once: what was just pressed made this row. */
  readonly landing: boolean
}) {
  const { it, landing } = props
  const look = standingLook(it.standing)
  const name = safeName(it.fileName)
  const place = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (landing) place.current?.focus()
  }, [landing])
  return (
    <li ref={place} tabIndex={-1} className={ROW} data-standing={it.standing}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-dns-16N-130 w-20 tabular-nums">{it.number}</span>
        <span className="min-w-40 flex-1">
          <SafeName parts={nameParts(it.fileName)} />
        </span>
        <span className="text-dns-16N-130 tabular-nums">{sizeText(it.size)}</span>
        <span className="text-dns-16N-130 tabular-nums">
          {it.createdAt !== '' && <When at={it.transfer?.finishedAt ?? it.createdAt} />}
        </span>
        <span className="flex sm:w-36 sm:justify-end">
          <Badge tone={look.tone} shape={look.shape}>
            {look.word}
          </Badge>
        </span>
      </div>
      {isMoving(it) && (
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 sm:pl-[5.75rem]">
          <Steps
            label={say('send.steps', { name })}
            doneWord={say('send.done')}
            names={STATION_KEYS.map((key) => say(key))}
            current={stationOf(it)}
          />
          {stationOf(it) === 0 && (
            <div className="w-56">
              <Progress label={say('send.progress', { name })} percent={it.percent} />
            </div>
          )}
          <Actions {...props} name={name} />
        </div>
      )}
      <Explanation it={it} to={props.to} onAgain={props.onAgain} />
    </li>
  )
}

function Actions(props: {
  readonly it: TransferView
  readonly name: string
  readonly onCancel: () => void
  readonly onRetry: () => void
}) {
  const [asking, ask] = useState(false)
  const { name } = props
  return (
    <div className="ml-auto flex gap-2">
      {props.it.standing === 'cut' && (
        <Button kind="second" label={say('send.retryOne', { name })} onPress={props.onRetry}>
          {say('send.retryNow')}
        </Button>
      )}
      <Button kind="plain" label={say('send.cancelOne', { name })} onPress={() => ask(true)}>
        {say('send.cancel')}
      </Button>
      {asking && (
        <Dialog title={say('send.cancelTitle', { name })} onClose={() => ask(false)}>
          <p className="mb-4">{say('send.cancelText')}</p>
          <div className="flex flex-wrap gap-3">
            <Button
              kind="danger"
              onPress={() => {
                ask(false)
                props.onCancel()
              }}
            >
              {say('send.cancel')}
            </Button>
            <Button kind="second" onPress={() => ask(false)}>
              {say('send.keepGoing')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

const EXPLAINED: Partial<Record<Standing, WordKey>> = {
  waiting: 'send.queued',
  cut: 'send.cut',
  signedOut: 'send.signedOut',
  half: 'send.half',
  held: 'send.held',
}

function Explanation(props: {
  readonly it: TransferView
  readonly to: string
  readonly onAgain: (wish: AgainWish) => Promise<void>
}) {
  const { it, to } = props
  const key = EXPLAINED[it.standing]
  const removed = it.transfer?.removed ?? []
  return (
    <div className="mt-2 flex flex-col gap-2 sm:pl-[5.75rem]">
      {it.transfer?.again !== undefined && (
        <p className="text-dns-16N-130">
          {say('again.of', { number: it.transfer.again })}
          {it.transfer.outcome === 'flatten' && say('again.asPictures')}
        </p>
      )}
      {key !== undefined && <p className="text-dns-16N-130">{say(key, { percent: it.percent })}</p>}
      {it.transfer?.waitingForOtherSide === true && isMoving(it) && (
        <p className="text-dns-16N-130">{say('send.waitingOther', { to })}</p>
      )}
      <Stopped it={it} onAgain={props.onAgain} />
      {removed.length > 0 && it.problem === undefined && (
        <div>
          <p className="text-dns-14B-130">{say('send.removedTitle')}</p>
          <ul className="list-disc pl-5">
            {removed.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** Why it did not pass, and in the same box what can be done at once. Folded away when that was done already. */
function Stopped(props: {
  readonly it: TransferView
  readonly onAgain: (wish: AgainWish) => Promise<void>
}) {
  const { it, onAgain } = props
  const { problem, successor } = it
  if (problem === undefined) return null
  if (successor !== undefined)
    return (
      <div>
        <p className="text-dns-16N-130">{say('again.done', { number: successor })}</p>
        <More word={say('again.why')}>
          <Refusal problem={problem} />
        </More>
      </div>
    )
  const offers = it.transfer?.offers ?? []
  if (offers.length === 0) return <Refusal problem={problem} />
  const form = (
    <AgainForm number={it.number} name={safeName(it.fileName)} offers={offers} onAgain={onAgain} />
  )
  // As pictures it can be had at once; what the sender or another program can do comes after that, unless it says so itself.
  if (offers.includes('flatten') && !problem.cure.includes(say('again.flatten')))
    return (
      <Refusal
        problem={problem}
        cure={form}
        deed={<p className="mt-2">{say('again.otherWay', { cure: problem.cure })}</p>}
      />
    )
  return <Refusal problem={problem} deed={form} />
}
