import type { CloudApprovals } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { shortDay } from '../ui/dates.ts'
import { Digest } from '../ui/digest.tsx'
import type { Shape } from '../ui/icon.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Waiting } from './waiting.tsx'

type Approval = CloudApprovals['approvals'][number]

const HEAD = ['state', 'file', 'to', 'sender', 'by', 'at', 'until'] as const
const LOOKS: Readonly<Record<Approval['state'], readonly [Tone, Shape]>> = {
  stands: ['good', 'check'],
  over: ['plain', 'notice'],
  replaced: ['plain', 'notice'],
  withdrawn: ['wait', 'stop'],
}

/** 送る承認: who let which file be sent to which service, for whom and until when. */
export function CloudApprovalsView() {
  const loaded = useLoad<CloudApprovals>('/api/cloud/approvals')
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  const { approvals, unsigned, broken } = value
  return (
    <>
      <p className="screen-only mb-3">{say('cloud.approvals.lead')}</p>
      {broken !== undefined && <Banner tone="bad" title={say('cloud.approvals.broken', broken)} />}
      {unsigned > 0 && (
        <Banner tone="wait" title={say('cloud.approvals.unsigned', { count: unsigned })} />
      )}
      {approvals.length === 0 ? (
        <p className="py-4">{say('cloud.approvals.none')}</p>
      ) : (
        <>
          <p className="screen-only my-3 flex flex-wrap gap-3">
            {(['excel', 'csv'] as const).map((kind) => (
              <a
                key={kind}
                href={`/api/cloud/approvals.${kind === 'excel' ? 'xlsx' : 'csv'}`}
                download
                className={buttonLook('second')}
              >
                {say(`cloud.${kind}`)}
              </a>
            ))}
            <Button kind="second" onPress={() => window.print()}>
              {say('cloud.print')}
            </Button>
          </p>
          <Table
            caption={say('cloud.view.approvals')}
            head={HEAD.map((key) => say(`cloud.approvals.${key}`))}
          >
            {approvals.map((one) => (
              <Row key={`${one.at} ${one.sha256} ${one.service} ${one.sender}`} approval={one} />
            ))}
          </Table>
        </>
      )}
    </>
  )
}

function Row({ approval }: { readonly approval: Approval }) {
  const { state, file, sha256, service, sender, by, at, until } = approval
  const [tone, shape] = LOOKS[state]
  return (
    <tr>
      <Cell narrow>
        <Badge tone={tone} shape={shape}>
          {say(`cloud.approvals.state.${state}`)}
        </Badge>
      </Cell>
      <Cell>
        <span className="inline-block max-w-80 min-w-48 break-all">
          {file === '' ? say('cloud.approvals.noName') : <SafeName parts={nameParts(file)} />}
          <br />
          <Digest>{sha256}</Digest>
        </span>
      </Cell>
      <Cell>{service}</Cell>
      <Cell narrow>
        <SafeName parts={nameParts(sender)} />
      </Cell>
      <Cell narrow>
        <SafeName parts={nameParts(by)} />
      </Cell>
      <Cell narrow>
        <When at={at} />
      </Cell>
      <Cell narrow>{shortDay(until)}</Cell>
    </tr>
  )
}
