import type { Finding, TownCheck } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { shortDay, todayInJapan } from '../ui/dates.ts'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { say } from '../words/say.ts'
import { CalendarPart, ModelsPart, RiskPart, SelfCheckPart } from './assessment.tsx'
import { Cut } from './cut.tsx'
import { EditionDiffPart } from './edition-diff.tsx'
import { ResultBadge } from './decide.tsx'
import { ReportPart } from './report.tsx'
import { RoadmapPart } from './roadmap.tsx'
import { RuleId } from './rule-id.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** 点検: the findings of the declaration in force, and what stops when something is cut. */
export function CheckPage() {
  const place = usePlace()
  const tab = TABS.find((name) => name === place.query.get('tab')) ?? 'findings'
  return (
    <>
      <Tabs
        label={say('check.tabs')}
        tabs={TABS.map((name) => ({
          href: withQuery(place, { tab: name === 'findings' ? '' : name }),
          name: say(`check.tab.${name}`),
          current: name === tab,
        }))}
        onGo={go}
      />
      <OnPaper tab={tab} />
      <Part tab={tab} />
    </>
  )
}

/** The controls that say so on the screen are not on paper. */
function OnPaper({ tab }: { readonly tab: (typeof TABS)[number] }) {
  const { query } = usePlace()
  const edition = query.get('edition') ?? ''
  return (
    <p className="paper-only">
      {say('check.paper', {
        tab: say(`check.tab.${tab}`),
        day: shortDay(query.get('at') || todayInJapan()),
        edition: edition === '' ? say('check.paperEdition') : edition,
      })}
    </p>
  )
}

const TABS = [
  'findings',
  'self-check',
  'roadmap',
  'models',
  'diff',
  'calendar',
  'risk',
  'cut',
  'report',
] as const

function Part({ tab }: { readonly tab: (typeof TABS)[number] }) {
  switch (tab) {
    case 'findings':
      return <Findings />
    case 'self-check':
      return <SelfCheckPart />
    case 'roadmap':
      return <RoadmapPart />
    case 'models':
      return <ModelsPart />
    case 'diff':
      return <EditionDiffPart />
    case 'calendar':
      return <CalendarPart />
    case 'risk':
      return <RiskPart />
    case 'cut':
      return <Cut />
    case 'report':
      return <ReportPart />
  }
}

function Findings() {
  const place = usePlace()
  const at = place.query.get('at') ?? ''
  const edition = place.query.get('edition') ?? ''
  const query = new URLSearchParams({ at, edition }).toString()
  const loaded = useLoad<TownCheck>(`/api/check?${query}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <>
      <p>{say('check.lead')}</p>
      <When key={`${value.at} ${value.edition}`} check={value} />
      <p className="my-3 flex flex-wrap items-center gap-3">
        <ResultBadge result={value.result} />
        {say('check.summary', {
          questions: value.questions,
          count: value.findings.length,
          model: value.model,
        })}
      </p>
      {value.findings.length === 0 ? (
        <p>{say('check.clean')}</p>
      ) : (
        <Table caption={say('check.table')} head={HEADS.map((head) => say(`check.head.${head}`))}>
          {value.findings.map((finding) => (
            <Line key={`${finding.rule} ${finding.path ?? ''}`} finding={finding} />
          ))}
        </Table>
      )}
      <SaveButtons query={query} paths={{ excel: '/api/check.xlsx', pdf: '/api/check.pdf' }} />
    </>
  )
}

const HEADS = ['rule', 'severity', 'message', 'cure', 'clause'] as const

/** As of which day, by which edition. */
function When({ check }: { readonly check: TownCheck }) {
  const place = usePlace()
  const [at, setAt] = useState(check.at)
  const [edition, setEdition] = useState<string>(check.edition)
  return (
    <Form
      className="screen-only my-3 flex flex-wrap items-end gap-4"
      onSubmit={() => go(withQuery(place, { at, edition }))}
    >
      <TextField label={say('check.at')} name="at" type="date" value={at} onChange={setAt} />
      <Choice
        label={say('check.edition')}
        name="edition"
        value={edition}
        options={check.editions.map((one) => ({ value: one, label: one }))}
        onChange={setEdition}
      />
      <Button type="submit" kind="second">
        {say('check.see')}
      </Button>
    </Form>
  )
}

function Line({ finding }: { readonly finding: Finding }) {
  const { rule, severity, message, cure, clause, line, verified, open = [] } = finding
  return (
    <tr>
      <Cell narrow>
        <RuleId id={rule} />
      </Cell>
      <Cell narrow>{say(`check.severity.${severity}`)}</Cell>
      <Cell>
        {message}
        {open.map(({ point, sentence }) => (
          <p key={point}>{sentence}</p>
        ))}
        {line !== undefined && (
          <p className="text-dns-14N-130 text-solid-gray-700">{say('check.line', { line })}</p>
        )}
      </Cell>
      <Cell>
        {cure.sentence}
        <p className="text-dns-14N-130 text-solid-gray-700">
          {say('check.who', { who: say(`decide.who.${cure.who}`) })}
        </p>
      </Cell>
      <Cell>
        <span className="text-dns-14N-130">
          {clause}
          {verified ? '' : say('check.unverified')}
        </span>
      </Cell>
    </tr>
  )
}
