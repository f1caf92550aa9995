/**
 * Elements a part may hold, per prefix of `NAMESPACES`: ECMA-376 parts 1 and 4 without everything that acts. The disarmer has such a
 * table of its own; whoever adds a word to one adds it to the other, after thinking about it twice.
 */
const WORDS: Readonly<Record<string, string>> = {
  w: `
    abstractNum abstractNumId active adjustRightInd adjustLineHeightInTable alias aliases alignBordersAndEdges alignTablesRowByRow
    allowSpaceOfSameStyleInTable alwaysMergeEmptyNamespace altName annotationRef applyBreakingRules autoHyphenation autoRedefine
    autoSpaceDE autoSpaceDN autoSpaceLikeWord95 autofitToFirstFixedWidthCell b bCs background balanceSingleByteDoubleByteWidth
    bar basedOn bdo bdr between bidi bidiVisual body bookFoldPrinting bookFoldPrintingSheets bookFoldRevPrinting bookmarkEnd
    bookmarkStart bordersDoNotSurroundFooter bordersDoNotSurroundHeader bottom br cachedColBalance calcOnExit calendar cantSplit
    caps category cellDel cellIns cellMerge characterSpacingControl charset checkBox checked citation clrSchemeMapping cnfStyle
    col color cols comboBox comment commentRangeEnd commentRangeStart commentReference comments compat compatSetting
    consecutiveHyphenLimit contextualSpacing continuationSeparator convMailMergeEsc cr cs date dateFormat dayLong dayShort ddList
    decimalSymbol default defaultTableStyle defaultTabStop del delInstrText delText displayBackgroundShape
    displayHangulFixedWidth displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery dir dirty div
    doNotAutofitConstrainedTables doNotBreakConstrainedForcedTable doNotBreakWrappedTables doNotExpandShiftReturn
    doNotHyphenateCaps doNotLeaveBackslashAlone doNotShadeFormData doNotSnapToGridInCell doNotSuppressIndentation
    doNotSuppressParagraphBorders doNotTrackFormatting doNotTrackMoves doNotUseEastAsianBreakRules
    doNotUseHTMLParagraphAutoSpacing doNotUseIndentAsNumberingTabStop doNotUseMarginsForDrawingGridOrigin
    doNotVertAlignCellWithSp doNotVertAlignInTxbx doNotWrapTextWithPunct docDefaults docGrid docPartCategory docPartGallery
    docPartList docPartObj docPartUnique document documentProtection drawing drawingGridHorizontalOrigin
    drawingGridHorizontalSpacing drawingGridVerticalOrigin drawingGridVerticalSpacing dropDownList dstrike eastAsianLayout effect
    em emboss enabled encoding end endnote endnotePr endnoteRef endnoteReference endnotes equation evenAndOddHeaders family ffData
    fldChar fldSimple flatBorders fitText font fonts footerReference footnote footnoteLayoutLikeWW8 footnotePr footnoteRef
    footnoteReference footnotes forgetLastTabAlignment formProt format framePr ftr gridAfter gridBefore gridCol gridSpan group
    growAutofit gutterAtTop hMerge hdr headerReference helpText hidden hideGrammaticalErrors hideMark hideSpellingErrors highlight hps hpsBaseText hpsRaise hyperlink
    hyphenationZone i iCs id ignoreMixedContent ilvl imprint ind ins insideH insideV instrText isLgl jc keepLines keepNext kern
    kinsoku lang lastRenderedPageBreak latentStyles layoutRawTableWidth layoutTableRowsApart left legacy lid lineWrapLikeWord6
    link listEntry listItem listSeparator lnNumType lock locked lsdException lvl lvlJc lvlOverride lvlPicBulletId lvlRestart
    lvlText maxLength mirrorIndents mirrorMargins monthLong monthShort moveFrom moveFromRangeEnd moveFromRangeStart moveTo
    moveToRangeEnd moveToRangeStart multiLevelType mwSmallCaps name next noBorder noBreakHyphen noColumnBalance noEndnote
    noExtraLineSpacing noLeading noLineBreaksAfter noLineBreaksBefore noProof noPunctuationKerning noSpaceRaiseLower noTabHangInd
    noWrap notTrueType nsid num numFmt numId numIdMacAtCleanup numPicBullet numPr numRestart numStart numStyleLink numbering
    numberingChange oMath optionalHyphen outline outlineLvl overflowPunct p pBdr pPr pPrChange pPrDefault pStyle pageBreakBefore
    panose1 paperSrc personal personalCompose personalReply pgBorders pgMar pgNum pgNumType pgSz picture pict pitch pixelsPerInch
    pos position printBodyTextBeforeHeader printColBlack printFractionalCharacterWidth printTwoOnOne ptab qFormat r rFonts rPr
    rPrChange rPrDefault rStyle removePersonalInformation result revisionView richText right rt rtl rtlGutter ruby rubyAlign
    rubyBase rubyPr sdt sdtContent sdtEndPr sdtPr sectPr sectPrChange selectFldWithFirstOrLastChar semiHidden separator settings
    shadow shapeLayoutLikeWW8 shd showBreaksInFrames showingPlcHdr sig size sizeAuto smallCaps snapToGrid softHyphen spaceForUL
    spacing spacingInWholePoints specVanish splitPgBreakAndParaMark start startOverride statusText storeMappedDataAs
    strictFirstAndLastChars strike style styleLink stylePaneFormatFilter stylePaneSortMethod styles subFontBySize suff
    summaryLength suppressAutoHyphens suppressBottomSpacing suppressLineNumbers suppressOverlap suppressSpBfAfterPgBrk
    suppressSpacingAtTopOfPage suppressTopSpacing suppressTopSpacingWP swapBordersFacingPages sym sz szCs t tab tabIndex tabs tag
    tbl tblBorders tblCaption tblCellMar tblCellSpacing tblDescription tblGrid tblGridChange tblHeader tblInd tblLayout tblLook
    tblOverlap tblPr tblPrChange tblPrEx tblPrExChange tblStyle tblStyleColBandSize tblStylePr tblStyleRowBandSize tblW tblpPr tc
    tcBorders tcFitText tcMar tcPr tcPrChange tcW temporary text textAlignment textDirection textInput textboxTightWrap
    themeFontLang titlePg tl2br tmpl top topLinePunct tr tr2bl trHeight trPr trPrChange trackRevisions truncateFontHeightsLikeWP6
    txbxContent type u uiCompat97To2003 uiPriority ulTrailSpace underlineTabInNumList unhideWhenUsed updateStylesOnOpen
    useAltKinsokuLineBreakRules useAnsiKerningPairs useFELayout useNormalStyleForList usePrinterMetrics
    useSingleBorderforContiguousCells useWord2002TableStyleRules useWord97LineBreakRules vAlign vMerge w vanish vertAlign view
    wAfter wBefore webHidden widowControl wordWrap wpJustification wpSpaceWidth wrapTrailSpaces writeProtection yearLong
    yearShort zoom`,
  x: `
    alignment author authors autoFilter b bgColor bold bookViews border borders bottom brk c cacheField cacheFields cacheSource
    calcPr calculatedColumnFormula calculatedItem cell cellSmartTags cellStyle cellStyleXfs cellStyles cellWatch cellWatches
    cellXfs cfRule cfvo charset chartFormat chartFormats chartsheet col colBreaks colFields colHierarchiesUsage colItems color
    colorFilter colorScale colors cols comment commentList comments condense conditionalFormat conditionalFormats
    conditionalFormatting customFilter customFilters customSort d dataBar dataField dataFields dataValidation dataValidations
    dateGroupItem definedName definedNames diagonal dimension discretePr drawing dxf dxfs dynamicFilter e evenFooter evenHeader
    ext extLst extend f family fgColor field fieldGroup fileSharing fill fills filter filterColumn filters firstFooter
    firstHeader font fonts format formats formula formula1 formula2 gradientFill groupItems headerFooter horizontal hyperlink
    hyperlinks i iconFilter iconSet ignoredError ignoredErrors indexedColors inputCells is item items left legacyDrawing legacyDrawingHF location
    m mergeCell mergeCells mruColors n name numFmt numFmts oddFooter oddHeader oleSize outline outlinePr pageField pageFields
    pageMargins pageSetUpPr pageSetup pane patternFill phoneticPr picture pivotArea pivotAreas pivotCache pivotCacheDefinition
    pivotCacheRecords pivotCaches pivotField pivotFields pivotSelection pivotTableDefinition pivotTableStyleInfo printOptions
    protectedRange protectedRanges protection r rFont rPh rPr rangePr reference references rgbColor right row rowBreaks rowFields
    rowItems s scenario scenarios scheme selection shadow sharedItems sheet sheetCalcPr sheetData sheetFormatPr sheetPr
    sheetProtection sheetView sheetViews sheets si sortCondition sortState sst start end stop strike styleSheet sz t tabColor
    table tableColumn tableColumns tablePart tableParts tableStyle tableStyleElement tableStyleInfo tableStyles text top top10
    totalsRowFormula u v vertAlign vertical workbook workbookPr workbookProtection workbookView worksheet worksheetSource x xf`,
  p: `
    anim animClr animEffect animMotion animRot animScale attrName attrNameLst bg bgPr bgRef bldAsOne bldDgm bldGraphic bldLst
    bldOleChart bldP bldSub blinds blipFill bodyStyle boolVal browse by cBhvr cM cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr cNvPicPr
    cNvPr cNvSpPr cSld cSldViewPr cTn cViewPr charRg checker childTnLst circle clrMap clrMapOvr clrMru clrVal cm cmAuthor
    cmAuthorLst cmLst comb cond cover cut cxnSp defaultTextStyle diamond dissolve endCondLst endSync ext extLst fade fltVal from
    gradientLst graphicEl graphicFrame gridSpacing grpSp grpSpPr guide guideLst handoutMaster handoutMasterId handoutMasterIdLst
    hf hsl inkTgt intVal iterate kinsoku kiosk modifyVerifier newsflash nextCondLst normalViewPr notes notesMaster notesMasterId
    notesMasterIdLst notesStyle notesSz notesTextViewPr notesViewPr nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvPr nvSpPr
    origin otherStyle outlineViewPr pRg par penClr ph photoAlbum pic plus pos present presentation presentationPr prevCondLst
    progress prnPr pull push random randomBar rCtr restoredLeft restoredTop rgb scale seq set showPr sld sldAll sldId sldIdLst
    sldLayout sldLayoutId sldLayoutIdLst sldMaster sldMasterId sldMasterIdLst sldRg sldSyncPr sldSz sldTgt slideViewPr
    sorterViewPr sp spPr spTgt spTree split stCondLst strVal strips style subSp subTnLst tav tavLst text tgtEl timing titleStyle
    tmAbs tmPct tmpl tmplLst tn tnLst to transition tx txBody txEl txStyles val viewPr wedge wheel wipe xfrm zoom zoomContents
    zoomDir`,
  a: `
    accent1 accent2 accent3 accent4 accent5 accent6 ahLst ahPolar ahXY alpha alphaBiLevel alphaCeiling alphaFloor alphaInv
    alphaMod alphaModFix alphaOff alphaOutset alphaRepl anchor arcTo avLst backdrop band1H band1V band2H band2V bevel bevelB
    bevelT bgClr bgFillStyleLst biLevel bldChart bldDgm blend blip blipFill blue blueMod blueOff blur bodyPr bottom br buAutoNum
    buBlip buChar buClr buClrTx buFont buFontTx buNone buSzPct buSzPts buSzTx camera cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr
    cNvPicPr cNvPr cNvSpPr cell3D chExt chOff chart clrChange clrFrom clrMap clrRepl clrScheme clrTo close comp cont contourClr
    cs cubicBezTo custClr custClrLst custDash custGeom cxn cxnLst cxnSp cxnSpLocks defPPr defRPr dgm dk1 dk2 ds duotone ea effect
    effectDag effectLst effectRef effectStyle effectStyleLst end endCxn endParaRPr ext extrusionClr extraClrScheme
    extraClrSchemeLst extLst fgClr fill fillOverlay fillRect fillRef fillStyleLst fillToRect firstCol firstRow flatTx fld
    fmtScheme folHlink font fontRef fontScheme gamma gd gdLst glow gradFill graphic graphicData graphicFrame graphicFrameLocks
    gray grayscl green greenMod greenOff gridCol grpFill grpSp grpSpLocks grpSpPr gs gsLst headEnd headers highlight hlink
    hlinkClick hlinkHover hsl hslClr hue hueMod hueOff innerShdw insideH insideV inv invGamma lastCol lastRow latin left lightRig
    lin ln lnB lnBlToTr lnDef lnL lnR lnRef lnSpc lnStyleLst lnT lnTlToBr lnTo lstStyle lt1 lt2 lum lumMod lumOff lvl1pPr lvl2pPr
    lvl3pPr lvl4pPr lvl5pPr lvl6pPr lvl7pPr lvl8pPr lvl9pPr majorFont masterClrMapping minorFont miter moveTo neCell noAutofit
    noFill norm normAutofit nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr nwCell objectDefaults off outerShdw
    overrideClrMapping p pPr path pathLst pattFill pic picLocks pos presetShadow prst prstClr prstDash prstGeom prstShdw
    prstTxWarp pt quadBezTo r rPr rect red redMod redOff reflection relOff right rot round rtl sat satMod satOff scene3d
    schemeClr scrgbClr seCell sx shade softEdge solidFill sp sp3d spAutoFit spDef spLocks spPr spcAft spcBef spcPct spcPts
    srcRect srgbClr st stCxn stretch style sun swCell sy sym sysClr sysDash t tab tabLst tableStyle tableStyleId tailEnd tbl
    tblBg tblGrid tblPr tblStyle tblStyleLst tc tcBdr tcPr tcStyle tcTxStyle theme themeElements themeOverride baseFontScheme
    tile tileRect tint tl2br top tr tr2bl txBody txDef txSp uFill uFillTx uLn uLnTx up useSpRect wholeTbl xfrm xfrmEffect`,
  pic: `
    blipFill cNvPicPr cNvPr nvPicPr pic spPr`,
  wp: `
    align anchor cNvGraphicFramePr docPr effectExtent extent inline lineTo posOffset positionH positionV simplePos start wrapNone
    wrapPolygon wrapSquare wrapThrough wrapTight wrapTopAndBottom`,
  xdr: `
    absoluteAnchor blipFill cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr cNvPicPr cNvPr cNvSpPr clientData col colOff cxnSp ext from
    graphicFrame grpSp grpSpPr nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr oneCellAnchor pic pos row rowOff sp spPr style
    to twoCellAnchor txBody wsDr xfrm`,
  c: `
    applyToEnd applyToFront applyToSides area3DChart areaChart auto autoTitleDeleted autoUpdate axId axPos backWall backward
    bandFmt bandFmts bar3DChart barChart barDir baseTimeUnit bubble3D bubbleChart bubbleScale bubbleSize builtInUnit cat catAx
    chart chartObject chartSpace clrMapOvr crossAx crossBetween crosses crossesAt custSplit custUnit dLbl dLblPos dLbls dPt
    dTable data date1904 dateAx delete depthPercent dispBlanksAs dispEq dispRSqr dispUnits dispUnitsLbl doughnutChart downBars
    dropLines errBarType errBars errDir errValType evenFooter evenHeader explosion f firstFooter firstHeader firstSliceAng floor
    formatCode formatting forward gapDepth gapWidth grouping h hPercent headerFooter hiLowLines holeSize idx intercept
    invertIfNegative lMode lang layout layoutTarget lblAlgn lblOffset leaderLines legend legendEntry legendPos line3DChart
    lineChart logBase lvl majorGridlines majorTickMark majorTimeUnit majorUnit manualLayout marker max min minorGridlines
    minorTickMark minorTimeUnit minorUnit minus multiLvlStrCache multiLvlStrRef name noEndCap noMultiLvlLbl numCache numFmt
    numLit numRef oddFooter oddHeader ofPieChart ofPieType order orientation overlap overlay pageMargins pageSetup period
    perspective pictureFormat pictureOptions pictureStackUnit pie3DChart pieChart plotArea plotVisOnly plus pivotFmt pivotFmts
    pivotSource printSettings protection pt ptCount rAngAx radarChart radarStyle rich rotX rotY roundedCorners scaling
    scatterChart scatterStyle secondPiePt secondPieSize selection separator ser serAx serLines shape showBubbleSize showCatName
    showDLblsOverMax showHorzBorder showKeys showLeaderLines showLegendKey showNegBubbles showOutline showPercent showSerName
    showVal showVertBorder sideWall size sizeRepresents smooth spPr splitPos splitType stockChart strCache strLit strRef style
    surface3DChart surfaceChart symbol thickness tickLblPos tickLblSkip tickMarkSkip title trendline trendlineLbl trendlineType
    tx txPr upBars upDownBars userInterface userShapes v val valAx varyColors view3D w wMode hMode wireframe x xMode xVal y yMode
    yVal`,
  cdr: `
    absSizeAnchor blipFill cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr cNvPicPr cNvPr cNvSpPr cxnSp ext from graphicFrame grpSp
    grpSpPr nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr pic relSizeAnchor sp spPr style to txBody userShapes x xfrm y`,
  dgm: `
    adj adjLst alg animLvl animOne bg bulletEnabled cat catLst chMax chPref choose clrData colorsDef constr constrLst cxn cxnLst
    dataModel desc dir effectClrLst else extLst fillClrLst forEach hierBranch if layoutDef layoutNode linClrLst orgChart param prSet
    presLayoutVars presOf pt ptLst relIds resizeHandles rule ruleLst sampData scene3d shape sp3d spPr style styleData styleDef
    styleLbl t title txEffectClrLst txFillClrLst txLinClrLst txPr whole varLst`,
  lc: `
    lockedCanvas`,
  dsp: `
    cNvGrpSpPr cNvPr cNvSpPr dataModelExt drawing grpSp grpSpPr nvGrpSpPr nvSpPr sp spPr spTree style txBody txXfrm`,
  m: `
    acc accPr aln alnScr argPr argSz bar barPr baseJc begChr borderBox borderBoxPr box boxPr brk brkBin brkBinSub cGp cGpRule chr
    count cSp ctrlPr d dPr defJc deg degHide den diff dispDef e endChr eqArr eqArrPr f fName fPr func funcPr groupChr groupChrPr
    grow hideBot hideLeft hideRight hideTop interSp intLim intraSp jc lMargin lim limLoc limLow limLowPr limUpp limUppPr lit m
    mPr mathFont mathPr maxDist mc mcJc mcPr mcs mr nary naryLim naryPr noBreak nor num oMath oMathPara oMathParaPr objDist opEmu
    phant phantPr plcHide pos postSp preSp r rMargin rPr rSp rSpRule rad radPr scr sepChr shp show smallFrac sPre sPrePr sSub
    sSubPr sSubSup sSubSupPr sSup sSupPr strikeBLTR strikeH strikeTLBR strikeV sty sub subHide sup supHide t transp type vertJc
    wrapIndent wrapRight zeroAsc zeroDesc zeroWid`,
  w14: `
    alpha avLst bevel bevelB bevelT bodyPr camera checkbox checked checkedState cntxtAlts contourClr extrusionClr fillToRect glow
    gradFill gs gsLst gd lightRig ligatures lin lumMod lumOff miter noFill numForm numSpacing path prstDash props3d reflection
    rot round satMod satOff scene3d schemeClr shade shadow solidFill srgbClr styleSet stylisticSets sat hue hueMod hueOff lum
    textFill textOutline tint uncheckedState`,
  wp14: `
    pctHeight pctPosHOffset pctPosVOffset pctWidth sizeRelH sizeRelV`,
  wps: `
    bodyPr cNvCnPr cNvPr cNvSpPr extLst linkedTxbx spPr style txbx wsp`,
  wpg: `
    cNvFrPr cNvGrpSpPr cNvPr extLst graphicFrame grpSp grpSpPr wgp xfrm`,
  wpc: `
    bg whole wpc extLst`,
  x14: `
    axisColor borderColor cfIcon cfRule cfvo color conditionalFormatting conditionalFormattings dataBar dataValidation
    dataValidations dxf fillColor formula1 formula2 iconSet id negativeBorderColor negativeFillColor colorAxis colorFirst
    colorHigh colorLast colorLow colorMarkers colorNegative colorSeries sparkline sparklineGroup sparklineGroups sparklines`,
  xm: `
    f sqref`,
  v: `
    arc background curve f fill formulas group imagedata image line oval path polyline rect roundrect shadow shape shapetype
    stroke textbox textpath`,
  o: `
    bottom column diagram extrusion fill idmap left lock relationtable rel right shapelayout skew top`,
  w10: `
    anchorlock borderbottom borderleft borderright bordertop wrap`,
}

const VOCABULARY: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(WORDS).map(([prefix, words]) => [prefix, new Set(words.trim().split(/\s+/u))]),
)

/** Whether the vocabulary of this prefix knows the element. */
export function isKnownElement(prefix: string, name: string): boolean {
  return VOCABULARY.get(prefix)?.has(name) === true
}
