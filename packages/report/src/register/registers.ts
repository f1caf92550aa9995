import { CONTRACT_TERMS } from '@sekisho/core'
import type { DecisionName } from '@sekisho/core'
import { formOf, loadGuideline } from '@sekisho/guideline'
import { valueWord } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }

/** What a column of a register holds. */
export type FieldKind =
  | 'id'
  | 'text'
  | 'choice'
  | 'choices'
  | 'yes-no'
  | 'day'
  | 'ports'
  | 'reference'
  | 'references'
  | 'count'

/** One value of an entry, and its column. */
export interface Field {
  /** Key within the entry of town.yaml, e.g. `owner` or `ismap.checked`. */
  readonly path: string
  readonly kind: FieldKind
  /** `always`, or `group`: when anything of its group (`ismap`) is written. */
  readonly needed?: 'always' | 'group'
  /** Closed values of `choice` and `choices`. */
  readonly choices?: Choices
  /** Text that is ASCII and nobody's name, e.g. an address. */
  readonly plain?: true
  /** What a `reference` or `references` names. */
  readonly names?: Named
}

/** Closed values that have the words in which a change of the declaration is told, in the order in which they are offered. */
const DECLARED = {
  personal: ['none', 'staff', 'resident', 'special-care', 'specific'],
  kind: ['gov-cloud', 'contract', 'terms'],
  via: ['security-cloud', 'local-breakout', 'lgwan'],
  roles: ['clerk', 'approver', 'it-officer', 'ciso', 'auditor'],
} as const

/** Where closed values have their words: with the declaration, in words/registers.json, in the form of a question (`contract ctKind`), or in what a contract may lack. */
export type Choices =
  | keyof typeof DECLARED
  | keyof typeof words.choices
  | `${DecisionName} ${string}`
  | 'terms'

/** Kinds of names that a register points to. */
export type Named = 'department' | 'place' | 'end' | 'asset' | 'covered' | 'contract' | 'entruster'

/** Lists of town.yaml that have a register. */
export type RegisterKey = keyof typeof words.registers

export interface Register {
  readonly key: RegisterKey
  readonly fields: readonly Field[]
}

const ID: Field = { path: 'id', kind: 'id', needed: 'always' }
const NAME: Field = { path: 'name', kind: 'text', needed: 'always' }
const department = (path: string): Field => ({ path, kind: 'reference', names: 'department' })
const always = (field: Field): Field => ({ ...field, needed: 'always' })
const inGroup = (field: Field): Field => ({ ...field, needed: 'group' })
const document = (path: string): readonly Field[] => [
  inGroup({ path: `${path}.title`, kind: 'text' }),
  inGroup({ path: `${path}.date`, kind: 'day' }),
]

/** Every register, with every value that an entry of its list may hold (a test holds it against the schema). */
export const REGISTERS: readonly Register[] = [
  {
    key: 'assets',
    fields: [
      ID,
      NAME,
      always({ path: 'class', kind: 'choice', choices: 'class' }),
      always({ path: 'integrity', kind: 'choice', choices: 'integrity' }),
      always({ path: 'availability', kind: 'choice', choices: 'availability' }),
      always({ path: 'personal', kind: 'choice', choices: 'personal' }),
      always({ path: 'place', kind: 'reference', names: 'place' }),
      always(department('owner')),
    ],
  },
  {
    key: 'services',
    fields: [
      ID,
      NAME,
      always({ path: 'kind', kind: 'choice', choices: 'kind' }),
      inGroup({ path: 'ismap.registered', kind: 'yes-no' }),
      inGroup({ path: 'ismap.checked', kind: 'day' }),
      always({ path: 'dataCentre', kind: 'text' }),
      always({ path: 'withinJapaneseLaw', kind: 'yes-no' }),
      ...document('dutiesDocument'),
      ...document('termsDocument'),
    ],
  },
  {
    key: 'flows',
    fields: [
      ID,
      NAME,
      always({ path: 'from', kind: 'reference', names: 'end' }),
      always({ path: 'to', kind: 'reference', names: 'end' }),
      { path: 'protocol', kind: 'choice', choices: 'protocol' },
      { path: 'ports', kind: 'ports' },
      { path: 'purpose', kind: 'text' },
      department('owner'),
      { path: 'expires', kind: 'day' },
      inGroup({ path: 'fixed.number', kind: 'text' }),
      inGroup({ path: 'fixed.approvedBy', kind: 'text' }),
      inGroup({ path: 'fixed.date', kind: 'day' }),
      { path: 'fixed.macLimited', kind: 'yes-no' },
      { path: 'via', kind: 'choices', choices: 'via' },
      { path: 'gate', kind: 'text' },
    ],
  },
  {
    key: 'people',
    fields: [
      ID,
      NAME,
      always(department('department')),
      { path: 'roles', kind: 'choices', choices: 'roles' },
      always({ path: 'from', kind: 'day' }),
      { path: 'until', kind: 'day' },
      { path: 'mail', kind: 'text', plain: true },
    ],
  },
  {
    key: 'contracts',
    fields: [
      ID,
      NAME,
      always({ path: 'vendor', kind: 'text' }),
      always({ path: 'kind', kind: 'choice', choices: 'contract ctKind' }),
      always(department('owner')),
      always({ path: 'covers', kind: 'references', names: 'covered' }),
      always({ path: 'personal', kind: 'choice', choices: 'contract ctPersonal' }),
      { path: 'signed', kind: 'day' },
      always({ path: 'starts', kind: 'day' }),
      always({ path: 'ends', kind: 'day' }),
      always({ path: 'dataSupply', kind: 'choice', choices: 'contract ctDataSupply' }),
      { path: 'dataFrom', kind: 'day' },
      { path: 'law', kind: 'choice', choices: 'contract ctLaw' },
      { path: 'court', kind: 'choice', choices: 'contract ctCourt' },
      { path: 'incidentHours', kind: 'count' },
    ],
  },
  {
    key: 'contractPapers',
    fields: [
      ID,
      NAME,
      always({ path: 'contract', kind: 'reference', names: 'contract' }),
      always({ path: 'date', kind: 'day' }),
      { path: 'until', kind: 'day' },
      always({ path: 'states', kind: 'choices', choices: 'terms' }),
    ],
  },
  {
    key: 'subcontractors',
    fields: [
      ID,
      NAME,
      always({ path: 'under', kind: 'reference', names: 'entruster' }),
      { path: 'work', kind: 'text' },
      { path: 'data', kind: 'text' },
      always({ path: 'personal', kind: 'choice', choices: 'contract ctPersonal' }),
      always({ path: 'starts', kind: 'day' }),
      ...document('consent'),
      inGroup(department('consent.by')),
    ],
  },
  {
    key: 'media',
    fields: [
      ID,
      NAME,
      always({ path: 'kind', kind: 'choice', choices: 'dispose disposalMedium' }),
      { path: 'number', kind: 'text' },
      always({ path: 'from', kind: 'day' }),
      always({ path: 'holder', kind: 'choice', choices: 'removable-media mediaOwner' }),
      always(department('owner')),
      always({ path: 'place', kind: 'text' }),
      always({ path: 'content', kind: 'choice', choices: 'dispose disposalContent' }),
      always({ path: 'assets', kind: 'references', names: 'asset' }),
      always({ path: 'encrypted', kind: 'yes-no' }),
      inGroup({ path: 'use.from', kind: 'choice', choices: 'removable-media mediaFrom' }),
      inGroup({ path: 'use.to', kind: 'choice', choices: 'removable-media mediaTo' }),
      inGroup({ path: 'use.by', kind: 'text' }),
      { path: 'use.approvedBy', kind: 'text' },
      { path: 'use.until', kind: 'day' },
      inGroup({
        path: 'use.virusCheck',
        kind: 'choice',
        choices: 'removable-media mediaVirusCheck',
      }),
      inGroup({ path: 'use.confirmed', kind: 'choices', choices: 'usePoints' }),
      inGroup({ path: 'disposed.date', kind: 'day' }),
      inGroup({ path: 'disposed.method', kind: 'choice', choices: 'dispose eraseMethod' }),
      inGroup({ path: 'disposed.hands', kind: 'choice', choices: 'dispose disposalHands' }),
      inGroup({ path: 'disposed.by', kind: 'text' }),
      { path: 'disposed.witness', kind: 'text' },
      inGroup({ path: 'disposed.reuse', kind: 'yes-no' }),
      inGroup({ path: 'disposed.leased', kind: 'yes-no' }),
      inGroup({ path: 'disposed.confirmed', kind: 'choices', choices: 'disposalPoints' }),
      ...document('certificate'),
    ],
  },
  {
    key: 'incidents',
    fields: [
      ID,
      NAME,
      always({ path: 'found', kind: 'day' }),
      always({ path: 'sort', kind: 'choice', choices: 'incident incidentSort' }),
      always({ path: 'sign', kind: 'choice', choices: 'incident incidentSign' }),
      always({ path: 'summary', kind: 'text' }),
      always({ path: 'involves', kind: 'choices', choices: 'aspects' }),
      always({ path: 'persons', kind: 'count' }),
      { path: 'stronglyEncrypted', kind: 'yes-no' },
      { path: 'reported.csirt', kind: 'day' },
      { path: 'reported.ciso', kind: 'day' },
      { path: 'reported.first', kind: 'day' },
      { path: 'reported.final', kind: 'day' },
      { path: 'reported.persons', kind: 'day' },
      { path: 'reported.otherSide', kind: 'day' },
      { path: 'nineFieldsComplete', kind: 'yes-no' },
    ],
  },
]

/** Registers whose names others point to, in the workbook as in the file. */
export const NAMING = [
  'services',
  'assets',
  'contracts',
  'subcontractors',
] as const satisfies readonly RegisterKey[]
export type NamingKey = (typeof NAMING)[number]

/** Name of the sheet of a register. */
export const sheetName = (key: RegisterKey): string => words.registers[key].sheet

/** Title and explanation of a column. */
export function fieldWords(key: RegisterKey, path: string): readonly [title: string, help: string] {
  const fields: Readonly<Record<string, readonly string[]>> = words.registers[key].fields
  const [title = path, help = ''] = fields[path] ?? []
  return [title, help]
}

/** Closed values of a field with the words that stand for them. */
export function choicesOf({ choices }: Field): ReadonlyMap<string, string> {
  if (choices === undefined) return new Map()
  if (choices === 'terms') return termWords()
  const [question, fact] = choices.split(' ') as [string, string?]
  if (fact !== undefined) return formWords(question, fact)
  if (choices in DECLARED) return declaredWords(choices as keyof typeof DECLARED)
  return new Map(Object.entries(words.choices[choices as keyof typeof words.choices]))
}

const declaredWords = (key: keyof typeof DECLARED): ReadonlyMap<string, string> =>
  new Map(DECLARED[key].map((value) => [value, valueWord(key, value) ?? value]))

/** As the form of the question says them, so that a register and the question speak alike. */
function formWords(question: string, name: string): ReadonlyMap<string, string> {
  const options = formOf(question)?.facts.find((fact) => fact.name === name)?.options ?? []
  return new Map(options.map(({ value, label }) => [String(value), label]))
}

/** As findings name what is missing. */
function termWords(): ReadonlyMap<string, string> {
  const { missing } = loadGuideline().sentences.ja
  return new Map(
    CONTRACT_TERMS.map((term) => {
      const key = `ct${term[0]!.toUpperCase()}${term.slice(1)}=true`
      return [term, missing.get(key) ?? term]
    }),
  )
}

/** `ismap.checked` → `ismap`; undefined for a value that stands alone. */
export const groupOf = (path: string): string | undefined =>
  path.includes('.') ? path.split('.')[0] : undefined
