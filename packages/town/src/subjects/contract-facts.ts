import { CONTRACT_TERMS, HANDLED_DATA } from '@sekisho/core'
import type {
  Contract,
  ContractPaper,
  ContractTerm,
  HandledData,
  IsoDate,
  Subcontractor,
  Town,
} from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import type { Way } from '../entrusted.ts'
import { isInForce } from './subject.ts'

/** A contract with everything the declaration says about it. */
export interface OwnContract {
  readonly contract: Contract
  readonly path: string
  readonly papers: readonly { readonly paper: ContractPaper; readonly path: string }[]
  readonly parties: readonly Party[]
  /** What the papers that hold on the day say. */
  readonly stated: ReadonlySet<ContractTerm>
}

/** One party of the tree below it. */
export interface Party {
  readonly party: Subcontractor
  readonly path: string
  readonly way: Way<Subcontractor>
}

/** The heaviest data that lie in each thing that a contract can cover; what holds no asset is absent. */
export type HeldData = ReadonlyMap<string, HandledData>

/** What only the notice of June 2026 asks for (NOT42 別紙1 §3, as SC-02 does): on a day before it, none of it is missing. */
const ASKED_BY_NOTICE: ReadonlySet<ContractTerm> = new Set([
  'supplyDeclared',
  'headOffice',
  'owner',
])

/** The facts of the question `contract` for one contract. What is not declared counts as not there. */
export function contractFacts(
  { contract, parties, stated }: OwnContract,
  held: HeldData,
  at: IsoDate,
) {
  const beforeNotice = at < noticeDay()
  const isThere = (term: ContractTerm): boolean =>
    stated.has(term) || (beforeNotice && ASKED_BY_NOTICE.has(term))
  return {
    ...Object.fromEntries(CONTRACT_TERMS.map((term) => [factOf(term), isThere(term)])),
    ctKind: contract.kind,
    ctPersonal: heaviest([
      contract.personal,
      ...parties.map(({ party }) => party.personal),
      ...contract.covers.map((one) => held.get(one) ?? 'none'),
    ]),
    ctDataSupply: supplyOf(contract, held, at),
    ctSigned: contract.signed !== undefined && contract.signed <= at && at <= contract.ends,
    ctNodesWithoutConsent: parties.filter(({ party }) => !isConsented(party, at)).length,
    ctNodesIncomplete: parties.filter(({ party }) => !isRecorded(party)).length,
    ctLaw: contract.law ?? 'unset',
    ctCourt: contract.court ?? 'unset',
    ctIncidentHours: contract.incidentHours ?? 0,
  }
}

const noticeDay = (): IsoDate =>
  loadGuideline().controls.find(({ id }) => id === 'SC-02')?.since ?? ''

/** The fact of the question for what a paper may say. */
export const factOf = (term: ContractTerm): string => `ct${term[0]!.toUpperCase()}${term.slice(1)}`

/** A paper exists on the day and has not lapsed. */
export const paperHolds = ({ date, until }: ContractPaper, at: IsoDate): boolean =>
  date <= at && (until === undefined || at <= until)

/** Consent of the first client that exists on the day, given no later than the work began (特定個人情報ガイドライン 第4-2). */
export const isConsented = ({ consent, starts }: Subcontractor, at: IsoDate): boolean =>
  isInForce(consent, at) && consent!.date <= starts

/** Day of consent, work and data are written down. */
export const isRecorded = ({ consent, work, data }: Subcontractor): boolean =>
  consent !== undefined && work !== undefined && data !== undefined

// Data have been handed over when the town says so, when their day has come, and when they lie in the service that the contract is for.
function supplyOf(
  { dataSupply, dataFrom, covers }: Contract,
  held: HeldData,
  at: IsoDate,
): Contract['dataSupply'] {
  const there = covers.some((one) => one.startsWith('service:') && held.has(one))
  if (dataSupply === 'begun' || there || (dataFrom !== undefined && dataFrom <= at)) return 'begun'
  return dataFrom === undefined ? dataSupply : 'asked'
}

const heaviest = (kinds: readonly HandledData[]): HandledData =>
  HANDLED_DATA.findLast((kind) => kinds.includes(kind)) ?? 'none'

/** What lies where in a town. */
export function heldData({ assets, services }: Town): HeldData {
  const cloud = new Set(services.map(({ id }) => id))
  const held = new Map<string, HandledData>()
  for (const { id, place, personal } of assets) {
    const data = personal === 'none' || personal === 'specific' ? personal : 'personal'
    const where = `${cloud.has(place) ? 'service' : 'system'}:${place}`
    held.set(`asset:${id}`, data)
    held.set(where, heaviest([held.get(where) ?? 'none', data]))
  }
  return held
}
