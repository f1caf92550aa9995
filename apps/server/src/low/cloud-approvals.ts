/** 送る承認: files that somebody let be sent to a cloud service, for officers and auditors. Approving is done with a key, at the gate's own machine, and not here. */
import { personName, serviceName, timeInJapan } from '@sekisho/gates/web'
import { csvText } from '@sekisho/report'
import type { CloudApprovals } from '../api.ts'
import { readApprovals } from '../cloud/guard/approval-record.ts'
import { attachment, XLSX } from '../host/attachment.ts'
import type { Web } from '../host/web.ts'
import words from '../words/cloud-approvals.json' with { type: 'json' }
import { CSV, showCloud, workbook } from './cloud-use.ts'
import type { CloudUse, SavedTable } from './cloud-use.ts'

export function addCloudApprovals(app: Web, use: CloudUse): void {
  showCloud(app, use, '/api/cloud/approvals', async (context) => context.json(await pageOf(use)))
  showCloud(app, use, '/api/cloud/approvals.csv', async (context) => {
    const { about, columns, rows } = await tableOf(use)
    const bytes = Buffer.from(csvText([[about], columns, ...rows]))
    return attachment(context, 'cloud-approvals.csv', CSV, bytes)
  })
  showCloud(app, use, '/api/cloud/approvals.xlsx', async (context) => {
    const bytes = workbook(use.town, await tableOf(use), words.notes)
    return attachment(context, 'cloud-approvals.xlsx', XLSX, bytes)
  })
}

async function pageOf({ dataDir, town, gate, watch }: CloudUse): Promise<CloudApprovals> {
  const { signers } = gate
  const terms = { signers, people: town.people, today: watch.today }
  const { approvals, ...rest } = await readApprovals(dataDir, terms)
  return {
    ...rest,
    approvals: approvals.map(({ name, sha256, service, sender, by, at, until, state }) => ({
      file: name,
      sha256,
      service: serviceName(service, town),
      sender: personName(sender, town),
      by: personName(by, town),
      at,
      until,
      state,
    })),
  }
}

/** What the page shows, with the whole digest; what it says of the record stands first. */
async function tableOf(use: CloudUse): Promise<SavedTable> {
  const { approvals, unsigned, broken } = await pageOf(use)
  const remarks = [
    words.asOf.replace('{day}', use.watch.today),
    ...(unsigned > 0 ? [words.unsigned.replace('{count}', String(unsigned))] : []),
    ...(broken
      ? [words.broken.replace('{file}', broken.file).replace('{line}', String(broken.line))]
      : []),
  ]
  return {
    title: words.title,
    about: remarks.join('　'),
    columns: words.columns,
    rows: approvals.map(({ state, file, sha256, service, sender, by, at, until }) => [
      words.states[state],
      file,
      sha256,
      service,
      sender,
      by,
      timeInJapan(at),
      until,
    ]),
  }
}
