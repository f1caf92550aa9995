import type { InboxItem, Me, Problem } from '@sekisho/server/api'
import { call } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loading } from '../ui/loading.tsx'
import { More } from '../ui/more.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { Tabs } from '../ui/tabs.tsx'
import { daysLeft, shortTime } from '../ui/dates.ts'
import { When } from '../ui/when.tsx'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { MacroWarning, PicturesMark, RemovedList, Sentences } from './changes.tsx'
import { followInside } from './frame.tsx'
import { inboxLook, inboxTab } from './inbox-view.ts'
import type { InboxTab } from './inbox-view.ts'
import { Refusal, Trouble } from './refusal.tsx'

const TABS: readonly ('all' | InboxTab)[] = ['all', 'ready', 'moving', 'stopped']
const EVERY_MS = 5000

/** 受け取る. */
export function ReceivePage({ me }: { readonly me: Me }) {
  const place = usePlace()
  const { value, failure, reload } = useLoad<{ readonly items: readonly InboxItem[] }>(
    '/api/inbox',
    EVERY_MS,
  )
  const tab = TABS.find((name) => name === place.query.get('state')) ?? 'all'
  const items = value?.items ?? []
  const shown = items.filter((item) => tab === 'all' || inboxTab(item) === tab)
  return (
    <>
      <p>{say('receive.lead', { from: me.otherZone })}</p>
      <Tabs
        label={say('receive.tabs')}
        tabs={TABS.map((name) => ({
          href: withQuery(place, { state: name === 'all' ? '' : name }),
          name: say(`receive.tab.${name}`),
          current: name === tab,
        }))}
        onGo={go}
      />
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.stale')} onRetry={() => void reload()} />
      )}
      {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      {value !== undefined && shown.length === 0 && (
        <p className="py-4">
          {tab === 'all' ? say('receive.empty', { from: me.otherZone }) : say('receive.emptyTab')}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="border-solid-gray-420 border-t" aria-label={say('page.receive')}>
          {shown.map((item) => (
            <InboxRow
              key={item.id}
              item={item}
              from={me.otherZone}
              successor={successorOf(item, items)}
              onTaken={() => void reload()}
            />
          ))}
        </ul>
      )}
    </>
  )
}

/** Number of the crossing that tried this one again, if it was not taken back. */
function successorOf(item: InboxItem, items: readonly InboxItem[]): string | undefined {
  return items.find(({ again, state }) => again === item.number && state !== 'cancelled')?.number
}

function InboxRow(props: {
  readonly item: InboxItem
  readonly from: string
  readonly successor: string | undefined
  readonly onTaken: () => void
}) {
  const { item, onTaken } = props
  const look = inboxLook(item)
  const name = item.outputName || item.fileName
  return (
    <li className="border-solid-gray-420 border-b py-4" data-state={item.state}>
      <div className="grid items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,8rem)_minmax(0,1fr)_8.5rem_11rem] lg:grid-cols-[minmax(0,11rem)_minmax(0,1fr)_9rem_7rem_13rem]">
        <div className="text-dns-16N-130">
          <span className="name">{item.from.name}</span>
          <span className="text-dns-14N-130 text-solid-gray-700 block">{item.from.department}</span>
        </div>
        <div className="min-w-0">
          <SafeName parts={nameParts(name)} />
          <span className="text-dns-14N-130 text-solid-gray-700 flex flex-wrap items-center gap-2 tabular-nums">
            {item.number}　{sizeText(item.outputSize || item.size)}
            <PicturesMark outcome={item.outcome} />
          </span>
        </div>
        <div className="flex flex-wrap items-center gap-2 lg:contents">
          <span className="justify-self-start">
            <Badge tone={look.tone} shape={look.shape}>
              {look.word}
            </Badge>
          </span>
          <span className="text-dns-16N-130">{remaining(item)}</span>
        </div>
        <div className="flex flex-col items-start gap-1 sm:items-end">
          {canTake(item) && <Take item={item} onTaken={onTaken} />}
          {item.takenAt !== undefined && (
            <span className="text-dns-14N-130 text-solid-gray-700">
              {say('receive.taken', { time: shortTime(item.takenAt) })}
            </span>
          )}
        </div>
      </div>
      <div className="mt-2 sm:pl-[9rem] lg:pl-[12rem]">
        {item.problem === undefined ? (
          <Became item={item} />
        ) : (
          <Stopped problem={item.problem} {...props} />
        )}
        <Details item={item} />
      </div>
    </li>
  )
}

function canTake(item: InboxItem): boolean {
  return item.state === 'delivered' && (left(item) ?? 0) >= 0
}

function left(item: InboxItem): number | undefined {
  return item.until === undefined ? undefined : daysLeft(item.until, new Date())
}

function remaining(item: InboxItem): string {
  const days = left(item)
  if (days === undefined || item.state !== 'delivered') return ''
  if (days < 0) return say('receive.over')
  return days === 0 ? say('receive.today') : say('receive.days', { days })
}

function Take({ item, onTaken }: { readonly item: InboxItem; readonly onTaken: () => void }) {
  const name = safeName(item.outputName)
  const again = item.takenAt !== undefined
  return (
    <Button
      kind={again ? 'second' : 'main'}
      label={say(again ? 'receive.againOne' : 'receive.takeOne', { name })}
      onPress={() => void take(item, onTaken)}
    >
      {say(again ? 'receive.again' : 'receive.take')}
    </Button>
  )
}

/** Asks first whether we are still signed in: otherwise the browser would save the refusal under the file's name. */
async function take(item: InboxItem, onTaken: () => void): Promise<void> {
  const signedIn = await call<Me>('GET', '/api/me')
  if (!signedIn.ok) return
  const link = document.createElement('a')
  link.href = `/api/inbox/${encodeURIComponent(item.id)}/file`
  link.download = item.outputName
  link.click()
  setTimeout(onTaken, 1000)
}

/** Why it did not arrive. Folded away when it was tried again; what can be done is done on the other side. */
function Stopped(props: {
  readonly item: InboxItem
  readonly problem: Problem
  readonly from: string
  readonly successor: string | undefined
}) {
  const { item, problem, from: zone, successor } = props
  if (successor !== undefined)
    return (
      <>
        <p className="text-dns-16N-130">{say('again.done', { number: successor })}</p>
        <More word={say('again.why')}>
          <Refusal problem={problem} />
        </More>
      </>
    )
  const [offer] = item.offers
  if (offer === undefined) return <Refusal problem={problem} />
  return (
    <Refusal
      problem={problem}
      cure={say(`again.there.${offer}`, { zone })}
      deed={
        offer === 'flatten' &&
        !problem.cure.includes(say('again.flatten')) && (
          <p className="mt-1">{say('again.otherWay', { cure: problem.cure })}</p>
        )
      }
    />
  )
}

function Became({ item }: { readonly item: InboxItem }) {
  if (item.outputName === '') return null
  return (
    <>
      <MacroWarning
        macros={item.macros}
        sentence={say('changes.macroKept')}
        advice={say('changes.macroTake')}
      />
      {item.outputName !== item.fileName && (
        <p className="text-dns-16N-130">
          {say('receive.renamed', {
            before: safeName(item.fileName),
            beforesize: sizeText(item.size),
            after: safeName(item.outputName),
            aftersize: sizeText(item.outputSize),
          })}
        </p>
      )}
      {item.removed.length === 0 ? (
        <p className="text-dns-16N-130">{say('receive.nothingRemoved')}</p>
      ) : (
        <RemovedList changes={item} />
      )}
      {item.likeness.length > 0 && (
        <p className="text-dns-16N-130 mt-1">{item.likeness.join('')}</p>
      )}
      {item.kept.length > 0 && (
        <>
          <p className="text-dns-14B-130 mt-1">{say('receive.kept')}</p>
          <Sentences sentences={item.kept} />
        </>
      )}
    </>
  )
}

function Details({ item }: { readonly item: InboxItem }) {
  const evidence = `/evidence?number=${encodeURIComponent(item.number)}`
  return (
    <More word={say('frame.details')}>
      <Facts
        rows={[
          {
            name: say('receive.before'),
            value: (
              <>
                <SafeName parts={nameParts(item.fileName)} />（{sizeText(item.size)}）
              </>
            ),
          },
          ...(item.outputName === ''
            ? []
            : [
                {
                  name: say('receive.after'),
                  value: (
                    <>
                      <SafeName parts={nameParts(item.outputName)} />（{sizeText(item.outputSize)}）
                    </>
                  ),
                },
              ]),
          { name: say('receive.started'), value: <When at={item.receivedAt} full /> },
          ...(item.deliveredAt === undefined
            ? []
            : [{ name: say('receive.arrived'), value: <When at={item.deliveredAt} full /> }]),
          ...(item.until === undefined
            ? []
            : [{ name: say('receive.until'), value: <When at={item.until} /> }]),
          { name: say('receive.shaBefore'), value: <Digest>{item.inputSha256}</Digest> },
          ...(item.outputSha256 === ''
            ? []
            : [{ name: say('receive.shaAfter'), value: <Digest>{item.outputSha256}</Digest> }]),
        ]}
      />
      <p className="mt-2">
        <a
          href={evidence}
          className="text-key-900 underline underline-offset-4"
          onClick={(event) => followInside(event, evidence)}
        >
          {say('receive.evidence')}
        </a>
      </p>
    </More>
  )
}
