import { formulaAllowed } from './formula.ts'
import type { Relationship } from './ooxml-package.ts'
import { demand } from './rejection.ts'

/** A VML part as the sheet that shows it expects it. */
export interface ShapesPart {
  readonly name: string
  readonly bytes: Uint8Array
  readonly relationships: ReadonlyMap<string, Relationship>
  /** Element of the sheet that names the part. */
  readonly place: string
  /** `row column`, from 0, of the comments of the sheet, in order. */
  readonly notes: readonly string[]
  readonly sheets: ReadonlySet<string> | undefined
}

/**
 * Accepts the VML parts of a sheet: the boxes of its comments and its form controls, or the pictures in its headers. They are
 * written from a few numbers and words each, so there is one spelling for everything around them.
 */
export function verifyShapes(part: ShapesPart): void {
  const reader = new Reader(part)
  if (part.place === 'x:legacyDrawingHF') reader.headers()
  else reader.sheet()
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"' +
  ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="'
const NOTES =
  '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>' +
  '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
const CONTROLS =
  '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>' +
  '<v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/><o:lock v:ext="edit" shapetype="t"/></v:shapetype>'
const PICTURES =
  '<v:shapetype id="_x0000_t75" coordsize="21600,21600" o:spt="75" o:preferrelative="t" path="m@4@5l@4@11@9@11@9@5xe" filled="f" stroked="f">' +
  '<v:stroke joinstyle="miter"/><v:formulas><v:f eqn="if lineDrawn pixelLineWidth 0"/><v:f eqn="sum @0 1 0"/><v:f eqn="sum 0 0 @1"/>' +
  '<v:f eqn="prod @2 1 2"/><v:f eqn="prod @3 21600 pixelWidth"/><v:f eqn="prod @3 21600 pixelHeight"/><v:f eqn="sum @0 0 1"/>' +
  '<v:f eqn="prod @6 1 2"/><v:f eqn="prod @7 21600 pixelWidth"/><v:f eqn="sum @8 21600 0"/><v:f eqn="prod @7 21600 pixelHeight"/>' +
  '<v:f eqn="sum @10 21600 0"/></v:formulas><v:path o:extrusionok="f" gradientshapeok="t" o:connecttype="rect"/>' +
  '<o:lock v:ext="edit" aspectratio="t"/></v:shapetype>'

const NUMBER = '(?:0|[1-9][0-9]{0,6})'
const ANCHOR = `${NUMBER}(?:, ${NUMBER}){7}`
const NOTE = new RegExp(
  '<v:shape id="_x0000_s([0-9]{4,7})" type="#_x0000_t202" style="position:absolute(;visibility:hidden)?" fillcolor="#ffffe1"' +
    ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>' +
    '<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>' +
    `<x:Anchor>${ANCHOR}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>(${NUMBER})</x:Row><x:Column>(${NUMBER})</x:Column>` +
    '(<x:Visible/>)?</x:ClientData></v:shape>',
  'uy',
)

/** The name of a font, without what could end the attribute or begin a style, a path or an address. */
const FACE = String.raw`[^\\/:;"'<>&(){}\u0000-\u001F]`
const TEXT = '(?:[^<>&\\t\\n\\r]|&amp;|&lt;|&gt;)'
const CAPTION =
  '<v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:(?:left|center|right)"' +
  `(?:/>|>(?:<font face="${FACE}{1,64}" size="[1-9][0-9]{0,4}" color="(?:auto|#[0-9A-Fa-f]{6})">${TEXT}{1,4096}</font>|<br/>)+</div>)</v:textbox>`
const COUNT = '-?[0-9]{1,6}'
const FIELDS: readonly (readonly [name: string, value: string])[] = [
  ['PrintObject', 'True|False'],
  ['AutoFill', 'True|False'],
  ['AutoLine', 'True|False'],
  ['TextHAlign', 'Left|Center|Right|Justify|Distributed'],
  ['TextVAlign', 'Top|Center|Bottom|Justify|Distributed'],
  ['LockText', 'True|False'],
  ['Checked', '[0-2]'],
  ['FmlaLink', `(?<link>${TEXT}{1,1024})`],
  ['FmlaRange', `(?<range>${TEXT}{1,1024})`],
  ['Val', COUNT],
  ['Min', COUNT],
  ['Max', COUNT],
  ['Inc', COUNT],
  ['Page', COUNT],
  ['Horiz', ''],
  ['Dx', '[0-9]{1,4}'],
  ['Sel', '[0-9]{1,6}'],
  ['SelType', 'Single|Multi|Extend'],
  ['LCT', 'Normal'],
  ['DropStyle', 'Combo|ComboEdit|Simple'],
  ['DropLines', '[0-9]{1,4}'],
  ['NoThreeD', ''],
  ['NoThreeD2', ''],
  ['FirstButton', ''],
]
const DATA = FIELDS.map(([name, value]) =>
  value === '' ? `(?:<x:${name}/>)?` : `(?:<x:${name}>(?:${value})</x:${name}>)?`,
).join('')
const CONTROL = new RegExp(
  '<v:shape id="_x0000_s([0-9]{4,7})" type="#_x0000_t201" style="position:absolute(?:;visibility:hidden)?"(?<button> o:button="t")?' +
    '(?: filled="f")? fillcolor="(?<fill>buttonFace \\[67\\]|window \\[65\\])" stroked="f" strokecolor="windowText \\[64\\]"' +
    ' o:insetmode="auto"><v:path shadowok="t" strokeok="t" fillok="t"/><o:lock v:ext="edit" rotation="t"/>' +
    `(?:${CAPTION})?<x:ClientData ObjectType="(?<kind>Button|Checkbox|Radio|Drop|List|Spin|Scroll|Label|GBox)"><x:SizeWithCells/>` +
    `<x:Anchor>${ANCHOR}</x:Anchor>${DATA}</x:ClientData></v:shape>`,
  'uy',
)
const LENGTH = '(?:0|[1-9][0-9]{0,6})(?:\\.[0-9]{0,2}[1-9])?'
const PICTURE = new RegExp(
  '<v:shape id="([LCR][HF](?:EVEN|FIRST)?)" o:spid="_x0000_s([0-9]{4,7})" type="#_x0000_t75" style="position:absolute;margin-left:0;' +
    `margin-top:0;width:${LENGTH}pt;height:${LENGTH}pt;z-index:([0-9]{1,3})"><v:imagedata o:relid="(rId[0-9]{1,5})" o:title=""/>` +
    '<o:lock v:ext="edit" rotation="t"/></v:shape>',
  'uy',
)

class Reader {
  readonly #part: ShapesPart
  readonly #text: string
  #at = 0
  #shapes = 0

  constructor(part: ShapesPart) {
    this.#part = part
    this.#text = Buffer.from(part.bytes).toString('utf8')
    this.#demand(
      Buffer.from(this.#text).equals(part.bytes) &&
        !/[\p{Cc}&&[^\n]]|[\uFFFE\uFFFF]/v.test(this.#text),
      'text',
    )
  }

  sheet(): void {
    const blocks = this.#head()
    const { notes, relationships } = this.#part
    this.#demand(relationships.size === 0, 'relationships')
    if (notes.length > 0) this.#take(NOTES)
    const controls = this.#text.startsWith(CONTROLS, this.#at)
    if (controls) this.#take(CONTROLS)
    for (const cell of notes) {
      const [, id, hidden, row, column, visible] = this.#match(NOTE) ?? []
      const fair = `${row} ${column}` === cell && (hidden === undefined) === (visible !== undefined)
      this.#demand(fair && this.#isNext(id), 'note')
    }
    for (let control = this.#match(CONTROL); control; control = this.#match(CONTROL))
      this.#control(control)
    this.#demand(this.#shapes > (controls ? notes.length : 0), 'controls')
    this.#demand(controls || this.#shapes === notes.length, 'controls')
    this.#end(blocks)
  }

  headers(): void {
    const blocks = this.#head()
    this.#take(PICTURES)
    const places = new Set<string>()
    const named = new Set<string>()
    for (let picture = this.#match(PICTURE); picture; picture = this.#match(PICTURE)) {
      const [, place = '', id, depth, relationship = ''] = picture
      const known = this.#part.relationships.get(relationship)
      const fair = known !== undefined && known.type.endsWith('/image') && !places.has(place)
      this.#demand(fair && this.#isNext(id) && depth === String(this.#shapes), 'picture')
      // The first picture has the first relationship, and so on.
      if (!named.has(relationship)) this.#demand(relationship === `rId${named.size + 1}`, 'picture')
      places.add(place)
      named.add(relationship)
    }
    this.#demand(this.#shapes > 0 && named.size === this.#part.relationships.size, 'pictures')
    this.#end(blocks)
  }

  #control({ 1: id, groups }: RegExpExecArray): void {
    const { button, fill, kind, link, range } = groups ?? {}
    const isButton = kind === 'Button'
    const fair = (button !== undefined) === isButton && fill?.startsWith('button') === isButton
    this.#demand(fair && this.#isNext(id), 'control')
    for (const place of [link, range]) {
      if (place === undefined) continue
      const plain = place.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
      const fits = plain === plain.trim() && formulaAllowed(plain, this.#part.sheets)
      demand(fits, 'VERIFY-FORMULA', this.#part.name)
    }
  }

  /** @returns the list of blocks of numbers */
  #head(): string {
    this.#take(HEAD)
    const end = this.#text.indexOf('"', this.#at)
    const blocks = this.#text.slice(this.#at, end)
    this.#demand(end > 0 && blocks.length < 10_000, 'blocks')
    this.#at = end
    this.#take('"/></o:shapelayout>')
    return blocks
  }

  #end(blocks: string): void {
    this.#take('</xml>')
    const count = Math.floor((1024 + this.#shapes) / 1024)
    const expected = Array.from({ length: count }, (_, index) => index + 1).join(',')
    this.#demand(this.#at === this.#text.length && blocks === expected, 'end')
  }

  #isNext(id: string | undefined): boolean {
    return id === String(1024 + ++this.#shapes)
  }

  #match(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.#at
    const found = form.exec(this.#text)
    if (!found) return undefined
    this.#at += found[0].length
    return found
  }

  #take(text: string): void {
    this.#demand(this.#text.startsWith(text, this.#at), 'shape')
    this.#at += text.length
  }

  #demand(condition: boolean, detail: string): void {
    demand(condition, 'VERIFY-OOXML-ELEMENT', `${this.#part.name} ${detail}`)
  }
}
