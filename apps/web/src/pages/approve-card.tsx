import type { ApprovalCard } from '@sekisho/server/api'
import { Badge } from '../ui/badge.tsx'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import { More } from '../ui/more.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { cardLook } from './card-view.ts'
import { MacroWarning, PicturesMark, RemovedList, Sentences } from './changes.tsx'
import { DecisionPage } from './decision-page.tsx'
import { PreviewPane } from './preview.tsx'
import { RuleId } from './rule-id.tsx'

/** A file that waits for a decision. */
export function ApproveCardPage({ number }: { readonly number: string }) {
  return (
    <DecisionPage<ApprovalCard>
      path={`/api/approvals/${encodeURIComponent(number)}`}
      bound={say('approve.bound')}
      said={({ state, destination }) =>
        state === 'returned'
          ? say('approve.returned')
          : say('approve.approved', { to: destination })
      }
      view={Card}
    />
  )
}

function Card({ card }: { readonly card: ApprovalCard }) {
  const look = cardLook(card)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex flex-col gap-6">
        <section aria-label={say('page.approve')}>
          <p className="mb-2 flex flex-wrap gap-2">
            <Badge tone={look.tone} shape={look.shape}>
              {look.word}
            </Badge>
            <PicturesMark outcome={card.outcome} />
          </p>
          <MacroWarning
            macros={card.macros}
            sentence={macroSentence(card)}
            advice={say('changes.macroDecide')}
          />
          <Facts rows={factsOf(card)} />
        </section>
        <Removed card={card} />
        <RulesThatAsk findings={card.findings} />
        <More word={say('frame.details')}>
          <Facts
            rows={[
              { name: say('approve.requested'), value: <When at={card.requestedAt} full /> },
              { name: say('approve.sha'), value: <Digest>{card.sha256}</Digest> },
            ]}
          />
        </More>
      </div>
      <PreviewPane number={card.number} />
    </div>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ))
}

/** The rule's own sentence, as long as it asks. */
function macroSentence({ findings }: ApprovalCard): string {
  const rule = findings.find((finding) => finding.rule === 'X3-MACRO-APPROVAL')
  return rule?.message ?? say('changes.macroKept')
}

function factsOf(card: ApprovalCard) {
  const late = card.state === 'held' && Date.parse(card.deadline) < Date.now()
  return [
    {
      name: say('approve.who'),
      value: (
        <>
          <span className="name">{card.from.name}</span>（{card.from.department}）
        </>
      ),
    },
    {
      name: say('approve.what'),
      value: (
        <>
          <SafeName parts={nameParts(card.fileName)} />（{sizeText(card.size)}）
          {card.outputName !== card.fileName && (
            <span className="block">
              → <SafeName parts={nameParts(card.outputName)} />（{sizeText(card.outputSize)}）
            </span>
          )}
        </>
      ),
    },
    { name: say('approve.why'), value: card.purpose },
    { name: say('approve.where'), value: card.destination },
    ...(card.likeness.length === 0
      ? []
      : [{ name: say('changes.likeness'), value: <Lines lines={card.likeness} /> }]),
    {
      name: say('approve.deadline'),
      value: (
        <>
          <When at={card.deadline} />
          {late && <strong className="text-error-2 block">{say('approve.overdue')}</strong>}
        </>
      ),
    },
    ...decidedRows(card),
  ]
}

/** Who decided, and what they said. */
export function decidedRows({ decidedBy, comment }: Pick<ApprovalCard, 'decidedBy' | 'comment'>) {
  if (decidedBy === undefined) return []
  return [
    { name: say('approve.decidedBy'), value: <span className="name">{decidedBy}</span> },
    { name: say('approve.comment'), value: comment || say('approve.noComment') },
  ]
}

function Removed({ card }: { readonly card: ApprovalCard }) {
  return (
    <section aria-labelledby="removed">
      <h2 id="removed" className="text-std-18B-160 mb-1">
        {say('approve.gate')}
      </h2>
      {card.removed.length === 0 ? (
        <p>{say('approve.gateNone')}</p>
      ) : (
        <RemovedList changes={card} />
      )}
      {card.kept.length > 0 && (
        <>
          <h3 className="text-std-16B-170 mt-2">{say('approve.kept')}</h3>
          <Sentences sentences={card.kept} />
        </>
      )}
    </section>
  )
}

/** Which rules want a person to look, each with its clause. */
export function RulesThatAsk({ findings }: Pick<ApprovalCard, 'findings'>) {
  if (findings.length === 0) return null
  return (
    <section aria-labelledby="rules">
      <h2 id="rules" className="text-std-18B-160 mb-1">
        {say('approve.rules')}
      </h2>
      <ul className="flex flex-col gap-2">
        {findings.map((finding) => (
          <li key={`${finding.rule}${finding.path ?? ''}`}>
            <p>
              <RuleId id={finding.rule} />　{finding.message}
            </p>
            <p className="text-dns-14N-130 text-solid-gray-700">
              {say('approve.clause', { clause: finding.clause, edition: finding.edition })}
              {!finding.verified && <span className="block">{say('approve.unverified')}</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
