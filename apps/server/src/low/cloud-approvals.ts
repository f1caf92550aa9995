/** 送る承認: files that somebody let be sent to a cloud service, for officers and auditors. Approving is done with a key, at the gate's own machine, and not here. */
import { personName, serviceName } from '@sekisho/gates/web'
import type { CloudApprovals } from '../api.ts'
import { readApprovals } from '../cloud/guard/approval-record.ts'
import type { Web } from '../host/web.ts'
import { showCloud } from './cloud-use.ts'
import type { CloudUse } from './cloud-use.ts'

export function addCloudApprovals(app: Web, use: CloudUse): void {
  showCloud(app, use, '/api/cloud/approvals', async (context) => context.json(await pageOf(use)))
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
