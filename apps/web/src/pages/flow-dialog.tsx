import type { FlowRow, GateRow } from '@sekisho/server/api'
import { Button } from '../ui/button.tsx'
import { dayText, shortDay } from '../ui/dates.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import { say } from '../words/say.ts'

/** All that is known of one flow: what for, whose, by which clause, until when, and when it was last used. */
export function FlowDialog(props: { readonly flow: FlowRow; readonly onClose: () => void }) {
  const { flow } = props
  const { number, name, from, to } = flow
  return (
    <Dialog title={say('town.flow', { number, name })} onClose={props.onClose} wide>
      <Facts
        rows={[
          { name: say('town.fact.ends'), value: say('town.ends', { from, to }) },
          { name: say('town.fact.what'), value: flow.what },
          {
            name: say('town.fact.purpose'),
            value: flow.purpose === '' ? say('town.noPurpose') : flow.purpose,
          },
          {
            name: say('town.fact.owner'),
            value: flow.owner === '' ? say('town.noOwner') : flow.owner,
          },
          { name: say('town.fact.fixed'), value: fixedText(flow) },
          { name: say('town.fact.expires'), value: <Expiry flow={flow} /> },
          { name: say('town.fact.last'), value: <FlowUse flow={flow} /> },
          { name: say('town.fact.state'), value: <State flow={flow} /> },
          { name: say('town.fact.rules'), value: <Rules rules={flow.rules} /> },
        ]}
      />
      <Close onClose={props.onClose} />
    </Dialog>
  )
}

/** A gate: between which zones, and when something last came through. */
export function GateDialog(props: { readonly gate: GateRow; readonly onClose: () => void }) {
  const { gate } = props
  return (
    <Dialog title={gate.name} onClose={props.onClose}>
      <p className="mb-2">{say('town.gate.lead', { from: gate.from, to: gate.to })}</p>
      <Facts rows={[{ name: say('town.fact.last'), value: <LastUse at={gate.lastUse} /> }]} />
      <Close onClose={props.onClose} />
    </Dialog>
  )
}

function Close({ onClose }: { readonly onClose: () => void }) {
  return (
    <p className="mt-4">
      <Button kind="second" onPress={onClose}>
        {say('frame.close')}
      </Button>
    </p>
  )
}

const fixedText = ({ fixed }: FlowRow): string =>
  fixed === undefined
    ? say('town.notFixed')
    : say('town.fixed', {
        number: fixed.number,
        date: dayText(fixed.date),
        by: fixed.approvedBy,
      })

export function Expiry({ flow, short }: { readonly flow: FlowRow; readonly short?: boolean }) {
  if (flow.expires === undefined) return say('town.noExpiry')
  return (
    <>
      <time dateTime={flow.expires}>
        {short === true ? shortDay(flow.expires) : dayText(flow.expires)}
      </time>
      {flow.expired && `　${say('town.expired')}`}
    </>
  )
}

/** When a flow was last used, and that nobody has for long: then somebody asks whether it is needed. */
export function FlowUse({ flow }: { readonly flow: FlowRow }) {
  return (
    <>
      <LastUse at={flow.lastUse} />
      {flow.unusedDays !== undefined && <p>{say('town.unused', { days: flow.unusedDays })}</p>}
    </>
  )
}

function LastUse({ at }: { readonly at: string | undefined }) {
  return at === undefined ? say('town.noUse') : <When at={at} />
}

function State({ flow }: { readonly flow: FlowRow }) {
  if (flow.shut === undefined) return say('town.open')
  return (
    <>
      <p>{say('town.shut')}</p>
      <p>{flow.shut.message}</p>
      <p>{flow.shut.cure}</p>
    </>
  )
}

function Rules({ rules }: { readonly rules: FlowRow['rules'] }) {
  return (
    <ul className="list-disc pl-5">
      {rules.map(({ rule, clause, verified, message, cure }) => (
        <li key={rule}>
          {message !== undefined && <p>{message}</p>}
          {cure !== undefined && <p>{cure}</p>}
          <p>{say('town.rule', { rule, clause })}</p>
          {!verified && <p>{say('check.unverified')}</p>}
        </li>
      ))}
    </ul>
  )
}
