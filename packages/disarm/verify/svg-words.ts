/** What may stand in an SVG of the grammar. */

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u))

export const SVG_ELEMENTS = set(`
  a circle clipPath defs desc ellipse filter g image line linearGradient marker mask path pattern polygon polyline radialGradient
  rect stop style svg switch symbol text textPath title tspan use
  feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
  feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence`)

/** Elements with characters inside. */
export const SVG_TEXT = set('a desc style text textPath title tspan')

/** CSS properties; all but the last line are also attributes. */
const LOOKS = `
  alignment-baseline background background-color baseline-shift clip clip-path clip-rule color color-interpolation
  color-interpolation-filters color-rendering color-scheme direction display dominant-baseline enable-background fill fill-opacity
  fill-rule filter flood-color flood-opacity font font-family font-feature-settings font-kerning font-size font-size-adjust
  font-stretch font-style font-variant font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric
  font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning
  letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow
  paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-decoration-color
  text-decoration-line text-decoration-style text-decoration-thickness text-indent text-orientation text-overflow text-rendering
  text-transform transform transform-box transform-origin unicode-bidi vector-effect vertical-align visibility white-space
  word-spacing writing-mode`
const PLACES = 'x y width height cx cy r rx ry'

export const SVG_PROPERTIES = set(`${LOOKS} ${PLACES}`)

/** Attributes whose value is one of `svg-css.ts`. */
export const SVG_VALUES = set(`${LOOKS} ${PLACES}
  x1 y1 x2 y2 fx fy fr dx dy rotate viewBox preserveAspectRatio version baseProfile pathLength textLength lengthAdjust startOffset
  method spacing side offset spreadMethod gradientUnits gradientTransform patternUnits patternContentUnits patternTransform
  clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight orient refX refY filterUnits primitiveUnits
  filterRes in in2 result mode type values operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode
  kernelUnitLength preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent limitingConeAngle azimuth elevation
  pointsAtX pointsAtY pointsAtZ z scale xChannelSelector yChannelSelector stdDeviation radius baseFrequency numOctaves seed
  stitchTiles tableValues slope intercept amplitude exponent systemLanguage zoomAndPan contentStyleType role aria-hidden
  aria-labelledby aria-describedby focusable`)

export const SVG_FUNCTIONS = set(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark var calc min max clamp
  matrix matrix3d translate translateX translateY translate3d scale scaleX scaleY rotate skewX skewY skew
  blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia rect inset circle ellipse polygon`)
