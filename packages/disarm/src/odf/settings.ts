/**
 * Settings that change how a document looks or where a reader stands in it. Left out on purpose: printers (`PrinterSetup` is a
 * blob for a driver), `LinkUpdateMode` and `UpdateFromTemplate` (reach out), `LoadReadonly`, data sources, code names, table
 * files (`…TableURL`), identifiers of editing sessions.
 */
const BOOLEANS = `AddExternalLeading AddFrameOffsets AddParaLineSpacingToTableCells AddParaSpacingToTableCells
  AddParaTableSpacing AddParaTableSpacingAtStart AddVerticalFrameOffsets AlignTabStopPosition AnchoredTextOverflowLegacy
  ApplyParagraphMarkFormatToNumbering AutoCalculate AutoFirstLineIndentDisregardLineSpace BackgroundParaOverDrawings
  ClipAsCharacterAnchoredWriterFlyFrames ClippedPictures CollapseEmptyCellPara ConsiderTextWrapOnObjPos
  ConsiderWrapOnObjPos ContinuousEndnotes DisableOffPagePositioning DoNotCaptureDrawObjsOnPage
  DoNotJustifyLinesWithManualBreak DoNotResetParaAttrsForNumFont DropCapPunctuation EmptyDbFieldHidesPara
  FloattableNomargins FootnoteInColumnToPageEnd FrameAutowidthWithMorePara GridIsFront GridIsVisible GutterAtTop
  HandoutsHorizontal HasColumnRowHeaders HasSheetTabs HeaderSpacingBelowLastPara IgnoreFirstLineIndentInNumbering
  IgnoreTabsAndBlanksForLineCalculation InBrowseMode InvertBorderSpacing IsKernAsianPunctuation IsLabelDocument
  IsOutlineSymbolsSet IsPrintDate IsPrintDrawing IsPrintFitPage IsPrintHandout IsPrintHiddenPages IsPrintNotes
  IsPrintOutline IsPrintPageName IsPrintTilePage IsPrintTime IsRasterAxisSynchronized IsSnapToRaster
  LegacySingleLineFontwork MathBaselineAlignment MsWordCompGridMetrics MsWordCompMinLineHeightByFly
  MsWordCompTrailingBlanks NoGapAfterNoteNumber NoNumberingShowFollowBy NoClippingWithWrapPolygon
  OutlineLevelYieldsNumbering ParagraphSummation PrintAnnotations PrintBlackFonts PrintControls PrintDrawings
  PrintEmptyPages PrintGraphics PrintHiddenText PrintLeftPages PrintPageBackground PrintProspect PrintProspectRTL
  PrintReversed PrintRightPages PrintTables PrintTextPlaceholder PropLineSpacingShrinksFirstLine ProtectBookmarks
  ProtectFields ProtectForm RasterIsVisible ShowGrid ShowNotes ShowPageBreakPreview ShowPageBreaks ShowRedlineChanges
  ShowZeroValues SmallCapsPercentage66 StylesNoDefault SubtractFlysAnchoredAtFlys SurroundTextWrapSmall
  TabAtLeftIndentForParagraphsInList TabOverMargin TabOverSpacing TabOverflow TableRowKeep TabsRelativeToIndent
  TreatSingleColumnBreakAsPageBreak UnbreakableNumberings UnxForceZeroExtLeading UseFormerLineSpacing
  UseFormerObjectPositioning UseFormerTextWrapping UseOldNumbering UseOldPrinterMetrics UseVariableWidthNBSP
  WordLikeWrapForAsCharFlys WrapAsCharFlysLikeInOOXML NoAttribs NoColors IsLayerMode RulerIsVisible`
const NUMBERS = `ActiveSplitRange CharacterCompressionType CursorPositionX CursorPositionY DefaultTabStop EditMode
  GridColor GridFineHeight GridFineWidth GridCoarseHeight GridCoarseWidth HorizontalScrollbarWidth HorizontalSplitMode
  HorizontalSplitPosition ImagePreferredDPI PageKind PageNumberFormat PageViewZoomValue PositionBottom PositionLeft
  PositionRight PositionTop PrintAnnotationMode RasterResolutionX RasterResolutionY RasterSubdivisionX
  RasterSubdivisionY SelectedPage SlidesPerHandout SlidesPerRow SyntaxStringRef VerticalSplitMode VerticalSplitPosition
  ViewAreaHeight ViewAreaLeft ViewAreaTop ViewAreaWidth ViewLayoutColumns ViewLeft ViewTop VisibleAreaHeight
  VisibleAreaLeft VisibleAreaTop VisibleAreaWidth VisibleBottom VisibleLeft VisibleRight VisibleTop ZoomFactor ZoomType
  ZoomValue`

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))
const BOOLEAN_ITEMS = words(BOOLEANS)
const NUMBER_ITEMS = words(NUMBERS)
/** Words that the user sees, or of a closed set. */
const STRING_ITEMS: ReadonlyMap<string, RegExp> = new Map([
  ['PrinterIndependentLayout', /^(?:disabled|low-resolution|high-resolution)$/],
  ['ViewId', /^[vV]iew[0-9]{1,4}$/],
  ['ActiveTable', /^.{1,255}$/u],
  // Characters that may not begin or end a line in East Asian text.
  ['BeginLine', /^.{0,400}$/u],
  ['EndLine', /^.{0,400}$/u],
  ['Language', /^[A-Za-z]{0,8}$/],
  ['Country', /^[A-Za-z0-9]{0,8}$/],
  ['Variant', /^[A-Za-z0-9-]{0,16}$/],
])

/** Sets and maps that hold such items; a map entry has a number, a view or the name of a sheet. */
const SETS = words('ooo:view-settings ooo:configuration-settings')
const MAPS = words('Views Tables ForbiddenCharacters')

export function isSettingSet(name: string): boolean {
  return SETS.has(name)
}

export function isSettingMap(name: string): boolean {
  return MAPS.has(name)
}

/** Whether an item may be written with this value. */
export function isSetting(name: string, type: string, value: string): boolean {
  if (BOOLEAN_ITEMS.has(name)) return type === 'boolean' && /^(?:true|false)$/.test(value)
  if (NUMBER_ITEMS.has(name))
    return (
      /^(?:short|int|long|double)$/.test(type) && /^-?[0-9]{1,18}(?:\.[0-9]{1,10})?$/.test(value)
    )
  return type === 'string' && (STRING_ITEMS.get(name)?.test(value) ?? false)
}
