/**
 * Attributes a part may hold, per prefix of the attribute; `office` are those of Office's own elements among VML, beside the plain ones,
 * `shape` and `drawn` those of VML, without a prefix and with that of Office. The disarmer has such a table of its own.
 */
const WORDS: Readonly<Record<string, string>> = {
  plain: `
    a aboveAverage aca accel accent1 accent2 accent3 accent4 accent5 accent6 accumulate action activeCell activeCellId
    activeCol activePane activePresent activeRow activeTab additive advAuto advClick advTm afterEffect algIdExt
    algIdExtSource algn algorithmName alignment alignWithMargins allDrilled allowBlank allowOverlap allowRefreshQuery
    altLang amt anchor anchorCtr anchorx anchory and ang animBg applyAlignment applyAlignmentFormats applyBorder
    applyBorderFormats applyFill applyFont applyFontFormats applyNumberFormat applyNumberFormats applyPatternFormats
    applyProtection applyStyles applyWidthHeightFormats arg array asteriskTotals authorId auto autoAdjust
    autoCompressPictures autoEnd autoFilter autoFilterDateGrouping autoFormatId autoPageBreaks autoRev autoShow autoStart
    autoUpdateAnimBg avgSubtotal axis axisPosition b backgroundQuery backupFile backwards bandCol bandRow base baseColWidth
    baseField baseItem baseline bc behindDoc bestFit bg1 bg2 bIns blackAndWhite blank bld bldLvl bldStep blend blipPhldr
    blurRad bmk bookmarkIdSeed border borderId bottom bright build builtinId bw bwMode bx by byPosition c ca cacheId
    cacheIndex calcCompleted calcId calcMode calcmode calcOnSave calculatedColumn calendarType cap caption caseSensitive
    categoryIdx cellColor cellComments char charset chart chartFormat checkCompatibility chOrder click clrIdx clrMode clrSpc
    cm cmpd cnt codeName coherent3DOff colGrandTotals colHeaderCaption colId collapse collapsed collapsedLevelsAreSubtotals
    colorId colPageCount columnSort comment compact compactData compatLnSpc compatMode concurrent concurrentCalc
    concurrentManualCount conformance containsBlank containsDate containsInteger containsMixedTypes containsNonDate
    containsNumber containsSemiMixedTypes containsString content contourW contrast copies count countASubtotal countSubtotal
    cp createdVersion cryptAlgorithmClass cryptAlgorithmSid cryptAlgorithmType cryptProvider cryptProviderType
    cryptProviderTypeExt cryptProviderTypeExtSource csCatId cstate csTypeId current custAng custFlipHor custFlipVert
    custLinFactNeighborX custLinFactNeighborY custLinFactX custLinFactY custom customBuiltin customFormat customHeight
    customList customListSort customMenu customWidth custRadScaleInc custRadScaleRad custScaleX custScaleY custSzX custSzY
    custT cx cxnId cy d data databaseField dataBound dataCaption dataCellStyle dataDxfId dataField dataOnly dataOnRows
    dataPosition dataSourceSort date1904 dateAxis dateCompatibility dateTimeGrouping day decel def
    defaultAttributeDrillState defaultColWidth defaultGridColor defaultPivotStyle defaultRowHeight defaultSubtotal
    defaultTableStyle defaultThemeVersion defStyle defTabSz degree del1 del2 delay deleteColumns deleted deleteRows
    descending descr description destId destOrd diagonalDown diagonalUp differentFirst differentOddEven dimension dir
    direction dirty disableFieldList disablePrompts display displayEmptyCellsAs displayHidden displayName displayXAxis dist
    distB distL distR distT dpi draft dragOff dragToCol dragToData dragToPage dragToRow dt dt2D dtr dur dx dxfId dy dz e
    eaLnBrk eb editAs editData edited embedTrueTypeFonts emptyCellReference enableDrill enableFieldProperties
    enableFormatConditionsCalculation enableRefresh enableWizard end endA endDate endNum endPos endSnd equalAverage err
    error errorCaption errors errorStyle errorTitle evalError evt evtFilter extendable extrusionH extrusionOk f fact fadeDir
    fc field fieldListSortAscending fieldPosition fieldPrintTitles fill fillId filter filterMode filterPrivacy filterVal
    first firstCol firstDataCol firstDataRow firstHeaderRow firstPageNumber firstRow firstSheet firstSlideNum fitToHeight
    fitToPage fitToWidth fld flip flipH flipV fLocksText fLocksWithSheet fmla folHlink fontAlgn fontId fontScale footer for
    forceAA forceFullCalc format formatCells formatCode formatColumns formatRows formula formulaRange forName fov
    fPrintsWithSheet fPublished frame frameSlides from fromWordArt ftr fullCalcOnLoad fullPrecision func function
    functionGroupId g gdRefAng gdRefR gdRefX gdRefY gradient grandCol grandRow grandTotalCaption gridDropZones gridLines
    gridLinesSet gridSpan groupBy groupInterval grow grpId gte guid h hangingPunct hasCustomPrompt hashData hashValue hdr
    header headerRowBorderDxfId headerRowCellStyle headerRowCount headerRowDxfId headings help hidden hiddenButton
    hiddenLevel hiddenSlides hideGeom hideLastTrans hideNewItems hidePivotFieldList hier hierarchy high highlightClick
    history hlink hMerge horizontal horizontalCentered horizontalDpi horzBarState horzOverflow hour hR ht hue hueDir i
    iconId iconSet id idx iLevel imeMode immersive in includeNewItemsInFilter indent indexed initials insertBlankRow
    insertColumns insertHyperlinks insertPageBreak insertRow insertRows insertRowShift invalEndChars invalid invalStChars
    isPhoto item itemPageCount itemPrintTitles iterate iterateCount iterateDelta justifyLastLine kern kumimoji kx ky l label
    labelOnly lang last lastClr lastCol lastIdx lastRow lastView lat latinLnBrk layout layoutInCell left len level lim
    lineWeight lIns listDataValidation lkTxEntry lnSpcReduction localSheetId loCatId location lock locked lockRevision
    lockStructure lockWindows lon longText loop loTypeId low lowBound lum lvl m man manualBreakCount manualMax manualMin
    mappingCount marB markers marL marR marT masterRel matchingName max maxAng maxAxisType maxDate maxLength maxR
    maxSubtotal maxVal maxValIso maxValue maxX maxY mdxSubqueries measureFilter memberPropertyField mergeCell mergeItem meth
    min minAng minAxisType minDate minimized minLength minR minRefreshableVersion minSubtotal minute minValue minVer minX
    minY missingCaption missingItemsLimit modelId month moveWith multipleFieldFilters multipleItemSelectionAllowed n name
    negative negativeBarBorderColorSameAsPositive negativeBarColorSameAsPositive nextAc noAdjustHandles noChangeArrowheads
    noChangeAspect noChangeShapeType noCrop nodePh nodeType noDrilldown noEditPoints noGrp noMove nonAutoSortDefault noProof
    noResize normalEastAsianFlow normalizeH noRot noSelect noTextEdit noUngrp numberStoredAsText numCol numFmtId objects
    offset on op operator optimizeMemory orient orientation origin outline outlineData outlineLevel outlineLevelCol
    outlineLevelRow override pageOrder pageOverThenDown pageStyle pageWrap pane panose paperHeight paperSize paperWidth par
    parTransId password path pathEditMode patternType percent ph phldr phldrT phonetic pitchFamily pivot pivotButton
    pivotTables pivotTableStyle pos position preferRelativeResize preferSingleView presAssocID preserve preserveFormatting
    presetClass presetID presetSubtype presId presName presStyleCnt presStyleIdx presStyleLbl prevAc previousCol previousRow
    pri printDrill priority prLst prnWhat productSubtotal prompt promptedSolutions promptTitle propertyName prst
    prstMaterial pt ptsTypes ptType published publishItems publishToServer qsCatId qsTypeId quotePrefix r r1 r2 rad rAng
    rank rankBy rctx readingOrder readOnlyRecommended recordCount ref refFor refForName refMode refPtType
    refreshAllConnections refreshedBy refreshedDate refreshedDateIso refreshedVersion refreshOnLoad refType relative
    relativeFrom relativeHeight relativeIndent relId removePersonalInfoOnSave repeatCount repeatDur reservationPassword
    restart rev reverse revisionsAlgorithmName revisionsHashValue revisionsPassword revisionsPasswordCharacterSet
    revisionsSaltValue revisionsSpinCount rgb rig right rightToLeft rIns rot rotWithShape rowGrandTotals rowHeaderCaption
    rowPageCount rowSpan rtl rtlCol s saltData saltValue sat saveData saveExternalLinkValues saveSubsetFonts sb scale scaled
    scaleToFitPaper scaleWithDoc scenarios scope script sd second securityDescriptor selected selectLockedCells
    selectUnlockedCells seq series seriesIdx serverField serverZoom shadeToTitle shapeId sheet sheetId shortcutKey show
    showAll showAnimation showBorderUnselectedTables showButton showCalcMbrs showCaptions showColHeaders showColStripes
    showColumnStripes showComments showDataAs showDataDropDown showDataTips showDrill showDropDown showDropDowns
    showDropZones showEmptyCol showEmptyRow showError showErrorMessage showFirstColumn showFormatting showFormulas
    showGridLines showGuides showHeader showHeaders showHorizontalScroll showInkAnnotation showInputMessage showItems
    showLastColumn showMasterPhAnim showMasterSp showMemberPropertyTips showMissing showMultipleLabel showNarration
    showObjects showOutlineIcons showOutlineSymbols showPivotChartFilter showPropAsCaption showPropCell showPropTip
    showRowColHeaders showRowHeaders showRowStripes showRuler showScrollbar showSheetTabs showSpecialPlsOnTitleSld showValue
    showVerticalScroll showWhiteSpace showZeros shrinkToFit si sibTransId side simplePos size sldNum smtClean smtId
    snapToGrid snapToObjects snapVertSplitter sort sortBy sortMethod sortType sourceLinked sp spans spc spcCol
    spcFirstLastPara spd spid spinCount spinValue spokes sqlType sqref srcId srcOrd st stA standardDeviation stAng start
    startAt startDate startNum state statusBar stdDev stdDevPSubtotal stdDevSubtotal step stopIfTrue stPos
    strictFirstAndLastChars strike stroke style styleId styleLbl styleName subtotal subtotalCaption subtotalHiddenItems
    subtotalTop summaryBelow summaryRight sumSubtotal supportAdvancedDrill supportSubquery swAng sx sy syncBehavior
    syncHorizontal syncRef syncVertical sz t table tableBorderDxfId tableType tabRatio tabSelected tag text textlink
    textRotation tgtFrame theme thickBot thickBottom thickTop thresh thruBlk timePeriod tIns tint title tm tmFilter to
    tooltip top topAutoShow topLeftCell totalsRowBorderDxfId totalsRowCellStyle totalsRowCount totalsRowDxfId
    totalsRowFunction totalsRowLabel totalsRowShown transition transitionEntry transitionEvaluation tupleCache
    twoDigitTextYear tx tx1 tx2 txBox ty type typeface u uiExpand un undone uniqueCount uniqueId uniqueList
    uniqueMemberProperty uniqueName unlockedFormula upBound updatedVersion updateLinks upgradeOnRefresh upright uri useA
    useAutoFormatting useBgFill useDef useFirstPageNumber usePrinterDefaults user userDrawn userName useTimings v
    vacatedStyle val valIso valueType varPSubtotal varScale varSubtotal vbProcedure vert vertBarState vertical
    verticalCentered verticalDpi vertOverflow view visibility visualTotals vm vMerge w width windowHeight windowProtection
    windowWidth workbookAlgorithmName workbookHashValue workbookParameter workbookPassword workbookPasswordCharacterSet
    workbookSaltValue workbookSpinCount workbookViewId wR wrap wrapText x xfId xfrmType xlm xSplit xWindow y year ySplit
    yWindow z zeroHeight zoom zoomContents zoomScale zoomScaleNormal zoomScalePageLayoutView zoomScaleSheetLayoutView
    zoomToFit zOrderOff`,
  office: `
    accentbar adjusthandles angle annotation aspectratio autorotationcenter backdepth brightness color colormode colors
    cropping diffusity distance drop dropauto edge ext extrusioncolor facet fillcolor foredepth gap grouping how idref
    length lengthspecified lightface lightharsh lightharsh2 lightlevel lightlevel2 lightposition lightposition2
    lockrotationcenter matrix metal minusx minusy new ObjectType old orientationangle plane render rotation rotationangle
    rotationcenter selection shadow shadowcolor shapetype shininess skewamt skewangle specularity strokecolor textborder
    ungrouping verticies viewpoint viewpointorigin`,
  w: `
    abstractNumId accent1 accent2 accent3 accent4 accent5 accent6 after afterAutospacing afterLines algIdExt algIdExtSource
    algorithmName alias alignment allStyles alternateStyleNames anchor anchorLock ascii asciiTheme author before
    beforeAutospacing beforeLines bg1 bg2 bidi bottom bottomFromText chapSep chapStyle char charSpace clear clearFormatting
    code colFirst colLast color combine combineBrackets comments conformance count countBy cryptAlgorithmClass
    cryptAlgorithmSid cryptAlgorithmType cryptProvider cryptProviderType cryptProviderTypeExt cryptProviderTypeExtSource
    cryptSpinCount cs csb0 csb1 cstheme customMarkFollows customStyle customStyles date default defLockedState defQFormat
    defSemiHidden defUIPriority defUnhideWhenUsed directFormattingOnNumbering directFormattingOnParagraphs
    directFormattingOnRuns directFormattingOnTables dirty displacedByCustomXml display displayText distance dropCap eastAsia
    eastAsiaTheme edit end endChars enforcement equalWidth evenHBand evenVBand fill first firstColumn firstLine
    firstLineChars firstRow firstRowFirstColumn firstRowLastColumn fldCharType fldLock fmt followedHyperlink font footer
    formatting frame fullDate gutter h hAnchor hanging hangingChars hAnsi hAnsiTheme hash hashValue header headingStyles
    hint history horzAnchor hRule hSpace hyperlink id ilvl initials inkAnnotations insDel instr lastColumn lastRow
    lastRowFirstColumn lastRowLastColumn lastValue latentStyles leader left leftChars leftFromText legacy legacyIndent
    legacySpace line linePitch lineRule lines locked markup multiLine name noHBand noVBand num numberingStyles numId
    numPicBulletId oddHBand oddVBand offsetFrom orient original other percent pos qFormat recommended relativeTo restart
    restartNumberingAfterBreak right rightChars rightFromText salt saltValue semiHidden sep shadow space spinCount start
    startChars styleId stylesInUse sz t1 t2 tableStyles tblpX tblpXSpec tblpY tblpYSpec tentative themeColor themeFill
    themeFillShade themeFillTint themeShade themeTint tooltip top top3HeadingStyles topFromText tplc type uiPriority
    unhideWhenUsed uri usb0 usb1 usb2 usb3 val value vAnchor vert vertAnchor vertCompress visibleStyles vMerge vMergeOrig
    vSpace w wrap x xAlign y yAlign zOrder`,
  w14: `
    algn ang b blurRad cap cmpd contourW dir dist endA endPos extrusionH fadeDir font h id kx ky l lat lim lon path pos prst
    prstMaterial r rad rev rig scaled stA stPos sx sy t type val w`,
  shape: `
    adj alignshape alt angle arcsize arrowok aspect bilevel blacklevel chromakey color color2 colors control1 control2
    coordorigin coordsize cropbottom cropleft cropright croptop dashstyle endAngle endangle endarrow endarrowlength
    endarrowwidth endcap eqn ext fillcolor filled fillok fitpath fitshape focus focusposition focussize from gain gamma
    gradientshapeok grayscale id inset insetpen joinstyle limo linestyle method miterlimit obscured offset offset2 on
    opacity opacity2 origin path points position print recolor recolortarget rotate shadowok size startAngle startangle
    startarrow startarrowlength startarrowwidth string strokecolor stroked strokeok strokeweight style textboxrect
    textpathok to trim type v weight wrapcoords xscale`,
  drawn: `
    allowincell allowoverlap bullet bwmode bwnormal bwpure cliptowrap connectangles connectlocs connecttype detectmouseclick
    extrusionok forcedash hr hralign hrnoshade hrpct hrstd insetmode oned opacity2 preferrelative regroupid singleclick spid
    spt userdrawn`,
  m: 'alnAt val',
  v: 'ext',
}

const SETS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(WORDS).map(([prefix, words]) => [prefix, new Set(words.trim().split(/\s+/u))]),
)

/**
 * @param element `prefix:name` of the tables
 * @param prefix of the attribute's namespace, `plain` when it has none
 */
export function isAttributeOf(element: string, prefix: string, name: string): boolean {
  if (element.startsWith('v:')) return has(SHAPE_WORDS[prefix] ?? '', name)
  // Word and mathematics write a prefix before every attribute.
  if (prefix === 'plain' && /^(?:w|w14|m):/u.test(element)) return false
  const office = prefix === 'plain' && /^(?:o|xvml):/u.test(element)
  return has(prefix, name) || (office && has('office', name))
}

const SHAPE_WORDS: Readonly<Record<string, string>> = { plain: 'shape', v: 'shape', o: 'drawn' }

function has(prefix: string, name: string): boolean {
  return SETS.get(prefix)?.has(name) ?? false
}
