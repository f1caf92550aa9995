/**
 * Groups with a meaning of their own (RTF 1.9.1, "Destinations"). What is not here goes with all that is inside.
 *
 * * `rich`: text with formatting, pictures, fields, shapes
 * * `name`: text only (a bookmark, a property)
 * * the others: a model of their own
 */
export type Place =
  | 'root'
  | 'rich'
  | 'name'
  | 'fonts'
  | 'colors'
  | 'styles'
  | 'style'
  | 'lists'
  | 'overrides'
  | 'authors'
  | 'info'
  | 'title'
  | 'field'
  | 'instruction'
  | 'result'
  | 'formfield'
  | 'object'
  | 'objectResult'
  | 'picture'
  | 'pictures'
  | 'pictureProperties'
  | 'shape'
  | 'shapeBody'
  | 'shapeText'
  | 'property'
  | 'propertyName'
  | 'propertyValue'
  | 'upr'
  | 'unicode'
  | 'drawing'
  | 'drawingText'
  | 'between'
  | 'skip'

export interface Destination {
  readonly place: Place
  /** Written with `\*` before it; `undefined`: as it was read. */
  readonly star: boolean | undefined
}

export function destinationOf(word: string): Destination | undefined {
  return DESTINATIONS.get(word)
}

function all(
  place: Place,
  star: boolean | undefined,
  words: string,
): readonly (readonly [string, Destination])[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => [word, { place, star }] as const)
}

const DESTINATIONS: ReadonlyMap<string, Destination> = new Map([
  ...all(
    'rich',
    false,
    `header headerl headerr headerf footer footerl footerr footerf footnote pntext listtext xe tc tcn txe pntxta pntxtb`,
  ),
  ...all(
    'rich',
    true,
    `ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn annotation nesttableprops background pn pnseclvl`,
  ),
  ...all('name', true, `bkmkstart bkmkend rxe atrfstart atrfend atnref atnid atnauthor atndate`),
  // Formulas (RTF 1.9.1, "Math"): structure and text, no more.
  ...all(
    'rich',
    undefined,
    `mmath moMath moMathPara moMathParaPr mjc mr macc maccPr mbar mbarPr mbox mboxPr mborderBox mborderBoxPr md mdPr mdeg mden me
     meqArr meqArrPr mf mfPr mfName mfunc mfuncPr mgroupChr mgroupChrPr mlim mlimLow mlimLowPr mlimUpp mlimUppPr mm mmPr mmc mmcPr mmcs
     mmr mnary mnaryPr mnum mphant mphantPr mrad mradPr msPre msPrePr msSub msSubPr msSubSup msSubSupPr msSup msSupPr msub msup mctrlPr
     mrPr mchr mpos mvertJc mbegChr mendChr msepChr mgrow mshp mtype mdegHide mlimLoc msubHide msupHide mcount mmcJc mbaseJc mplcHide
     mrSp mrSpRule mcGp mcGpRule mcSp mmaxDist mobjDist malnScr mhideTop mhideBot mhideLeft mhideRight mstrikeH mstrikeV mstrikeBLTR
     mstrikeTLBR mopEmu mnoBreak mdiff maln mshow mtransp mzeroAsc mzeroDesc mzeroWid margPr margSz mctrlPr`,
  ),
  ...all('fonts', false, 'fonttbl'),
  ...all('colors', false, 'colortbl'),
  ...all('styles', false, 'stylesheet'),
  ...all('lists', true, 'listtable'),
  ...all('overrides', true, 'listoverridetable'),
  ...all('authors', true, 'revtbl'),
  ...all('info', false, 'info'),
  ...all('title', false, 'title'),
  ...all('field', false, 'field'),
  ...all('instruction', true, 'fldinst'),
  ...all('result', false, 'fldrslt'),
  ...all('formfield', true, 'formfield'),
  ...all('object', undefined, 'object'),
  ...all('objectResult', undefined, 'result'),
  ...all('picture', false, 'pict'),
  ...all('pictures', true, 'shppict'),
  ...all('pictureProperties', true, 'picprop'),
  ...all('shape', false, 'shp shpgrp'),
  ...all('shapeBody', true, 'shpinst'),
  ...all('shapeText', false, 'shptxt'),
  ...all('property', false, 'sp'),
  ...all('propertyName', false, 'sn'),
  ...all('propertyValue', false, 'sv'),
  ...all('upr', undefined, 'upr'),
  ...all('unicode', undefined, 'ud'),
  // Drawings of Word 6: only the text of their boxes stays.
  ...all('drawing', undefined, 'do'),
  ...all('drawingText', undefined, 'dptxbxtext'),
])

/** Places that only a certain place around them gives a meaning; elsewhere they are unknown. */
export const INSIDE: Readonly<Partial<Record<Place, readonly Place[]>>> = {
  fonts: ['root'],
  colors: ['root'],
  styles: ['root'],
  lists: ['root'],
  overrides: ['root'],
  authors: ['root'],
  info: ['root'],
  instruction: ['field'],
  result: ['field'],
  formfield: ['instruction'],
  objectResult: ['object'],
  pictureProperties: ['picture'],
  shapeBody: ['shape'],
  shapeText: ['shapeBody'],
  property: ['shapeBody', 'pictureProperties'],
  propertyName: ['property'],
  propertyValue: ['property'],
  unicode: ['upr'],
  drawingText: ['drawing'],
  title: ['info'],
}
