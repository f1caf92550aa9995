import type { DecisionAnswer, Finding } from '@sekisho/server/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { say } from '../words/say.ts'
import { ResultBadge } from './decide.tsx'
import { RuleId, RuleIds } from './rule-id.tsx'

/** What is said to the facts: the answer, what was found and why, what is in the way and what would help. */
export function AnswerView({ said }: { readonly said: DecisionAnswer }) {
  const { answer, found, grounds, changes, wording, open } = said
  const { result, findings } = answer
  return (
    <section
      aria-labelledby="answer"
      className="border-key-900 rounded-12 my-4 border-2 bg-white p-4"
    >
      <h2 id="answer" className="text-std-20B-160 mb-2 flex flex-wrap items-center gap-3">
        {say('decide.result')} <ResultBadge result={result} />
      </h2>
      <p className="mb-2">
        {say(
          found.length > 0 && result === 'pass'
            ? 'decide.resultFound'
            : `decide.result.${result}Long`,
        )}
      </p>
      {found.length > 0 && (
        <Facts
          rows={found.map(({ label, value }) => ({
            name: label,
            value: <strong className="text-std-17B-170">{value}</strong>,
          }))}
        />
      )}
      {findings.length > 0 && (
        <>
          <h3 className="text-std-17B-170 mt-4">{say('decide.findings')}</h3>
          <Findings findings={findings} />
        </>
      )}
      {changes.length > 0 && (
        <>
          <h3 className="text-std-17B-170 mt-4">{say('decide.changes')}</h3>
          <ul className="list-disc pl-6">
            {changes.map(({ label, to, who }) => (
              <li key={`${label} ${to}`}>
                {say('decide.change', { label, to, who: say(`decide.who.${who}`) })}
              </li>
            ))}
          </ul>
        </>
      )}
      {findings.length > 0 && changes.length === 0 && answer.basis !== 'error' && (
        <p className="mt-4">{say('decide.noChanges')}</p>
      )}
      {wording.length > 0 && <WordingList wording={wording} />}
      {open.map((one) => (
        <OpenPoint key={one.point} open={one} />
      ))}
      {grounds.map(({ label, findings: why }) => (
        <div key={label}>
          <h3 className="text-std-17B-170 mt-4">{say('decide.grounds', { label })}</h3>
          <Findings findings={why} withCure={false} />
        </div>
      ))}
    </section>
  )
}

/** An open point on which the answer hangs: every reading, its source, and what it would say. Never folded away. */
function OpenPoint({ open }: { readonly open: DecisionAnswer['open'][number] }) {
  return (
    <div className="border-solid-gray-420 rounded-8 mt-4 border p-3">
      <h3 className="text-std-17B-170">
        {say('decide.open.title', { title: open.title, point: open.point })}
      </h3>
      <p>{open.sentence}</p>
      <ul className="mt-2 grid gap-3">
        {open.readings.map(({ short, text, source, inForce, outcome }) => (
          <li key={short} className="border-solid-gray-420 border-l-4 pl-3">
            <p>
              <span className="text-std-16B-170">
                {say(inForce ? 'decide.open.inForce' : 'decide.open.other', { short })}
              </span>
              　{text}
            </p>
            {outcome !== undefined && (
              <p className="flex flex-wrap items-center gap-2">
                {say('decide.open.would')} <ResultBadge result={outcome.result} />
                {outcome.found.map(({ label, value }) => (
                  <span key={label}>{say('decide.open.found', { label, value })}</span>
                ))}
                <RuleIds ids={outcome.rules} />
              </p>
            )}
            <p className="text-dns-14N-130 text-solid-gray-700">
              {say('decide.open.source', { source })}
            </p>
          </li>
        ))}
      </ul>
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{say('decide.unverified')}</p>
    </div>
  )
}

/** Clauses to copy: whoever writes the specification need not find the words. */
function WordingList({ wording }: { readonly wording: DecisionAnswer['wording'] }) {
  const [copied, setCopied] = useState('')
  const copy = (title: string, text: string): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(title))
  }
  return (
    <details className="mt-4">
      <summary className="text-std-16B-170 target cursor-pointer">{say('decide.wording')}</summary>
      <ul className="grid gap-3">
        {wording.map(({ title, text }) => (
          <li key={text} className="border-solid-gray-420 border-l-4 pl-3">
            <h4 className="text-std-16B-170">{title}</h4>
            <p>{text}</p>
            <p className="screen-only" aria-live="polite">
              <Button
                kind="second"
                small
                label={say('decide.copyOne', { title })}
                onPress={() => copy(title, text)}
              >
                {say('decide.copy')}
              </Button>{' '}
              {copied === title && say('decide.copied')}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Findings(props: { readonly findings: readonly Finding[]; readonly withCure?: boolean }) {
  return (
    <ul className="mt-1 grid gap-3">
      {props.findings.map((finding) => (
        <li
          key={`${finding.rule} ${finding.message}`}
          className="border-solid-gray-420 border-l-4 pl-3"
        >
          <p>
            {finding.message} <RuleId id={finding.rule} />
          </p>
          {props.withCure !== false && (
            <p>
              <span className="text-std-16B-170">{say('frame.cure')}</span>　{finding.cure.sentence}
            </p>
          )}
          <p className="text-dns-14N-130 text-solid-gray-700">
            {say('decide.clause', { clause: finding.clause, edition: finding.edition })}
            {finding.verified ? '' : say('decide.unverified')}
          </p>
        </li>
      ))}
    </ul>
  )
}
