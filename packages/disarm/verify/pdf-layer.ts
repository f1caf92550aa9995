import {
  anyName,
  anyText,
  byKind,
  choose,
  dict,
  entriesOf,
  indirect,
  later,
  list,
  nameOf,
  oneOf,
  reject,
} from './pdf-rule.ts'
import type { Rule } from './pdf-rule.ts'

const MAX_GROUPS = 10_000

const intent = byKind({ name: anyName, array: list(anyName, 0, 8) })

/** A layer (ISO 32000-1, table 98), without `Usage`, by which it would switch itself. */
const group = indirect(dict({ Type: oneOf('OCG'), Name: anyText, Intent: intent }, 'Type Name'))
const groups = list(group, 0, MAX_GROUPS)

/** `[/And group [/Not group] …]`, 8.11.2.2. The nesting of values is bounded by the reader. */
const visibility: Rule = byKind({
  reference: group,
  array: (value, site) => {
    const [operator, ...operands] = value.kind === 'array' ? value.items : []
    if (!['And', 'Or', 'Not'].includes(nameOf(operator) ?? '')) reject(site)
    for (const operand of operands) visibility(operand, site)
  },
})

const membership = indirect(
  dict(
    {
      Type: oneOf('OCMD'),
      OCGs: byKind({ reference: group, array: groups }),
      P: oneOf('AllOn AnyOn AnyOff AllOff'),
      VE: visibility,
    },
    'Type',
  ),
)

/** What `OC` and a property list may name. */
export const optionalContent = choose((value, site) =>
  nameOf(entriesOf(value, site).get('Type')) === 'OCMD' ? membership : group,
)

const order: Rule = byKind({
  string: anyText,
  reference: group,
  array: list(
    later(() => order),
    0,
    MAX_GROUPS,
  ),
})

/** Optional content properties: one configuration, no `AS`, which switches layers on printing. */
export const layers = dict(
  {
    OCGs: groups,
    D: dict({
      Name: anyText,
      BaseState: oneOf('ON OFF Unchanged'),
      ON: groups,
      OFF: groups,
      Intent: intent,
      Order: byKind({
        array: list(
          later(() => order),
          0,
          MAX_GROUPS,
        ),
        string: anyText,
        reference: group,
      }),
      ListMode: oneOf('AllPages VisiblePages'),
      RBGroups: list(groups, 0, MAX_GROUPS),
      Locked: groups,
    }),
  },
  'OCGs D',
)
