import type { Budget } from './budget.ts'
import { holdsText, isOdfAttribute, isOdfElement } from './odf-vocabulary.ts'
import { OdfForms } from './odf-forms.ts'
import { linkAllowed, prefixInValue, settingAllowed, valueFault } from './odf-values.ts'
import { isPicture, verifyPicture } from './picture.ts'
import { Rejection, demand } from './rejection.ts'
import { verifySvg } from './svg.ts'
import { scanXml } from './xml.ts'
import type { Element } from './xml.ts'

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:'
const OPENOFFICE = 'http://openoffice.org/'
const EXPERIMENTAL = 'urn:org:documentfoundation:names:experimental:'
const INTEROP = 'urn:openoffice:names:experimental:'
/** Prefix and namespace in the order of declaration. */
const NAMESPACES: readonly (readonly [string, string])[] = [
  ...['office', 'meta', 'config', 'text', 'table'].map(oasis),
  ['draw', `${OASIS}drawing:1.0`],
  ...['presentation', 'dr3d'].map(oasis),
  ['anim', `${OASIS}animation:1.0`],
  ...['chart', 'form', 'style'].map(oasis),
  ['number', `${OASIS}datastyle:1.0`],
  ['fo', `${OASIS}xsl-fo-compatible:1.0`],
  ['svg', `${OASIS}svg-compatible:1.0`],
  ['smil', `${OASIS}smil-compatible:1.0`],
  ['of', `${OASIS}of:1.2`],
  ['math', 'http://www.w3.org/1998/Math/MathML'],
  ['xlink', 'http://www.w3.org/1999/xlink'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['ooo', `${OPENOFFICE}2004/office`],
  ['ooow', `${OPENOFFICE}2004/writer`],
  ['oooc', `${OPENOFFICE}2004/calc`],
  ['drawooo', `${OPENOFFICE}2010/draw`],
  ['chartooo', `${OPENOFFICE}2010/chart`],
  ['tableooo', `${OPENOFFICE}2009/table`],
  ['officeooo', `${OPENOFFICE}2009/office`],
  ['css3t', 'http://www.w3.org/TR/css3-text/'],
  ['calcext', `${EXPERIMENTAL}calc:xmlns:calcext:1.0`],
  ['loext', `${EXPERIMENTAL}office:xmlns:loext:1.0`],
  ['field', `${INTEROP}ooo-ms-interop:xmlns:field:1.0`],
  ['formx', `${INTEROP}ooxml-odf-interop:xmlns:form:1.0`],
]
const PREFIX_OF = new Map(NAMESPACES.map(([prefix, uri]) => [uri, prefix]))
const ORDER = NAMESPACES.map(([prefix]) => prefix)
const XML = 'http://www.w3.org/XML/1998/namespace'

function oasis(name: string): [string, string] {
  return [name, `${OASIS}${name}:1.0`]
}

const MAX_ATTRIBUTES = 200
const MAX_ELEMENTS = 100_000_000
/** Cells that one element may stand for when it holds a value. */
const MAX_FILLED = 4_194_304
const LINKS = new Set(
  'text:a draw:a draw:area-circle draw:area-polygon draw:area-rectangle'.split(' '),
)
const FILLS = new Set(
  'draw:image draw:fill-image style:background-image chart:symbol-image text:list-level-style-image'.split(
    ' ',
  ),
)
const ROOTS = new Set(
  'document document-content document-styles document-settings document-meta'
    .split(' ')
    .map((name) => `office:${name}`),
)
const BODIES = new Set(
  'text spreadsheet presentation drawing chart'.split(' ').map((name) => `office:${name}`),
)
const ABOUT_A_PERSON = new Set(
  'dc:creator dc:date meta:creator-initials meta:date-string loext:sender-initials'.split(' '),
)
const SIGNED = new Set(['office:annotation', 'officeooo:annotation', 'office:change-info'])
/** Elements that hold one kind of element and nothing else. */
const ONLY_CHILD: Readonly<Record<string, string>> = {
  'office:document-meta': 'office:meta',
  'office:meta': 'dc:title',
  'office:document-settings': 'office:settings',
  'office:settings': 'config:config-item-set',
}
/** Elements of which only the characters were read. */
const PLAIN = new Set('config:config-item dc:title office:binary-data'.split(' '))
const FORM_PROPERTIES = new Set(
  (
    'Align BackgroundColor Border BorderColor DefaultState HelpText HideInactiveSelection LineEndFormat ' +
    'MouseWheelBehavior MultiLine State Step TextColor TriState VerticalAlign VisualEffect WritingMode'
  ).split(' '),
)
const FIELD =
  /^(?:vnd\.oasis\.opendocument|ecma\.office-open-xml)\.field\.FORM(?:TEXT|CHECKBOX|DROPDOWN|DATE)$/u
const FIELD_PARAMETER =
  /^(?:Checkbox_(?:Checked|Symbol)|Dropdown_(?:ListEntry|Selected)|DropDown_.{1,20}|MaxLength|Name|Type|DateField_.{1,30}|vnd\.oasis\.opendocument\.field\.date\..{1,30})$/u

/** What the parts of one document name, in order: the next picture, the next document inside. */
export interface Shelf {
  /** An address of a picture; rejects one that is out of turn. */
  picture(href: string): void
  object(href: string): void
  replacement(href: string): void
}

interface Open {
  readonly key: string
  /** Holds characters that nobody reads. */
  readonly silent: boolean
  /** Children that stop a second of their kind. */
  taken: boolean
  /** Address of the document that a frame holds. */
  object: string
  readonly repeat: number
  text: string
  readonly element: Element
}

export interface PartFacts {
  /** As `prefix:name`. */
  readonly root: string
  /** Element in the body, without prefix. */
  readonly body: string
  readonly mimetype: string
  readonly version: string
}

/**
 * Accepts one XML part of an OpenDocument file and says what it found.
 * @param shelf absent in flat files, which name nothing beside them
 */
export function verifyOdfPart(
  bytes: Uint8Array | Iterable<Uint8Array>,
  where: string,
  shelf: Shelf | undefined,
  budget: Budget,
): PartFacts {
  const reader = new PartReader(where, shelf, budget)
  scanXml(bytes, where, reader)
  reader.end()
  return reader
}

class PartReader {
  root = ''
  body = ''
  mimetype = ''
  version = ''
  readonly #where: string
  readonly #shelf: Shelf | undefined
  readonly #budget: Budget
  readonly #open: Open[] = []
  readonly #declared: string[] = []
  readonly #used = new Set<string>()
  /** Form fields of Word that are open. */
  #fields = 0
  #elements = 0
  readonly #forms: OdfForms
  /** Ordinary elements as they are when they are opened. */
  readonly #ordinary = new Map<Element, Open>()

  constructor(where: string, shelf: Shelf | undefined, budget: Budget) {
    this.#where = where
    this.#forms = new OdfForms(
      where,
      (prefix) => this.#declared.includes(prefix),
      (prefix) => this.#used.add(prefix),
    )
    this.#shelf = shelf
    this.#budget = budget
  }

  declare(prefix: string, namespace: string, depth: number): void {
    this.#demand(depth === 0 && PREFIX_OF.get(namespace) === prefix, 'NAMESPACE', prefix)
    this.#declared.push(prefix)
  }

  open(element: Element): void {
    const prefix = PREFIX_OF.get(element.namespace) ?? ''
    const key = `${prefix}:${element.name}`
    const parent = this.#open.at(-1)
    this.#used.add(prefix)
    this.#demand(++this.#elements <= MAX_ELEMENTS, 'ELEMENT', 'too many')
    this.#demand(isOdfElement(prefix, element.name), 'ELEMENT', key)
    this.#demand(parent === undefined || !PLAIN.has(parent.key), 'ELEMENT', key)
    this.#attributes(element, key)
    const repeat = Number.parseInt(get(element, 'table', 'number-rows-repeated') ?? '1', 10) || 1
    const open = { ...opened(element, key), repeat }
    this.#placed(open, parent)
    this.#judge(open, parent)
    this.#open.push(open)
  }

  formed(spelled: string): Element | undefined {
    const parent = this.#open.at(-1)
    if (!parent || parent.repeat !== 1 || PLAIN.has(parent.key)) return undefined
    return Object.hasOwn(ONLY_CHILD, parent.key) ? undefined : this.#forms.find(spelled)
  }

  again(element: Element): void {
    this.#demand(++this.#elements <= MAX_ELEMENTS, 'ELEMENT', 'too many')
    const open = this.#ordinary.get(element) ?? opened(element, element.name)
    this.#ordinary.set(element, open)
    this.#open.push({ ...open })
  }

  get listens(): boolean {
    return this.#open.at(-1)?.silent !== true
  }

  close(): void {
    const closed = this.#open.pop()
    if (closed && PLAIN.has(closed.key)) this.#plain(closed)
  }

  text(text: string): void {
    const open = this.#open.at(-1)
    this.#demand(open !== undefined && holdsText(open.key), 'TEXT', open?.key ?? '')
    if (open && PLAIN.has(open.key)) open.text += text
  }

  /** Exactly the namespaces that are used, in their order. */
  end(): void {
    const used = ORDER.filter((prefix) => this.#used.has(prefix)).join(' ')
    this.#demand(this.#declared.join(' ') === used, 'NAMESPACE', 'declared')
  }

  #attributes(element: Element, key: string): void {
    const math = key.startsWith('math:')
    this.#demand(element.attributes.length <= MAX_ATTRIBUTES, 'ATTRIBUTE', key)
    for (const { namespace, name, value } of element.attributes) {
      const prefix = namespace === XML ? 'xml' : (PREFIX_OF.get(namespace) ?? '')
      const known = prefix === '' ? math && namespace === '' : true
      this.#demand(known && isOdfAttribute(prefix, name), 'ATTRIBUTE', `${key} ${name}`)
      if (prefix === '') continue
      if (prefix !== 'xml') this.#used.add(prefix)
      const fault = valueFault(`${prefix}:${name}`, value)
      if (fault !== undefined) throw new Rejection(fault, `${this.#where} ${key} ${name}`)
      const inside = prefixInValue(`${prefix}:${name}`, value)
      if (inside !== '') this.#used.add(inside)
    }
    this.#link(element, key)
  }

  #link(element: Element, key: string): void {
    const href = get(element, 'xlink', 'href')
    if (LINKS.has(key)) return this.#demand(href !== undefined && linkAllowed(href), 'URL', key)
    if (href === undefined || FILLS.has(key) || key === 'draw:object') return
    this.#demand(key === 'chart:chart' && (href === '.' || href === '..'), 'URL', key)
  }

  /** Where the elements stand that make a document a document. */
  #placed({ key, element }: Open, parent: Open | undefined): void {
    const take = (where: boolean): void => {
      this.#demand(where && parent?.taken === false, 'PLACE', key)
      if (parent) parent.taken = true
    }
    if (parent === undefined) {
      this.root = key
      this.mimetype = get(element, 'office', 'mimetype') ?? ''
      this.version = get(element, 'office', 'version') ?? ''
    } else if (ROOTS.has(key)) {
      this.#demand(key === 'office:document' && parent.key === 'draw:object', 'PLACE', key)
    } else if (key === 'office:body') {
      take(parent.key === 'office:document' || parent.key === 'office:document-content')
    } else if (BODIES.has(key)) {
      take(parent.key === 'office:body')
      if (this.#open.length === 2) this.body = element.name
    } else if (key === 'office:meta') {
      this.#demand(['office:document', 'office:document-meta'].includes(parent.key), 'PLACE', key)
    } else if (key === 'dc:title') this.#demand(parent.key === 'office:meta', 'PLACE', key)
    else if (ABOUT_A_PERSON.has(key)) this.#demand(SIGNED.has(parent.key), 'PLACE', key)
    const only = ONLY_CHILD[parent?.key ?? '']
    this.#demand(only === undefined || only === key, 'PLACE', key)
  }

  /** Elements of which attributes or place decide what they do. */
  #judge(open: Open, parent: Open | undefined): void {
    const { key, element } = open
    if (FILLS.has(key) || key === 'draw:object') return this.#shown(open, parent)
    const name = get(element, 'config', 'name') ?? ''
    switch (key) {
      case 'office:binary-data':
        return this.#demand(FILLS.has(parent?.key ?? ''), 'PLACE', key)
      case 'config:config-item-set': {
        const known = name === 'ooo:view-settings' || name === 'ooo:configuration-settings'
        return this.#demand(known && parent?.key === 'office:settings', 'SETTING', key)
      }
      case 'config:config-item-map-named':
      case 'config:config-item-map-indexed':
        return this.#demand(
          ['Views', 'Tables', 'ForbiddenCharacters'].includes(name),
          'SETTING',
          key,
        )
      case 'table:table': {
        const title = get(element, 'table', 'name') ?? ''
        return this.#demand(!(title.includes('#') && /:\/\/|file:/iu.test(title)), 'URL', key)
      }
      case 'table:table-cell':
      case 'table:covered-table-cell': {
        const columns =
          Number.parseInt(get(element, 'table', 'number-columns-repeated') ?? '1', 10) || 1
        const filled = get(element, 'office', 'value-type') !== undefined
        return this.#demand(!filled || columns * (parent?.repeat ?? 1) <= MAX_FILLED, 'VALUE', key)
      }
      case 'form:property':
        return this.#demand(
          FORM_PROPERTIES.has(get(element, 'form', 'property-name') ?? ''),
          'ELEMENT',
          key,
        )
      default:
        return this.#field(key, element)
    }
  }

  #field(key: string, element: Element): void {
    if (key === 'field:param')
      this.#demand(FIELD_PARAMETER.test(get(element, 'field', 'name') ?? ''), 'ELEMENT', key)
    if (key === 'field:fieldmark' || key === 'field:fieldmark-start')
      this.#demand(FIELD.test(get(element, 'field', 'type') ?? ''), 'ELEMENT', key)
    if (key === 'field:fieldmark-separator' || key === 'field:fieldmark-end')
      this.#demand(this.#fields > 0, 'PLACE', key)
    if (key === 'field:fieldmark-start') this.#fields++
    if (key === 'field:fieldmark-end') this.#fields--
  }

  /** Pictures and documents inside: by an address of the package, or in the XML itself. */
  #shown({ key, element }: Open, parent: Open | undefined): void {
    const href = get(element, 'xlink', 'href')
    if (href === undefined) return
    const shelf = this.#shelf
    if (!shelf) throw new Rejection('VERIFY-ODF-URL', `${this.#where} ${key}`)
    if (key === 'draw:object') {
      shelf.object(href)
      if (parent) parent.object = href
    } else if (key === 'draw:image' && href.startsWith('./ObjectReplacements/')) {
      const own = `./ObjectReplacements/${(parent?.object ?? '').slice(2)}`
      this.#demand(parent?.object !== '' && href === own, 'URL', key)
      shelf.replacement(href)
    } else shelf.picture(href)
  }

  #plain({ key, element, text }: Open): void {
    if (key === 'dc:title') return this.#demand(text.trim() !== '', 'VALUE', key)
    if (key === 'config:config-item') {
      const name = get(element, 'config', 'name') ?? ''
      const type = get(element, 'config', 'type') ?? ''
      return this.#demand(settingAllowed(name, type, text), 'SETTING', key)
    }
    const bytes = Buffer.from(text, 'base64')
    this.#budget.spend(bytes.length, this.#where)
    this.#demand(bytes.toString('base64') === text, 'VALUE', key)
    verifyInlinePicture(bytes, this.#budget, this.#where)
  }

  #demand(condition: boolean, what: string, detail: string): void {
    demand(condition, `VERIFY-ODF-${what}`, `${this.#where} ${detail}`)
  }
}

function opened(element: Element, key: string): Open {
  const silent = holdsText(key) && !PLAIN.has(key)
  return { key, silent, taken: false, object: '', repeat: 1, text: '', element }
}

/** Reads an attribute by our prefix. */
function get(element: Element, prefix: string, name: string): string | undefined {
  return element.attributes.find(
    (one) => one.name === name && PREFIX_OF.get(one.namespace) === prefix,
  )?.value
}

const MARKS: readonly (readonly [mark: string, type: string])[] = [
  ['\u0089PNG', 'png'],
  ['\u00ff\u00d8', 'jpeg'],
  ['GIF8', 'gif'],
  ['II*\u0000', 'tiff'],
  ['RIFF', 'webp'],
  ['\u00d7\u00cd\u00c6\u009a', 'wmf'],
  ['\u0001\u0000\u0000\u0000', 'emf'],
  ['BM', 'bmp'],
]

function verifyInlinePicture(bytes: Buffer, budget: Budget, where: string): void {
  const head = bytes.subarray(0, 4).toString('latin1')
  if (head === '<?xm') return verifySvg(bytes, budget, where)
  const type = MARKS.find(([mark]) => head.startsWith(mark))?.[1] ?? ''
  demand(isPicture(type), 'VERIFY-ODF-PICTURE', where)
  verifyPicture(bytes, type, budget, where)
}
