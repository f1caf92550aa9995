import {
  addressAllowed,
  formulaPrefix,
  odfFormulaAllowed,
  writerFormulaAllowed,
} from './odf-formula.ts'
import { urlAllowed } from './url.ts'

const MAX_VALUE = 524_288
const FORMULAS = new Set(
  'table:formula text:formula table:condition table:expression style:condition calcext:value'.split(
    ' ',
  ),
)
const ADDRESSES = new Set(
  (
    'table:cell-range-address table:target-range-address table:base-cell-address table:end-cell-address ' +
    'table:print-ranges table:cell-address table:cell-range table:target-cell-address ' +
    'table:source-cell-range-addresses table:label-cell-range-address table:data-cell-range-address ' +
    'table:scenario-ranges table:condition-source-range-address chart:values-cell-range-address ' +
    'chart:label-cell-address chart:error-lower-range chart:error-upper-range form:linked-cell ' +
    'form:source-cell-range style:base-cell-address calcext:target-range-address calcext:base-cell-address ' +
    'calcext:data-range calcext:cell-address draw:notify-on-update-of-ranges'
  ).split(' '),
)
const COUNT = /^[0-9]{1,5}$/u
const ROWS = /^[0-9]{1,7}$/u
const PATTERNS: Readonly<Record<string, RegExp>> = {
  'office:version': /^1\.[0-4]$/u,
  'office:mimetype': /^application\/vnd\.oasis\.opendocument\.[a-z-]{1,40}$/u,
  'office:target-frame-name': /^_(?:blank|self|parent|top)$/u,
  'xlink:type': /^simple$/u,
  'xlink:show': /^(?:new|replace|embed|none)$/u,
  'xlink:actuate': /^(?:onLoad|onRequest)$/u,
  'chart:class': /^(?:chart:)?[a-z-]{1,40}$/u,
  'form:control-implementation':
    /^(?:ooo:)?com\.sun\.star\.form\.component\.(?:CheckBox|ComboBox|CommandButton|CurrencyField|DateField|FixedText|Form|FormattedField|GridControl|GroupBox|ImageButton|ListBox|NumericField|PatternField|RadioButton|RichTextControl|ScrollBar|SpinButton|TextField|TimeField)$/u,
  'table:steps': COUNT,
  'form:button-type': /^(?:push|reset)$/u,
  'smil:attributeName': /^(?!.*href)[A-Za-z-]{1,40}(?:;[A-Za-z-]{1,40}){0,20}$/u,
  'config:type': /^(?:boolean|short|int|long|double|string)$/u,
  'text:c': COUNT,
  'table:number-columns-spanned': COUNT,
  'table:number-rows-spanned': COUNT,
  'table:number-columns-repeated': COUNT,
  'table:number-matrix-columns-spanned': COUNT,
  'table:number-rows-repeated': ROWS,
  'table:number-matrix-rows-spanned': ROWS,
}

/** Why the value of an attribute (`prefix:name`) may not be; nothing when it may. */
export function valueFault(key: string, value: string): string | undefined {
  if (value.length > MAX_VALUE) return 'VERIFY-LIMIT'
  if (FORMULAS.has(key))
    return odfFormulaAllowed(value) || writerFormulaAllowed(value) ? undefined : 'VERIFY-FORMULA'
  if (key === 'text:condition')
    return writerFormulaAllowed(value) || addressAllowed(value) ? undefined : 'VERIFY-FORMULA'
  if (ADDRESSES.has(key)) return addressAllowed(value) ? undefined : 'VERIFY-FORMULA'
  if (key === 'text:url') return urlAllowed(value) ? undefined : 'VERIFY-ODF-URL'
  const pattern = Object.hasOwn(PATTERNS, key) ? PATTERNS[key] : undefined
  return pattern === undefined || pattern.test(value) ? undefined : 'VERIFY-ODF-VALUE'
}

/** Whether anything is asked of the value of an attribute but its length. */
export function valueMatters(key: string): boolean {
  const asked = FORMULAS.has(key) || ADDRESSES.has(key) || Object.hasOwn(PATTERNS, key)
  return asked || ['text:condition', 'text:url', 'config:name'].includes(key)
}

/** The prefix that a value itself uses. */
export function prefixInValue(key: string, value: string): string {
  if (FORMULAS.has(key) || key === 'text:condition') return formulaPrefix(value)
  const qualified = key === 'form:control-implementation' || key === 'config:name'
  return qualified && value.startsWith('ooo:') ? 'ooo' : ''
}

const HIDDEN_CHARACTERS =
  /[\u0000-\u001F\u007F-\u009F\\\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/u

/** A link to a place of this document, or to a page by the URL policy. */
export function linkAllowed(href: string): boolean {
  return href.startsWith('#')
    ? href.length <= 2083 && !HIDDEN_CHARACTERS.test(href)
    : urlAllowed(href)
}

const SETTING_STRINGS: Readonly<Record<string, RegExp>> = {
  PrinterIndependentLayout: /^(?:disabled|low-resolution|high-resolution)$/u,
  ViewId: /^[vV]iew[0-9]{1,4}$/u,
  ActiveTable: /^.{1,255}$/u,
  BeginLine: /^.{0,400}$/u,
  EndLine: /^.{0,400}$/u,
  Language: /^[A-Za-z]{0,8}$/u,
  Country: /^[A-Za-z0-9]{0,8}$/u,
  Variant: /^[A-Za-z0-9-]{0,16}$/u,
}
const SETTING_BOOLEANS = new Set(
  `AddExternalLeading AddFrameOffsets AddParaLineSpacingToTableCells AddParaSpacingToTableCells
   AddParaTableSpacing AddParaTableSpacingAtStart AddVerticalFrameOffsets AlignTabStopPosition
   AnchoredTextOverflowLegacy ApplyParagraphMarkFormatToNumbering AutoCalculate
   AutoFirstLineIndentDisregardLineSpace BackgroundParaOverDrawings ClipAsCharacterAnchoredWriterFlyFrames
   ClippedPictures CollapseEmptyCellPara ConsiderTextWrapOnObjPos ConsiderWrapOnObjPos ContinuousEndnotes
   DisableOffPagePositioning DoNotCaptureDrawObjsOnPage DoNotJustifyLinesWithManualBreak
   DoNotResetParaAttrsForNumFont DropCapPunctuation EmptyDbFieldHidesPara FloattableNomargins
   FootnoteInColumnToPageEnd FrameAutowidthWithMorePara GridIsFront GridIsVisible GutterAtTop
   HandoutsHorizontal HasColumnRowHeaders HasSheetTabs HeaderSpacingBelowLastPara
   IgnoreFirstLineIndentInNumbering IgnoreTabsAndBlanksForLineCalculation InBrowseMode InvertBorderSpacing
   IsKernAsianPunctuation IsLabelDocument IsLayerMode IsOutlineSymbolsSet IsPrintDate IsPrintDrawing
   IsPrintFitPage IsPrintHandout IsPrintHiddenPages IsPrintNotes IsPrintOutline IsPrintPageName
   IsPrintTilePage IsPrintTime IsRasterAxisSynchronized IsSnapToRaster LegacySingleLineFontwork
   MathBaselineAlignment MsWordCompGridMetrics MsWordCompMinLineHeightByFly MsWordCompTrailingBlanks
   NoAttribs NoClippingWithWrapPolygon NoColors NoGapAfterNoteNumber NoNumberingShowFollowBy
   OutlineLevelYieldsNumbering ParagraphSummation PrintAnnotations PrintBlackFonts PrintControls
   PrintDrawings PrintEmptyPages PrintGraphics PrintHiddenText PrintLeftPages PrintPageBackground
   PrintProspect PrintProspectRTL PrintReversed PrintRightPages PrintTables PrintTextPlaceholder
   PropLineSpacingShrinksFirstLine ProtectBookmarks ProtectFields ProtectForm RasterIsVisible
   RulerIsVisible ShowGrid ShowNotes ShowPageBreakPreview ShowPageBreaks ShowRedlineChanges ShowZeroValues
   SmallCapsPercentage66 StylesNoDefault SubtractFlysAnchoredAtFlys SurroundTextWrapSmall
   TabAtLeftIndentForParagraphsInList TabOverMargin TabOverSpacing TabOverflow TableRowKeep
   TabsRelativeToIndent TreatSingleColumnBreakAsPageBreak UnbreakableNumberings UnxForceZeroExtLeading
   UseFormerLineSpacing UseFormerObjectPositioning UseFormerTextWrapping UseOldNumbering
   UseOldPrinterMetrics UseVariableWidthNBSP WordLikeWrapForAsCharFlys WrapAsCharFlysLikeInOOXML`.split(
    /\s+/u,
  ),
)
const SETTING_NUMBERS = new Set(
  `ActiveSplitRange CharacterCompressionType CursorPositionX CursorPositionY DefaultTabStop EditMode
   GridCoarseHeight GridCoarseWidth GridColor GridFineHeight GridFineWidth HorizontalScrollbarWidth
   HorizontalSplitMode HorizontalSplitPosition ImagePreferredDPI PageKind PageNumberFormat
   PageViewZoomValue PositionBottom PositionLeft PositionRight PositionTop PrintAnnotationMode
   RasterResolutionX RasterResolutionY RasterSubdivisionX RasterSubdivisionY SelectedPage SlidesPerHandout
   SlidesPerRow SyntaxStringRef VerticalSplitMode VerticalSplitPosition ViewAreaHeight ViewAreaLeft
   ViewAreaTop ViewAreaWidth ViewLayoutColumns ViewLeft ViewTop VisibleAreaHeight VisibleAreaLeft
   VisibleAreaTop VisibleAreaWidth VisibleBottom VisibleLeft VisibleRight VisibleTop ZoomFactor ZoomType
   ZoomValue`.split(/\s+/u),
)

/** One item of the settings: layout and view only; no printer, no update, no data source. */
export function settingAllowed(name: string, type: string, value: string): boolean {
  if (SETTING_BOOLEANS.has(name))
    return type === 'boolean' && (value === 'true' || value === 'false')
  if (SETTING_NUMBERS.has(name))
    return (
      ['short', 'int', 'long', 'double'].includes(type) &&
      /^-?[0-9]{1,18}(?:\.[0-9]{1,10})?$/u.test(value)
    )
  const pattern = Object.hasOwn(SETTING_STRINGS, name) ? SETTING_STRINGS[name] : undefined
  return type === 'string' && pattern !== undefined && pattern.test(value)
}
