/** 止める前の見守り: what the cloud gate would have stopped, for officers and auditors, with the text that would let it pass. Nothing is declared here. */
import {
  rehearsalWords,
  personName,
  departmentName,
  serviceName,
  WATCH_DAYS,
} from '@sekisho/gates/web'
import type { Town } from '@sekisho/core'
import { csvText } from '@sekisho/report'
import type { CloudRehearsal, CloudRehearsalRow } from '../api.ts'
import { LONGEST_REHEARSAL, readySentence, rehearsalTable, rehearse } from '../cloud/rehearsal.ts'
import type { Rehearsal, RehearsedRow } from '../cloud/rehearsal.ts'
import { attachment } from '../host/attachment.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { CSV, showCloud } from './cloud-use.ts'
import type { CloudUse } from './cloud-use.ts'

const ROWS = 200
/** People named in a row; a service that everybody wants would fill the page. */
const PEOPLE = 10

export function addCloudRehearsal(app: Web, use: CloudUse): void {
  showCloud(app, use, '/api/cloud/rehearsal', async (context) => {
    const days = daysAsked(context)
    if (days === undefined) return refuse(context, 400, 'BODY-INVALID')
    return context.json(pageOf(await rehearsed(use, days), use.town))
  })
  showCloud(app, use, '/api/cloud/rehearsal.csv', async (context) => {
    const days = daysAsked(context)
    if (days === undefined) return refuse(context, 400, 'BODY-INVALID')
    const { columns, rows } = rehearsalTable(await rehearsed(use, days))
    const bytes = Buffer.from(csvText([columns, ...rows]))
    return attachment(context, 'cloud-rehearsal.csv', CSV, bytes)
  })
}

function daysAsked(context: WebContext): number | undefined {
  const days = Number(context.req.query('days') ?? WATCH_DAYS)
  return Number.isInteger(days) && days >= 1 && days <= LONGEST_REHEARSAL ? days : undefined
}

const rehearsed = ({ dataDir, town, gate, watch }: CloudUse, days: number): Promise<Rehearsal> =>
  rehearse({ dataDir, town, gate, today: watch.today, days })

function pageOf(seen: Rehearsal, town: Town): CloudRehearsal {
  const { from, days, recorded, mode, ready, broken, unlisted, rows } = seen
  return {
    from,
    days,
    recorded,
    enforces: mode === 'enforce',
    ready,
    sentence: readySentence(seen),
    notes: [
      ...(broken ? [rehearsalWords.broken] : []),
      ...(unlisted === 0 ? [] : [rehearsalWords.unlisted.replace('{count}', String(unlisted))]),
    ],
    rows: rows.slice(0, ROWS).map((row) => rowOf(row, town)),
    total: rows.length,
  }
}

function rowOf(row: RehearsedRow, town: Town): CloudRehearsalRow {
  const { target, service, reason, message, cure, count, people, since, last, declaration } = row
  return {
    target,
    service: service === '' ? '' : serviceName(service, town),
    reason,
    message,
    count,
    people: people.slice(0, PEOPLE).map((id) => personName(id, town)),
    askers: people.length,
    departments: row.departments.map((id) => departmentName(id, town)),
    since,
    last,
    todo:
      declaration.length > 0
        ? rehearsalWords.passes
        : rehearsalWords.noDeclaration.replace('{cure}', () => cure),
    parts: declaration,
  }
}
