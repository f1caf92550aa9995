import { words } from './words.ts'

/**
 * Elements that an output may hold, per prefix: the schema of ODF 1.3 (part 3) and what LibreOffice adds, without everything
 * that acts, reaches out or embeds. An attacker's new element is unknown, therefore not written.
 */
export const ELEMENTS: ReadonlyMap<string, ReadonlySet<string>> = words({
  office: `annotation annotation-end automatic-styles binary-data body change-info chart document document-content
    document-meta document-settings document-styles drawing font-face-decls forms master-styles meta presentation settings
    spreadsheet styles text`,
  meta: `creator-initials date-string`,
  dc: `creator date title`,
  config: `config-item config-item-map-entry config-item-map-indexed config-item-map-named config-item-set`,
  text: `a alphabetical-index alphabetical-index-entry-template alphabetical-index-mark alphabetical-index-mark-end
    alphabetical-index-mark-start alphabetical-index-source author-initials author-name bibliography
    bibliography-configuration bibliography-entry-template bibliography-mark bibliography-source bookmark bookmark-end
    bookmark-ref bookmark-start change change-end change-start changed-region chapter character-count conditional-text
    creation-date creation-time creator date deletion description drop-down editing-cycles editing-duration expression
    file-name format-change h hidden-paragraph hidden-text illustration-index illustration-index-entry-template
    illustration-index-source image-count index-body index-entry-bibliography index-entry-chapter index-entry-link-end
    index-entry-link-start index-entry-page-number index-entry-span index-entry-tab-stop index-entry-text
    index-source-style index-source-styles index-title index-title-template initial-creator insertion keywords label
    line-break linenumbering-configuration linenumbering-separator list list-header list-item list-level-style-bullet
    list-level-style-image list-level-style-number list-style measure meta meta-field modification-date
    modification-time note note-body note-citation note-continuation-notice-backward note-continuation-notice-forward
    note-ref notes-configuration number numbered-paragraph object-count object-index object-index-entry-template
    object-index-source outline-level-style outline-style p page page-continuation page-count page-number
    page-sequence page-variable-get page-variable-set paragraph-count placeholder print-date print-time printed-by
    reference-mark reference-mark-end reference-mark-start reference-ref ruby ruby-base ruby-text s section
    sender-city sender-company sender-country sender-email sender-fax sender-firstname sender-initials sender-lastname
    sender-phone-private sender-phone-work sender-position sender-postal-code sender-state-or-province sender-street
    sender-title sequence sequence-decl sequence-decls sequence-ref sheet-name soft-page-break sort-key span subject
    tab table-count table-formula table-index table-index-entry-template table-index-source table-of-content
    table-of-content-entry-template table-of-content-source template-name text-input time title toc-mark toc-mark-end
    toc-mark-start tracked-changes user-defined user-field-decl user-field-decls user-field-get user-field-input
    user-index user-index-entry-template user-index-mark user-index-mark-end user-index-mark-start user-index-source
    variable-decl variable-decls variable-get variable-input variable-set word-count`,
  table: `background body calculation-settings cell-address cell-content-change cell-content-deletion change-deletion
    change-track-table-cell consolidation content-validation content-validations covered-table-cell cut-offs
    data-pilot-display-info data-pilot-field data-pilot-field-reference data-pilot-grand-total data-pilot-group
    data-pilot-group-member data-pilot-groups data-pilot-layout-info data-pilot-level data-pilot-member
    data-pilot-members data-pilot-sort-info data-pilot-subtotal data-pilot-subtotals data-pilot-table data-pilot-tables
    database-range database-ranges deletion deletions dependencies dependency desc detective error-message even-columns
    even-rows filter filter-and filter-condition filter-or filter-set-item first-column first-row help-message
    highlighted-range insertion insertion-cut-off iteration label-range label-ranges last-column last-row movement
    movement-cut-off named-expression named-expressions named-range null-date odd-columns odd-rows operation previous
    scenario shapes sort sort-by sort-groups source-cell-range source-range-address subtotal-field subtotal-rule
    subtotal-rules table table-cell table-column table-column-group table-columns table-header-columns
    table-header-rows table-row table-row-group table-rows table-template target-range-address title tracked-changes`,
  draw: `a area-circle area-polygon area-rectangle caption circle connector contour-path contour-polygon control
    custom-shape ellipse enhanced-geometry equation fill-image frame g glue-point gradient handle hatch image image-map
    layer layer-set line marker measure object opacity page page-thumbnail path polygon polyline rect regular-polygon
    stroke-dash text-box`,
  presentation: `animation-group animations date-time date-time-decl dim footer footer-decl header header-decl
    hide-shape hide-text notes placeholder play settings show show-shape show-text`,
  dr3d: `cube extrude light rotate scene sphere`,
  anim: `animate animateColor animateMotion animateTransform iterate par seq set transitionFilter`,
  chart: `axis categories chart coordinate-region data-label data-point date-scale domain equation error-indicator
    floor footer grid label-separator legend mean-value plot-area regression-curve series stock-gain-marker
    stock-loss-marker stock-range-line subtitle symbol-image title wall`,
  form: `button checkbox column combobox date fixed-text form formatted-text frame generic-control grid image
    image-frame item listbox number option password properties property radio text textarea time value-range`,
  style: `background-image chart-properties column column-sep columns default-page-layout default-style
    drawing-page-properties drop-cap font-face footer footer-first footer-left footer-style footnote-sep
    graphic-properties handout-master header header-first header-footer-properties header-left header-style
    list-level-label-alignment list-level-properties map master-page page-layout page-layout-properties
    paragraph-properties presentation-page-layout region-center region-left region-right ruby-properties
    section-properties style tab-stop tab-stops table-cell-properties table-column-properties table-properties
    table-row-properties text-properties`,
  number: `am-pm boolean boolean-style currency-style currency-symbol date-style day day-of-week embedded-text era
    fill-character fraction hours minutes month number number-style percentage-style quarter scientific-number seconds
    text text-content text-style time-style week-of-year year`,
  svg: `desc linearGradient radialGradient stop title`,
  math: `annotation maligngroup malignmark math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover
    mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder
    munderover none semantics`,
  chartooo: `coordinate-region date-scale`,
  calcext: `color-scale color-scale-entry condition conditional-format conditional-formats data-bar data-bar-entry
    date-is formatting-entry icon-set sparkline sparkline-group sparkline-groups sparklines`,
  loext: `char-complex-color color color-table content-control data-table fill-character fill-complex-color
    first-row-end-column first-row-even-column first-row-start-column footer-first glow-properties gradient-stop
    graphic-properties header-first inline-heading last-row-end-column last-row-even-column last-row-start-column
    list-item list-item-content marginalia p page-name qrcode regression-curve sender-initials soft-edge-properties
    sparkline sparkline-group sparkline-groups sparklines table-protection text theme theme-colors transformation`,
  field: `fieldmark fieldmark-end fieldmark-separator fieldmark-start param`,
  officeooo: 'annotation',
})

/** Elements that hold characters. Characters anywhere else are no text of the document and are not written. */
export const TEXTUAL: ReadonlyMap<string, ReadonlySet<string>> = words({
  office: 'binary-data',
  meta: 'creator-initials date-string',
  dc: 'creator date title',
  config: 'config-item',
  text: `a author-initials author-name bibliography-mark bookmark-ref chapter character-count conditional-text
    creation-date creation-time creator date description drop-down editing-cycles editing-duration expression
    file-name h hidden-paragraph hidden-text image-count index-entry-span initial-creator keywords
    linenumbering-separator measure meta meta-field modification-date modification-time note-citation
    note-continuation-notice-backward note-continuation-notice-forward note-ref number object-count p
    page-continuation page-count page-number page-variable-get paragraph-count placeholder print-date print-time
    printed-by reference-ref ruby-base ruby-text sender-city sender-company sender-country sender-email sender-fax
    sender-firstname sender-initials sender-lastname sender-phone-private sender-phone-work sender-position
    sender-postal-code sender-state-or-province sender-street sender-title sequence sequence-ref sheet-name span
    subject table-count table-formula template-name text-input time title user-defined user-field-get user-field-input
    variable-get variable-input variable-set word-count`,
  table: 'desc title',
  presentation: 'date-time-decl footer-decl header-decl',
  number: 'currency-symbol embedded-text fill-character text',
  form: 'item',
  svg: 'desc title',
  math: 'annotation mi mn mo ms mtext',
  loext: `content-control fill-character inline-heading p page-name sender-initials text`,
})

/** Whether `prefix:local` is in one of the tables above. */
export function holds(
  table: ReadonlyMap<string, ReadonlySet<string>>,
  prefix: string,
  local: string,
): boolean {
  return table.get(prefix)?.has(local) ?? false
}
