import type { IsoDate, Subcontractor, Town, TownFacts } from '@sekisho/core'
import { treeOf, wayTo } from '../entrusted.ts'
import { contractBlame } from './contract-blame.ts'
import {
  contractFacts,
  heldData,
  paperHolds,
  type OwnContract,
  type Party,
} from './contract-facts.ts'
import type { Subject } from './subject.ts'

/**
 * CT-01 to CT-13: one question for every contract. What no paper in force says is not said, and what the declaration shows besides (the data of what a
 * contract covers, a party that began before the consent) counts more than what it claims.
 */
export function contractSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  const held = heldData(town)
  return ownContracts(town, at).map((own) => ({
    path: own.path,
    label: own.contract.name,
    blame: contractBlame(own, at, base),
    question: { question: 'contract', facts: { ...base, ...contractFacts(own, held, at) } },
  }))
}

function ownContracts(town: Town, at: IsoDate): readonly OwnContract[] {
  const papers = Map.groupBy(
    town.contractPapers.map((paper, index) => ({ paper, path: `contractPapers[${index}]` })),
    ({ paper }) => paper.contract,
  )
  const parties = partiesOf(town)
  return town.contracts.map((contract, index) => {
    const own = papers.get(contract.id) ?? []
    const holding = own.filter(({ paper }) => paperHolds(paper, at))
    return {
      contract,
      path: `contracts[${index}]`,
      papers: own,
      parties: parties.get(contract.id) ?? [],
      stated: new Set(holding.flatMap(({ paper }) => paper.states)),
    }
  })
}

/** The parties of each contract, at every depth. */
function partiesOf({ contracts, subcontractors }: Town): ReadonlyMap<string, readonly Party[]> {
  const { standings } = treeOf(subcontractors, new Set(contracts.map(({ id }) => id)))
  const byId = new Map(subcontractors.map((party) => [party.id, party]))
  const parties = new Map<string, Party[]>()
  subcontractors.forEach((party: Subcontractor, index) => {
    const standing = standings.get(party.id)
    if (standing === undefined) return
    const own = parties.get(standing.contract) ?? []
    own.push({ party, path: `subcontractors[${index}]`, way: wayTo(party, standing, byId) })
    parties.set(standing.contract, own)
  })
  return parties
}
