/** What the value of a property may consist of. */
export interface Property {
  readonly length: boolean
  readonly number: boolean
  readonly colour: boolean
  readonly slash: boolean
  readonly family: boolean
  readonly words: ReadonlySet<string>
  /** Pieces at most; of `font` before the family. */
  readonly most: number
}

const LINES = 'none hidden dotted dashed solid double groove ridge inset outset thin medium thick'
const SIZES =
  'xx-small x-small small medium large x-large xx-large smaller larger normal italic oblique bold bolder lighter small-caps'
const BREAKS = 'auto always avoid left right page column avoid-page'
const LISTS = `none disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-alpha upper-alpha lower-latin upper-latin
  cjk-decimal hiragana katakana hiragana-iroha katakana-iroha japanese-informal japanese-formal cjk-ideographic inside outside`

/**
 * name · kinds · pieces at most · words. Kinds: l length or percentage, n plain number, c colour, / slash, f fonts. Nothing here can load,
 * run, or lay one thing over another: no position, no transform, no background picture, no content.
 */
const TABLE = `color c 1
background-color c 1
background c 1 none
border-color c 4
border-top-color c 1
border-right-color c 1
border-bottom-color c 1
border-left-color c 1
border lc 3 ${LINES}
border-top lc 3 ${LINES}
border-right lc 3 ${LINES}
border-bottom lc 3 ${LINES}
border-left lc 3 ${LINES}
border-style - 4 ${LINES}
border-top-style - 1 ${LINES}
border-right-style - 1 ${LINES}
border-bottom-style - 1 ${LINES}
border-left-style - 1 ${LINES}
border-width l 4 thin medium thick
border-top-width l 1 thin medium thick
border-right-width l 1 thin medium thick
border-bottom-width l 1 thin medium thick
border-left-width l 1 thin medium thick
border-radius l 4
border-collapse - 1 collapse separate
border-spacing l 2
outline lc 3 ${LINES}
width l 1 auto
height l 1 auto
min-width l 1 auto
min-height l 1 auto
max-width l 1 none
max-height l 1 none
margin l 4 auto
margin-top l 1 auto
margin-right l 1 auto
margin-bottom l 1 auto
margin-left l 1 auto
padding l 4
padding-top l 1
padding-right l 1
padding-bottom l 1
padding-left l 1
text-indent l 1
text-align - 1 left right center justify start end
text-align-last - 1 left right center justify start end auto
text-justify - 1 auto none inter-word inter-character inter-ideograph
text-decoration c 4 none underline overline line-through solid double dotted dashed wavy
text-decoration-line - 3 none underline overline line-through
text-transform - 1 none capitalize uppercase lowercase full-width
text-emphasis c 3 none filled open dot circle double-circle triangle sesame
text-combine-upright - 1 none all
text-orientation - 1 mixed upright sideways
writing-mode - 1 horizontal-tb vertical-rl vertical-lr tb-rl lr-tb
direction - 1 ltr rtl
line-height ln 1 normal
letter-spacing l 1 normal
word-spacing l 1 normal
vertical-align l 1 baseline top middle bottom sub super text-top text-bottom
white-space - 1 normal nowrap pre pre-wrap pre-line
word-break - 1 normal break-all keep-all break-word
overflow-wrap - 1 normal break-word anywhere
word-wrap - 1 normal break-word
line-break - 1 auto normal loose strict anywhere
hyphens - 1 none manual auto
tab-size ln 1
font ln/f 6 ${SIZES}
font-family f 0
font-size l 1 ${SIZES}
font-style - 1 normal italic oblique
font-weight n 1 normal bold bolder lighter
font-variant - 2 normal small-caps
font-stretch l 1 normal condensed expanded
list-style - 2 ${LISTS}
list-style-type - 1 ${LISTS}
list-style-position - 1 inside outside
display - 1 none block inline inline-block list-item table table-row table-cell table-row-group table-column ruby ruby-text
visibility - 1 visible hidden
opacity n 1
float - 1 left right none
clear - 1 left right both none
box-sizing - 1 border-box content-box
table-layout - 1 auto fixed
caption-side - 1 top bottom
empty-cells - 1 show hide
ruby-position - 1 over under
ruby-align - 1 start center space-between space-around
page-break-before - 1 ${BREAKS}
page-break-after - 1 ${BREAKS}
page-break-inside - 1 ${BREAKS}
break-before - 1 ${BREAKS}
break-after - 1 ${BREAKS}
break-inside - 1 ${BREAKS}
orphans n 1
widows n 1`

export const PROPERTIES: ReadonlyMap<string, Property> = new Map(
  TABLE.replaceAll(/\n\s+/g, ' ')
    .split('\n')
    .map((line) => {
      const [name = '', kinds = '', most = '0', ...words] = line.split(/\s+/)
      return [
        name,
        {
          length: kinds.includes('l'),
          number: kinds.includes('n'),
          colour: kinds.includes('c'),
          slash: kinds.includes('/'),
          family: kinds.includes('f'),
          words: new Set([...words, 'inherit', 'initial']),
          most: Number(most),
        },
      ] as const
    }),
)
