/** Words of a drawing's frame (RTF 1.9.1, "Word 97 through Word 2007 RTF for Drawing Objects (Shapes)"). */
export function isShapeWord(word: string): boolean {
  return SHAPE_WORDS.has(word)
}

const SHAPE_WORDS: ReadonlySet<string> = new Set(
  `shpleft shptop shpright shpbottom shplid shpz shpfhdr shpbxpage shpbxmargin shpbxcolumn shpbxignore shpbypage shpbymargin
   shpbypara shpbyignore shpwr shpwrk shpfblwtxt shplockanchor defshp`.split(/\s+/),
)

/** Flags among them, which have no number. */
export const SHAPE_FLAGS: ReadonlySet<string> = new Set(
  `shpbxpage shpbxmargin shpbxcolumn shpbxignore shpbypage shpbymargin shpbypara shpbyignore shplockanchor defshp`.split(
    /\s+/,
  ),
)

/** What a property of a drawing may hold. */
export type PropertyKind = 'number' | 'text' | 'array' | 'picture'

export function propertyKind(name: string): PropertyKind | undefined {
  return PROPERTIES.get(name)
}

function rows(kind: PropertyKind, names: string): (readonly [string, PropertyKind])[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, kind] as const)
}

/**
 * Properties that only place and paint (MS-ODRAW 2.3). Not among them: hyperlinks, scripts, names of picture files (`pibName`),
 * formulas of guides, blobs, and `pFragments`, whose count Word once believed (CVE-2010-3333).
 */
const PROPERTIES: ReadonlyMap<string, PropertyKind> = new Map([
  ...rows('picture', 'pib fillBlip lineFillBlip'),
  ...rows('text', 'wzName wzDescription gtextUNICODE gtextFont'),
  ...rows('array', 'pVertices pSegmentInfo pWrapPolygonVertices fillShadeColors lineDashStyle'),
  ...rows(
    'number',
    `shapeType fFlipH fFlipV rotation groupLeft groupTop groupRight groupBottom relLeft relTop relRight relBottom relRotation
     fRelFlipH fRelFlipV fRelChangePage posh posv posrelh posrelv fLayoutInCell fAllowOverlap fBehindDocument fEditedWrap fHidden fPrint
     fPseudoInline fIsSignatureLine fChangePage dxWrapDistLeft dyWrapDistTop dxWrapDistRight dyWrapDistBottom dhgt pctHoriz pctVert
     pctHorizPos pctVertPos sizerelh sizerelv colLast fReallyHidden fUserDrawn fIsButton fOneD alignHR dxHeightHR dxWidthHR fHorizRule
     fStandardHR fNoshadeHR pctHR wrapDistLeft fRelativeResize fPreferRelativeResize fDeleteAttachedObject fLockShapeType fInitiator
     fLockRotation fLockAspectRatio fLockPosition fLockAgainstSelect fLockCropping fLockVerticies fLockText fLockAdjustHandles
     fLockAgainstGrouping bWMode bWModePureBW bWModeBW fBackground
     cropFromTop cropFromBottom cropFromLeft cropFromRight pictureContrast pictureBrightness pictureGamma pictureTransparent
     pictureDblCrMod pictureFillCrMod pictureLineCrMod pictureGray pictureBiLevel pictureActive fNoHitTestPicture fRecolorFillAsPicture
     fUseShapeAnchor fPictureGray fPictureBiLevel fPictureActive fPicturePreserveGrays fRewind
     fillType fillColor fillOpacity fillBackColor fillBackOpacity fillCrMod fillWidth fillHeight fillAngle fillFocus fillToLeft fillToTop
     fillToRight fillToBottom fillRectLeft fillRectTop fillRectRight fillRectBottom fillDztype fillShadePreset fillOriginX fillOriginY
     fillShapeOriginX fillShapeOriginY fillShadeType fillColorExtMod fillBackColorExtMod fillShape fFilled fHitTestFill fillUseRect
     fNoFillHitTest fRecolorFillAsPicture fillBlipFlags
     lineColor lineOpacity lineBackColor lineCrMod lineType lineFillWidth lineFillHeight lineFillDztype lineWidth lineMiterLimit
     lineStyle lineDashing lineStartArrowhead lineEndArrowhead lineStartArrowWidth lineStartArrowLength lineEndArrowWidth
     lineEndArrowLength lineJoinStyle lineEndCapStyle fInsetPen fInsetPenOK fArrowheadsOK fLine fHitTestLine lineFillShape
     fNoLineDrawDash fLineUseShapeAnchor lineFillBlipFlags
     shadowType shadowColor shadowHighlight shadowCrMod shadowOpacity shadowOffsetX shadowOffsetY shadowSecondOffsetX
     shadowSecondOffsetY shadowScaleXToX shadowScaleYToX shadowScaleXToY shadowScaleYToY shadowPerspectiveX shadowPerspectiveY
     shadowWeight shadowOriginX shadowOriginY fShadow fshadowObscured fShadowObscured
     dxTextLeft dyTextTop dxTextRight dyTextBottom WrapText scaleText anchorText txflTextFlow cdirFont txdir fFitShapeToText
     fFitTextToShape fSelectText fRotateText fAutoTextMargin lTxid hspNext ccol dzColMargin
     gtextAlign gtextSize gtextSpacing fGtext gtextFReverseRows gtextFVertical gtextFKern gtextFTight gtextFStretch gtextFShrinkFit
     gtextFBestFit gtextFNormalize gtextFDxMeasure gtextFBold gtextFItalic gtextFUnderline gtextFShadow gtextFSmallcaps
     gtextFStrikethrough
     geoLeft geoTop geoRight geoBottom shapePath adjustValue adjust2Value adjust3Value adjust4Value adjust5Value adjust6Value
     adjust7Value adjust8Value adjust9Value adjust10Value fShadowOK f3DOK fLineOK fGtextOK fFillOK fFillShadeShapeOK fColumnLineOK
     cxk cxstyle spcot dxyCalloutGap spcoa spcod dxyCalloutDropSpecified dxyCalloutLengthSpecified fCallout fCalloutAccentBar
     fCalloutTextBorder fCalloutMinusX fCalloutMinusY fCalloutDropAuto fCalloutLengthSpecified
     perspectiveType perspectiveOffsetX perspectiveOffsetY perspectiveScaleXToX perspectiveScaleYToX perspectiveScaleXToY
     perspectiveScaleYToY perspectiveOriginX perspectiveOriginY perspectivePerspectiveX perspectivePerspectiveY perspectiveWeight
     fPerspective c3DSpecularAmt c3DDiffuseAmt c3DShininess c3DEdgeThickness c3DExtrudeForward c3DExtrudeBackward c3DExtrudePlane
     c3DExtrusionColor c3DCrMod f3D fc3DMetallic fc3DUseExtrusionColor fc3DLightFace c3DYRotationAngle c3DXRotationAngle
     c3DRotationAxisX c3DRotationAxisY c3DRotationAxisZ c3DRotationAngle c3DRotationCenterX c3DRotationCenterY c3DRotationCenterZ
     c3DRenderMode c3DTolerance c3DXViewpoint c3DYViewpoint c3DZViewpoint c3DOriginX c3DOriginY c3DSkewAngle c3DSkewAmount
     c3DAmbientIntensity c3DKeyX c3DKeyY c3DKeyZ c3DKeyIntensity c3DFillX c3DFillY c3DFillZ c3DFillIntensity fc3DConstrainRotation
     fc3DRotationCenterAuto fc3DParallel fc3DKeyHarsh fc3DFillHarsh`,
  ),
])

/** Elements of one array. Freehand drawings have some thousand. */
const MAX_ELEMENTS = 65_535
const NUMBER = /^-?[0-9]{1,10}$/
const ELEMENT = /^(?:-?[0-9]{1,10}|\(-?[0-9]{1,10},-?[0-9]{1,10}\))$/
/** Bytes of an element; readers take memory by it. 65,520 means "four, and shorten". */
const SIZES = new Set(['2', '4', '8', '16', '65520'])

/** The value to write, or `undefined` when it is none of its kind. */
export function canonicalValue(kind: PropertyKind, text: string): string | undefined {
  if (kind === 'text') return text.replaceAll('\t', ' ')
  const value = text.replace(/\s/g, '')
  if (kind === 'array') return canonicalArray(value)
  return NUMBER.test(value) && Math.abs(Number(value)) <= 0xffffffff
    ? String(Number(value) || 0)
    : undefined
}

/** `size;count;element;…`: the count must be the number of elements, because readers trust it. */
function canonicalArray(value: string): string | undefined {
  const [size, count, ...elements] = value.replace(/;$/, '').split(';')
  if (!SIZES.has(size ?? '') || elements.length > MAX_ELEMENTS) return undefined
  if (count !== String(elements.length)) return undefined
  return elements.every((element) => ELEMENT.test(element)) ? value.replace(/;$/, '') : undefined
}
