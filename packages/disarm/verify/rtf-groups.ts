/** Groups with a meaning of their own, and properties of drawings, that the grammar has. */
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u))

/** `{\word …}` with text and formatting inside. */
export const OPEN_GROUPS =
  set(`header headerl headerr headerf footer footerl footerr footerf footnote pntext listtext xe tc tcn
  txe pntxta pntxtb`)

/** `{\*\word …}` with text and formatting inside. */
export const STARRED_GROUPS = set(
  `ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn annotation nesttableprops background pn pnseclvl`,
)

/** Parts of formulas: with or without a star. */
export const FORMULA_GROUPS =
  set(`macc maccPr maln malnScr margPr margSz mbar mbarPr mbaseJc mbegChr mborderBox mborderBoxPr mbox mboxPr mcGp mcGpRule
  mcSp mchr mcount mctrlPr md mdPr mdeg mdegHide mden mdiff me mendChr meqArr meqArrPr mf mfName mfPr mfunc mfuncPr
  mgroupChr mgroupChrPr mgrow mhideBot mhideLeft mhideRight mhideTop mjc mlim mlimLoc mlimLow mlimLowPr mlimUpp
  mlimUppPr mm mmPr mmath mmaxDist mmc mmcJc mmcPr mmcs mmr mnary mnaryPr mnoBreak mnum moMath moMathPara moMathParaPr
  mobjDist mopEmu mphant mphantPr mplcHide mpos mr mrPr mrSp mrSpRule mrad mradPr msPre msPrePr msSub msSubPr msSubSup
  msSubSupPr msSup msSupPr msepChr mshow mshp mstrikeBLTR mstrikeH mstrikeTLBR mstrikeV msub msubHide msup msupHide
  mtransp mtype mvertJc mzeroAsc mzeroDesc mzeroWid`)

/** `{\*\word …}` with text only. */
export const NAMES = set('bkmkstart bkmkend rxe atrfstart atrfend atnref atnid atnauthor atndate')

/** Words of the frame of a drawing. */
export const FRAME_FLAGS =
  set(`shpbxpage shpbxmargin shpbxcolumn shpbxignore shpbypage shpbymargin shpbypara shpbyignore
  shplockanchor defshp`)
export const FRAME_NUMBERS = set(
  `shpleft shptop shpright shpbottom shplid shpz shpfhdr shpwr shpwrk shpfblwtxt`,
)

export const PICTURE_PROPERTIES = set('pib fillBlip lineFillBlip')
export const TEXT_PROPERTIES = set('wzName wzDescription gtextUNICODE gtextFont')
export const ARRAY_PROPERTIES = set(
  'pVertices pSegmentInfo pWrapPolygonVertices fillShadeColors lineDashStyle',
)
export const NUMBER_PROPERTIES =
  set(`WrapText adjust10Value adjust2Value adjust3Value adjust4Value adjust5Value adjust6Value adjust7Value adjust8Value
  adjust9Value adjustValue alignHR anchorText bWMode bWModeBW bWModePureBW c3DAmbientIntensity c3DCrMod c3DDiffuseAmt
  c3DEdgeThickness c3DExtrudeBackward c3DExtrudeForward c3DExtrudePlane c3DExtrusionColor c3DFillIntensity c3DFillX
  c3DFillY c3DFillZ c3DKeyIntensity c3DKeyX c3DKeyY c3DKeyZ c3DOriginX c3DOriginY c3DRenderMode c3DRotationAngle
  c3DRotationAxisX c3DRotationAxisY c3DRotationAxisZ c3DRotationCenterX c3DRotationCenterY c3DRotationCenterZ
  c3DShininess c3DSkewAmount c3DSkewAngle c3DSpecularAmt c3DTolerance c3DXRotationAngle c3DXViewpoint c3DYRotationAngle
  c3DYViewpoint c3DZViewpoint ccol cdirFont colLast cropFromBottom cropFromLeft cropFromRight cropFromTop cxk cxstyle
  dhgt dxHeightHR dxTextLeft dxTextRight dxWidthHR dxWrapDistLeft dxWrapDistRight dxyCalloutDropSpecified dxyCalloutGap
  dxyCalloutLengthSpecified dyTextBottom dyTextTop dyWrapDistBottom dyWrapDistTop dzColMargin f3D f3DOK fAllowOverlap
  fArrowheadsOK fAutoTextMargin fBackground fBehindDocument fCallout fCalloutAccentBar fCalloutDropAuto
  fCalloutLengthSpecified fCalloutMinusX fCalloutMinusY fCalloutTextBorder fChangePage fColumnLineOK
  fDeleteAttachedObject fEditedWrap fFillOK fFillShadeShapeOK fFilled fFitShapeToText fFitTextToShape fFlipH fFlipV
  fGtext fGtextOK fHidden fHitTestFill fHitTestLine fHorizRule fInitiator fInsetPen fInsetPenOK fIsButton
  fIsSignatureLine fLayoutInCell fLine fLineOK fLineUseShapeAnchor fLockAdjustHandles fLockAgainstGrouping
  fLockAgainstSelect fLockAspectRatio fLockCropping fLockPosition fLockRotation fLockShapeType fLockText fLockVerticies
  fNoFillHitTest fNoHitTestPicture fNoLineDrawDash fNoshadeHR fOneD fPerspective fPictureActive fPictureBiLevel
  fPictureGray fPicturePreserveGrays fPreferRelativeResize fPrint fPseudoInline fReallyHidden fRecolorFillAsPicture
  fRelChangePage fRelFlipH fRelFlipV fRelativeResize fRewind fRotateText fSelectText fShadow fShadowOK fShadowObscured
  fStandardHR fUseShapeAnchor fUserDrawn fc3DConstrainRotation fc3DFillHarsh fc3DKeyHarsh fc3DLightFace fc3DMetallic
  fc3DParallel fc3DRotationCenterAuto fc3DUseExtrusionColor fillAngle fillBackColor fillBackColorExtMod fillBackOpacity
  fillBlipFlags fillColor fillColorExtMod fillCrMod fillDztype fillFocus fillHeight fillOpacity fillOriginX fillOriginY
  fillRectBottom fillRectLeft fillRectRight fillRectTop fillShadePreset fillShadeType fillShape fillShapeOriginX
  fillShapeOriginY fillToBottom fillToLeft fillToRight fillToTop fillType fillUseRect fillWidth fshadowObscured
  geoBottom geoLeft geoRight geoTop groupBottom groupLeft groupRight groupTop gtextAlign gtextFBestFit gtextFBold
  gtextFDxMeasure gtextFItalic gtextFKern gtextFNormalize gtextFReverseRows gtextFShadow gtextFShrinkFit gtextFSmallcaps
  gtextFStretch gtextFStrikethrough gtextFTight gtextFUnderline gtextFVertical gtextSize gtextSpacing hspNext lTxid
  lineBackColor lineColor lineCrMod lineDashing lineEndArrowLength lineEndArrowWidth lineEndArrowhead lineEndCapStyle
  lineFillBlipFlags lineFillDztype lineFillHeight lineFillShape lineFillWidth lineJoinStyle lineMiterLimit lineOpacity
  lineStartArrowLength lineStartArrowWidth lineStartArrowhead lineStyle lineType lineWidth pctHR pctHoriz pctHorizPos
  pctVert pctVertPos perspectiveOffsetX perspectiveOffsetY perspectiveOriginX perspectiveOriginY perspectivePerspectiveX
  perspectivePerspectiveY perspectiveScaleXToX perspectiveScaleXToY perspectiveScaleYToX perspectiveScaleYToY
  perspectiveType perspectiveWeight pictureActive pictureBiLevel pictureBrightness pictureContrast pictureDblCrMod
  pictureFillCrMod pictureGamma pictureGray pictureLineCrMod pictureTransparent posh posrelh posrelv posv relBottom
  relLeft relRight relRotation relTop rotation scaleText shadowColor shadowCrMod shadowHighlight shadowOffsetX
  shadowOffsetY shadowOpacity shadowOriginX shadowOriginY shadowPerspectiveX shadowPerspectiveY shadowScaleXToX
  shadowScaleXToY shadowScaleYToX shadowScaleYToY shadowSecondOffsetX shadowSecondOffsetY shadowType shadowWeight
  shapePath shapeType sizerelh sizerelv spcoa spcod spcot txdir txflTextFlow wrapDistLeft`)

/** What a box of a form says about itself. */
export const FORM_NUMBERS =
  set(`fftype ffownhelp ffownstat ffprot ffsize fftypetxt ffrecalc ffhps ffmaxlen ffdefres ffres
  ffhaslistbox`)
export const FORM_TEXTS = set('ffname ffdeftext ffformat ffhelptext ffstattext ffl')
