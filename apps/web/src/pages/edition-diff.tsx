import type { DiffPage, Finding } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { shortDay, todayInJapan } from '../ui/dates.ts'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { RuleId } from './rule-id.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** 版のちがい: which findings come and go with another edition, and what changed in the guideline. */
export function EditionDiffPart() {
  const { query: asked } = usePlace()
  const query = new URLSearchParams(
    (['from', 'to', 'at'] as const).map((key) => [key, asked.get(key) ?? '']),
  ).toString()
  const loaded = useLoad<DiffPage>(`/api/diff?${query}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <>
      <p>{say('diff.lead')}</p>
      <Which key={`${value.from} ${value.to} ${value.at}`} page={value} />
      {value.from === value.to ? <p>{say('diff.same')}</p> : <Differences page={value} />}
      <SaveButtons query={query} paths={{ excel: '/api/diff.xlsx' }} />
    </>
  )
}

function Which({ page }: { readonly page: DiffPage }) {
  const place = usePlace()
  const [from, setFrom] = useState<string>(page.from)
  const [to, setTo] = useState<string>(page.to)
  const [at, setAt] = useState(page.at)
  const options = page.editions.map(({ id, name }) => ({
    value: id,
    label: say(id === page.own ? 'diff.editionOwn' : 'diff.edition', { id, name }),
  }))
  return (
    <Form
      className="screen-only my-3 flex flex-wrap items-end gap-4"
      onSubmit={() => go(withQuery(place, { from, to, at: at === todayInJapan() ? '' : at }))}
    >
      <Choice
        label={say('diff.from')}
        name="from"
        value={from}
        options={options}
        onChange={setFrom}
      />
      <Choice label={say('diff.to')} name="to" value={to} options={options} onChange={setTo} />
      <TextField label={say('check.at')} name="at" type="date" value={at} onChange={setAt} />
      <Button type="submit" kind="second">
        {say('diff.see')}
      </Button>
    </Form>
  )
}

function Differences({ page }: { readonly page: DiffPage }) {
  const { from, to, at, appear, vanish, editions } = page
  const order = (edition: string): number => editions.findIndex(({ id }) => id === edition)
  return (
    <>
      <h2 className="text-std-20B-160 mt-6 mb-1">
        {say('diff.title', { from, to, day: shortDay(at) })}
      </h2>
      <p aria-live="polite">
        {say('diff.count', { appear: appear.length, vanish: vanish.length })}
        {order(to) < order(from) && say('diff.back')}
      </p>
      <Moved move="appear" page={page} />
      <Moved move="vanish" page={page} />
      <Rules page={page} />
    </>
  )
}

const MOVED_HEADS = ['rule', 'severity', 'message', 'cure', 'clause'] as const

function Moved({ move, page }: { readonly move: 'appear' | 'vanish'; readonly page: DiffPage }) {
  const title = say(`diff.${move}`)
  const findings = page[move]
  const heads = MOVED_HEADS.filter((head) => head !== 'cure' || move === 'appear')
  return (
    <>
      <h3 className="text-std-17B-170 mt-5 mb-1">{title}</h3>
      {findings.length === 0 ? (
        <p>{say('diff.none')}</p>
      ) : (
        <Table caption={title} head={heads.map((head) => say(`check.head.${head}`))}>
          {findings.map((finding) => (
            <tr key={`${finding.rule} ${finding.path ?? ''}`}>
              <Cell narrow>
                <RuleId id={finding.rule} />
              </Cell>
              <Cell narrow>{say(`check.severity.${finding.severity}`)}</Cell>
              <Cell>
                {safeName(finding.message)}
                <p className="text-dns-14N-130 text-solid-gray-700">
                  {because(finding, page)}
                  {finding.line !== undefined && say('check.line', { line: finding.line })}
                </p>
              </Cell>
              {move === 'appear' && (
                <Cell>
                  {finding.cure.sentence}
                  <p className="text-dns-14N-130 text-solid-gray-700">
                    {say('check.who', { who: say(`decide.who.${finding.cure.who}`) })}
                  </p>
                </Cell>
              )}
              <Cell>
                <span className="text-dns-14N-130">
                  {finding.clause}
                  {finding.verified ? '' : say('check.unverified')}
                </span>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

/** What changed in the guideline so that the finding comes or goes. */
function because({ rule }: Finding, { rules }: DiffPage): string {
  const change = rules.find(({ id }) => id === rule)?.change ?? 'facts'
  return say(`diff.because.${change}`)
}

const RULE_HEADS = ['change', 'rule', 'short', 'clause', 'findings'] as const

/** Every rule that changed; those that touch this town first. */
function Rules({ page: { rules, model, editions, from, to } }: { readonly page: DiffPage }) {
  const title = say('diff.rules')
  const touched = rules.toSorted((a, b) => Math.sign(b.findings) - Math.sign(a.findings))
  const places = [from, to].map((edition) => editions.findIndex(({ id }) => id === edition))
  const between = editions.slice(Math.min(...places) + 1, Math.max(...places) + 1)
  return (
    <>
      <h3 className="text-std-17B-170 mt-6 mb-1">{title}</h3>
      <ul className="list-disc pl-6" aria-label={say('diff.editions')}>
        {between.map((edition) => (
          <li key={edition.id}>{say('diff.published', { ...edition })}</li>
        ))}
      </ul>
      <p className="my-2">
        {say(rules.length === 0 ? 'diff.rulesNone' : 'diff.rulesLead', { model })}
      </p>
      {rules.length > 0 && (
        <Table caption={title} head={RULE_HEADS.map((head) => say(`diff.head.${head}`))}>
          {touched.map(({ id, change, short, clause, verified, findings }) => (
            <tr key={id}>
              <Cell narrow>{say(`diff.change.${change}`)}</Cell>
              <Cell narrow>
                <RuleId id={id} />
              </Cell>
              <Cell>{short}</Cell>
              <Cell>
                <span className="text-dns-14N-130">
                  {clause}
                  {verified ? '' : say('check.unverified')}
                </span>
              </Cell>
              <Cell narrow>
                {findings === 0
                  ? say('diff.findingsNone')
                  : say('diff.findings', { count: findings })}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}
