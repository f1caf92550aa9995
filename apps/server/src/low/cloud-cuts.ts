/**
 * 急いで止める: an officer cuts one service of the cloud gate, sees before what stops with it, and opens it again. It stands beside the gate, on the side that may be lost: an emergency does not wait for the
 * link, and whoever owns this side could cut the gate anyway. What it cannot do is let more through than the declaration.
 */
import { serviceName } from '@sekisho/gates/web'
import { cutImpact } from '@sekisho/town'
import type { CloudCuts, NewCloudCut } from '../api.ts'
import { cutService, readCuts, reopenService } from '../cloud/cuts.ts'
import type { SignedIn } from '../host/accounts.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { shape, text } from '../shape.ts'
import type { Check } from '../shape.ts'
import type { CloudUse } from './cloud-use.ts'

/** What is cut, and where that is written down. */
type Cuttable = Pick<CloudUse, 'town' | 'gate' | 'dataDir'>

const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
const newCut = shape<NewCloudCut>({
  service: text(63, /^[a-z0-9][a-z0-9-]*$/u),
  open: flag,
  typed: text(200),
  reason: text(500),
})

export function addCloudCuts(app: Web, options: Cuttable): void {
  app.get('/api/cloud-cuts', async (context) =>
    mayCut(context.get('who'))
      ? context.json(await pageOf(options, context.req.query('service')))
      : refuse(context, 403, 'NOT-YOUR-ROLE'),
  )
  app.post('/api/cloud-cuts', (context) => cut(context, options))
}

/** An auditor looks on; whoever answers for the network stops it. */
const mayCut = ({ person }: SignedIn): boolean =>
  person.roles.some((role) => role === 'it-officer' || role === 'ciso')

async function cut(context: WebContext, options: Cuttable): Promise<Response> {
  const who = context.get('who')
  if (!mayCut(who)) return refuse(context, 403, 'NOT-YOUR-ROLE')
  const input = await readBody(context, newCut)
  const name = input && serviceName(input.service, options.town)
  const known = options.gate.services.some(({ service }) => service === input?.service)
  if (!input || !known || input.typed.trim() !== name || input.reason.trim() === '')
    return refuse(context, 400, 'BODY-INVALID')
  const { service, open, reason } = input
  const note = { by: who.person.id, at: new Date().toISOString(), reason: reason.trim() }
  if (open) await reopenService(options.dataDir, service, note)
  else await cutService(options.dataDir, { service, ...note })
  return context.json(await pageOf(options, service))
}

async function pageOf(
  { town, gate, dataDir }: Cuttable,
  asked: string | undefined,
): Promise<CloudCuts> {
  const cuts = new Map((await readCuts(dataDir)).map((one) => [one.service, one]))
  const impact = asked === undefined ? undefined : cutImpact(town, `service:${asked}`)
  return {
    services: gate.services.map(({ service }) => {
      const found = cuts.get(service)
      const person = town.people.find(({ id }) => id === found?.by)
      const said = found && {
        by: person?.name ?? found.by,
        at: found.at,
        reason: found.reason ?? '',
      }
      return { service, name: serviceName(service, town), ...(said && { cut: said }) }
    }),
    ...(impact && { impact }),
  }
}
