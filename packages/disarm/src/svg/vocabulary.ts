/** The words of SVG that are kept: static pictures of SVG 1.1 and 2, and what their writers use in practice. */

export const SVG = 'http://www.w3.org/2000/svg'
export const XLINK = 'http://www.w3.org/1999/xlink'
export const XHTML = 'http://www.w3.org/1999/xhtml'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

export const ELEMENTS = words(`
  svg g defs symbol use switch title desc a style image
  path rect circle ellipse line polyline polygon text tspan textPath
  linearGradient radialGradient stop pattern clipPath mask marker filter
  feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
  feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence`)

/** Elements that run, move, or bring in another language. */
export const ACTIVE_ELEMENTS = words(`
  script handler listener foreignObject iframe embed object audio video canvas source track
  animate animateColor animateMotion animateTransform set mpath discard`)

/** Elements whose characters are read or shown. */
export const TEXT_ELEMENTS = words('text tspan textPath title desc style a')

/** Attributes and, by the same names, CSS properties: how things look. Values are those of `value.ts`. */
export const PROPERTIES = words(`
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
  word-spacing writing-mode`)

/** CSS properties that are attributes of geometry in SVG 2. */
export const GEOMETRY = words('x y width height cx cy r rx ry')

/** Attributes with numbers, names and functions; values are those of `value.ts`. */
export const ATTRIBUTES = words(`
  x y width height cx cy r rx ry x1 y1 x2 y2 fx fy fr dx dy rotate viewBox preserveAspectRatio version baseProfile
  pathLength textLength lengthAdjust startOffset method spacing side offset spreadMethod gradientUnits gradientTransform
  patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits
  markerUnits markerWidth markerHeight orient refX refY filterUnits primitiveUnits filterRes
  in in2 result mode type values operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode
  kernelUnitLength preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent limitingConeAngle
  azimuth elevation pointsAtX pointsAtY pointsAtZ z scale xChannelSelector yChannelSelector stdDeviation radius
  baseFrequency numOctaves seed stitchTiles tableValues slope intercept amplitude exponent
  systemLanguage zoomAndPan contentStyleType role aria-hidden aria-labelledby aria-describedby focusable`)

/** Attributes that are sentences for a person. */
export const SENTENCES = words('aria-label')

/** Functions that a value may call. None of them fetches, none of them runs. */
export const FUNCTIONS = words(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark var calc min max clamp
  matrix matrix3d translate translateX translateY translate3d scale scaleX scaleY rotate skewX skewY skew
  blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia rect inset circle ellipse polygon`)
