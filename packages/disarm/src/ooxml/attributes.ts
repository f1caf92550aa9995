/**
 * The attributes that may be written, by the prefix of their namespace: those of ECMA-376 (transitional) and of [MS-DOCX], [MS-XLSX],
 * [MS-ODRAWXML] for the elements of `vocabulary.ts`. VML has a table of its own. An attribute that no program knows shows nothing and
 * hides anything: a hostile writer could carry a file in it past every reader.
 *
 * @param owner prefix of the element
 * @param prefix of the attribute, empty when it has none
 */
export function isKnownAttribute(owner: string, prefix: string, local: string): boolean {
  if (prefix !== '') return KNOWN.get(prefix)?.has(local) ?? false
  return !ALWAYS_PREFIXED.has(owner) && (PLAIN_NAMES.has(local) || isOfficeName(owner, local))
}

/** Their attributes have their own prefix. */
const ALWAYS_PREFIXED: ReadonlySet<string> = new Set(['w', 'w14', 'm'])

function isOfficeName(owner: string, local: string): boolean {
  return (owner === 'o' || owner === 'xvml') && OFFICE_NAMES.has(local)
}

/** Attributes without a prefix, of Excel, PowerPoint and drawings. */
const PLAIN = `
  a aboveAverage aca accel accent1 accent2 accent3 accent4 accent5 accent6 accumulate action activeCell activeCellId
  activeCol activePane activePresent activeRow activeTab additive advAuto advClick advTm afterEffect algIdExt algIdExtSource
  algn algorithmName alignWithMargins alignment allDrilled allowBlank allowOverlap allowRefreshQuery altLang amt anchor
  anchorCtr anchorx anchory and ang animBg applyAlignment applyAlignmentFormats applyBorder applyBorderFormats applyFill
  applyFont applyFontFormats applyNumberFormat applyNumberFormats applyPatternFormats applyProtection applyStyles
  applyWidthHeightFormats arg array asteriskTotals authorId auto autoAdjust autoCompressPictures autoEnd autoFilter
  autoFilterDateGrouping autoFormatId autoPageBreaks autoRev autoShow autoStart autoUpdateAnimBg avgSubtotal axis
  axisPosition b bIns backgroundQuery backupFile backwards bandCol bandRow base baseColWidth baseField baseItem baseline bc
  behindDoc bestFit bg1 bg2 blackAndWhite blank bld bldLvl bldStep blend blipPhldr blurRad bmk bookmarkIdSeed border borderId
  bottom bright build builtinId bw bwMode bx by byPosition c ca cacheId cacheIndex calcCompleted calcId calcMode calcOnSave
  calcmode calculatedColumn calendarType cap caption caseSensitive categoryIdx cellColor cellComments chOrder char charset
  chart chartFormat checkCompatibility click clrIdx clrMode clrSpc cm cmpd cnt codeName coherent3DOff colGrandTotals
  colHeaderCaption colId colPageCount collapse collapsed collapsedLevelsAreSubtotals colorId columnSort comment compact
  compactData compatLnSpc compatMode concurrent concurrentCalc concurrentManualCount conformance containsBlank containsDate
  containsInteger containsMixedTypes containsNonDate containsNumber containsSemiMixedTypes containsString content contourW
  contrast copies count countASubtotal countSubtotal cp createdVersion cryptAlgorithmClass cryptAlgorithmSid
  cryptAlgorithmType cryptProvider cryptProviderType cryptProviderTypeExt cryptProviderTypeExtSource csCatId csTypeId cstate
  current custAng custFlipHor custFlipVert custLinFactNeighborX custLinFactNeighborY custLinFactX custLinFactY
  custRadScaleInc custRadScaleRad custScaleX custScaleY custSzX custSzY custT custom customBuiltin customFormat customHeight
  customList customListSort customMenu customWidth cx cxnId cy d data dataBound dataCaption dataCellStyle dataDxfId dataField
  dataOnRows dataOnly dataPosition dataSourceSort databaseField date1904 dateAxis dateCompatibility dateTimeGrouping day
  decel def defStyle defTabSz defaultAttributeDrillState defaultColWidth defaultGridColor defaultPivotStyle defaultRowHeight
  defaultSubtotal defaultTableStyle defaultThemeVersion degree del1 del2 delay deleteColumns deleteRows deleted descending
  descr description destId destOrd diagonalDown diagonalUp differentFirst differentOddEven dimension dir direction dirty
  disableFieldList disablePrompts display displayEmptyCellsAs displayHidden displayName displayXAxis dist distB distL distR
  distT dpi draft dragOff dragToCol dragToData dragToPage dragToRow dt dt2D dtr dur dx dxfId dy dz e eaLnBrk eb editAs
  editData edited embedTrueTypeFonts emptyCellReference enableDrill enableFieldProperties enableFormatConditionsCalculation
  enableRefresh enableWizard end endA endDate endNum endPos endSnd equalAverage err error errorCaption errorStyle errorTitle
  errors evalError evt evtFilter extendable extrusionH extrusionOk f fLocksText fLocksWithSheet fPrintsWithSheet fPublished
  fact fadeDir fc field fieldListSortAscending fieldPosition fieldPrintTitles fill fillId filter filterMode filterPrivacy
  filterVal first firstCol firstDataCol firstDataRow firstHeaderRow firstPageNumber firstRow firstSheet firstSlideNum fitToHeight
  fitToPage fitToWidth fld flip flipH flipV fmla folHlink fontAlgn fontId fontScale footer for forName forceAA forceFullCalc
  format formatCells formatCode formatColumns formatRows formula formulaRange fov frame frameSlides from fromWordArt ftr
  fullCalcOnLoad fullPrecision func function functionGroupId g gdRefAng gdRefR gdRefX gdRefY gradient grandCol
  grandRow grandTotalCaption gridDropZones gridLines gridLinesSet gridSpan groupBy groupInterval grow grpId gte guid h hMerge
  hR hangingPunct hasCustomPrompt hashData hashValue hdr header headerRowBorderDxfId headerRowCellStyle headerRowCount
  headerRowDxfId headings help hidden hiddenButton hiddenLevel hiddenSlides hideGeom hideLastTrans hideNewItems
  hidePivotFieldList hier hierarchy high highlightClick history hlink horizontal horizontalCentered horizontalDpi
  horzBarState horzOverflow hour ht hue hueDir i iLevel iconId iconSet id idx imeMode immersive in includeNewItemsInFilter
  indent indexed initials insertBlankRow insertColumns insertHyperlinks insertPageBreak insertRow insertRowShift insertRows
  invalEndChars invalStChars invalid isPhoto item itemPageCount itemPrintTitles iterate iterateCount iterateDelta
  justifyLastLine kern kumimoji kx ky l lIns label labelOnly lang last lastClr lastCol lastIdx lastRow lastView lat
  latinLnBrk layout layoutInCell left len level lim lineWeight listDataValidation lkTxEntry lnSpcReduction loCatId loTypeId
  localSheetId location lock lockRevision lockStructure lockWindows locked lon longText loop low lowBound lum lvl m man
  manualBreakCount manualMax manualMin mappingCount marB marL marR marT markers masterRel matchingName max maxAng maxAxisType
  maxDate maxLength maxR maxSubtotal maxVal maxValIso maxValue maxX maxY mdxSubqueries measureFilter memberPropertyField
  mergeCell mergeItem meth min minAng minAxisType minDate minLength minR minRefreshableVersion minSubtotal minValue minVer
  minX minY minimized minute missingCaption missingItemsLimit modelId month moveWith multipleFieldFilters
  multipleItemSelectionAllowed n name negative negativeBarBorderColorSameAsPositive negativeBarColorSameAsPositive nextAc
  noAdjustHandles noChangeArrowheads noChangeAspect noChangeShapeType noCrop noDrilldown noEditPoints noGrp noMove noProof
  noResize noRot noSelect noTextEdit noUngrp nodePh nodeType nonAutoSortDefault normalEastAsianFlow normalizeH numCol
  numFmtId numberStoredAsText objects offset on op operator optimizeMemory orient orientation origin outline outlineData outlineLevel
  outlineLevelCol outlineLevelRow override pageOrder pageOverThenDown pageStyle pageWrap pane panose paperHeight paperSize
  paperWidth par parTransId password path pathEditMode patternType percent ph phldr phldrT phonetic pitchFamily pivot
  pivotButton pivotTableStyle pivotTables pos position preferRelativeResize preferSingleView presAssocID presId presName
  presStyleCnt presStyleIdx presStyleLbl preserve preserveFormatting presetClass presetID presetSubtype prevAc previousCol
  previousRow pri printDrill priority prLst prnWhat productSubtotal promptTitle prompt promptedSolutions propertyName prst prstMaterial pt
  ptType ptsTypes publishItems publishToServer published qsCatId qsTypeId quotePrefix r r1 r2 rAng rIns rad rank rankBy rctx
  readOnlyRecommended readingOrder recordCount ref refFor refForName refMode refPtType refType refreshAllConnections
  refreshOnLoad refreshedBy refreshedDate refreshedDateIso refreshedVersion relId relative relativeFrom relativeHeight
  relativeIndent removePersonalInfoOnSave repeatCount repeatDur reservationPassword restart rev reverse revisionsAlgorithmName
  revisionsHashValue revisionsPassword revisionsPasswordCharacterSet revisionsSaltValue revisionsSpinCount rgb rig right
  rightToLeft rot rotWithShape rowGrandTotals rowHeaderCaption rowPageCount rowSpan rtl rtlCol s saltData saltValue sat
  saveData saveExternalLinkValues saveSubsetFonts sb scale scaleToFitPaper scaleWithDoc scaled scenarios scope script sd
  second securityDescriptor selectLockedCells selectUnlockedCells selected seq series seriesIdx serverField serverZoom
  shadeToTitle shapeId sheet sheetId shortcutKey show showAll showAnimation showBorderUnselectedTables showButton
  showCalcMbrs showCaptions showColHeaders showColStripes showColumnStripes showComments showDataAs showDataDropDown
  showDataTips showDrill showDropDown showDropDowns showDropZones showEmptyCol showEmptyRow showError showErrorMessage
  showFirstColumn showFormatting showFormulas showGridLines showGuides showHeader showHeaders showHorizontalScroll
  showInkAnnotation showInputMessage showItems showLastColumn showMasterPhAnim showMasterSp showMemberPropertyTips
  showMissing showMultipleLabel showNarration showObjects showOutlineIcons showOutlineSymbols showPivotChartFilter
  showPropAsCaption showPropCell showPropTip showRowColHeaders showRowHeaders showRowStripes showRuler showScrollbar
  showSheetTabs showSpecialPlsOnTitleSld showValue showVerticalScroll showWhiteSpace showZeros shrinkToFit si sibTransId side
  simplePos size sldNum smtClean smtId snapToGrid snapToObjects snapVertSplitter sort sortBy sortMethod sortType sourceLinked sp
  spans spc spcCol spcFirstLastPara spd spid spinCount spinValue spokes sqlType sqref srcId srcOrd st stA stAng stPos
  standardDeviation startAt startDate startNum start state statusBar stdDev stdDevPSubtotal stdDevSubtotal step stopIfTrue
  strictFirstAndLastChars strike stroke style styleId styleLbl styleName subtotal subtotalCaption subtotalHiddenItems
  subtotalTop sumSubtotal summaryBelow summaryRight supportAdvancedDrill supportSubquery swAng sx sy syncBehavior
  syncHorizontal syncRef syncVertical sz t tIns tabRatio tabSelected table tableBorderDxfId tableType tag text textRotation
  textlink tgtFrame theme thickBot thickBottom thickTop thresh thruBlk timePeriod tint title tm tmFilter to tooltip top
  topAutoShow topLeftCell totalsRowBorderDxfId totalsRowCellStyle totalsRowCount totalsRowDxfId totalsRowFunction
  totalsRowLabel totalsRowShown transition transitionEntry transitionEvaluation tupleCache twoDigitTextYear tx tx1 tx2 txBox
  ty type typeface u uiExpand un undone uniqueCount uniqueId uniqueList uniqueMemberProperty uniqueName unlockedFormula upBound
  updateLinks updatedVersion upgradeOnRefresh upright uri useA useAutoFormatting useBgFill useDef useFirstPageNumber
  usePrinterDefaults useTimings user userDrawn userName v vMerge vacatedStyle val valIso valueType varPSubtotal varScale
  varSubtotal vbProcedure vert vertBarState vertOverflow vertical verticalCentered verticalDpi view visibility visualTotals
  vm w wR width windowHeight windowProtection windowWidth workbookAlgorithmName workbookHashValue workbookParameter
  workbookPassword workbookPasswordCharacterSet workbookSaltValue workbookSpinCount workbookViewId wrap wrapText x xSplit
  xWindow xfId xfrmType xlm y yWindow ySplit year z zOrderOff zeroHeight zoom zoomContents zoomScale zoomScaleNormal
  zoomScalePageLayoutView zoomScaleSheetLayoutView zoomToFit`

/** Without a prefix, on the elements of Office that stand among VML. */
const OFFICE = `
  ObjectType accentbar adjusthandles angle annotation aspectratio autorotationcenter backdepth brightness color colormode
  colors cropping diffusity distance drop dropauto edge ext extrusioncolor facet fillcolor foredepth gap grouping how idref
  length lengthspecified lightface lightharsh lightharsh2 lightlevel lightlevel2 lightposition lightposition2
  lockrotationcenter matrix metal minusx minusy new old orientationangle plane render rotation rotationangle rotationcenter
  selection shadow shadowcolor shapetype shininess skewamt skewangle specularity strokecolor textborder ungrouping verticies
  viewpoint viewpointorigin`

const WORD = `
  abstractNumId accent1 accent2 accent3 accent4 accent5 accent6 after afterAutospacing afterLines algIdExt algIdExtSource
  algorithmName alias alignment allStyles alternateStyleNames anchor anchorLock ascii asciiTheme author before
  beforeAutospacing beforeLines bg1 bg2 bidi bottom bottomFromText chapSep chapStyle char charSpace clear clearFormatting
  code colFirst colLast color combine combineBrackets comments conformance count countBy cryptAlgorithmClass
  cryptAlgorithmSid cryptAlgorithmType cryptProvider cryptProviderType cryptProviderTypeExt cryptProviderTypeExtSource
  cryptSpinCount cs csb0 csb1 cstheme customMarkFollows customStyle customStyles date default defLockedState defQFormat
  defSemiHidden defUIPriority defUnhideWhenUsed directFormattingOnNumbering directFormattingOnParagraphs
  directFormattingOnRuns directFormattingOnTables dirty displacedByCustomXml display displayText distance dropCap eastAsia
  eastAsiaTheme edit end endChars enforcement equalWidth evenHBand evenVBand fill first firstColumn firstLine firstLineChars
  firstRow firstRowFirstColumn firstRowLastColumn fldCharType fldLock fmt followedHyperlink font footer formatting frame
  fullDate gutter h hAnchor hAnsi hAnsiTheme hRule hSpace hanging hangingChars hash hashValue header headingStyles hint
  history horzAnchor hyperlink id ilvl initials inkAnnotations insDel instr lastColumn lastRow lastRowFirstColumn
  lastRowLastColumn lastValue latentStyles leader left leftChars leftFromText legacy legacyIndent legacySpace line linePitch
  lineRule lines locked markup multiLine name noHBand noVBand num numId numPicBulletId numberingStyles oddHBand oddVBand offsetFrom orient original
  other percent pos qFormat recommended relativeTo restart restartNumberingAfterBreak right rightChars rightFromText salt
  saltValue semiHidden sep shadow space spinCount start startChars styleId stylesInUse sz t1 t2 tableStyles tblpX tblpXSpec
  tblpY tblpYSpec tentative themeColor themeFill themeFillShade themeFillTint themeShade themeTint tooltip top
  top3HeadingStyles topFromText tplc type uiPriority unhideWhenUsed uri usb0 usb1 usb2 usb3 vAnchor vMerge vMergeOrig vSpace
  val value vert vertAnchor vertCompress visibleStyles w wrap x xAlign y yAlign zOrder`

/** Effects of text of Word 2010. */
const WORD_14 = `
  algn ang b blurRad cap cmpd contourW dir dist endA endPos extrusionH fadeDir font h id kx ky l lat lim lon path pos prst
  prstMaterial r rad rev rig scaled stA stPos sx sy t type val w`

const namesOf = (names: string): ReadonlySet<string> => new Set(names.trim().split(/\s+/))
const PLAIN_NAMES = namesOf(PLAIN)
const OFFICE_NAMES = namesOf(OFFICE)
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['w', namesOf(WORD)],
  ['w14', namesOf(WORD_14)],
  ['m', namesOf('alnAt val')],
  ['v', namesOf('ext')],
])
