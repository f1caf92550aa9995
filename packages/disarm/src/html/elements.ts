const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Elements that may be written. The verifier holds this list, too (docs/design/disarm-grammar.md). */
export const ALLOWED =
  words(`a abbr address article aside b bdi big blockquote br caption center cite code col colgroup dd del details
  dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s
  samp section small span strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr`)

/** Elements that become another, so that their text keeps its place. */
export const RENAMED: ReadonlyMap<string, string> = new Map(
  `acronym=abbr applet=span blink=span button=span data=span dialog=div dir=ul fieldset=div form=div hgroup=div image=img label=span
  legend=div listing=pre marquee=div menu=ul meter=span nobr=span object=span option=span output=span plaintext=pre progress=span
  search=div select=span strike=s textarea=span xmp=pre`
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
)

/** Elements that go with all they hold, and why. */
export const DROPPED: ReadonlyMap<string, string> = new Map([
  ...['script', 'noscript', 'template'].map((name) => [name, 'H-SCRIPT'] as const),
  ...['svg', 'math', 'iframe', 'canvas', 'noembed', 'noframes'].map(
    (name) => [name, 'H-EMBED'] as const,
  ),
  ...['video', 'audio'].map((name) => [name, 'H-REMOTE'] as const),
])

/** Elements of which only the tag goes, where that is worth a line of its own in the report. */
export const REPORTED: ReadonlyMap<string, string> = new Map([
  ...`applet base button embed fieldset form frame frameset input keygen label legend object optgroup option param portal select textarea`
    .split(' ')
    .map((name) => [name, 'H-EMBED'] as const),
  ...'link source track bgsound'.split(' ').map((name) => [name, 'H-REMOTE'] as const),
])

export const VOID = words('br col hr img wbr')
/** Void elements that are not written. */
export const GONE_VOID = words(
  'area base basefont bgsound embed frame input keygen link meta param source track',
)

/** §13.2.4.2; these stop the search of an end tag for its element. */
export const SPECIAL =
  words(`address applet article aside blockquote body button caption center col colgroup dd details dialog dir div dl dt
  fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr iframe img legend li listing main marquee menu
  nav object ol p plaintext pre script search section select summary table tbody td template textarea tfoot th thead tr ul wbr xmp br`)

export const FORMATTING = words('a b big code em font i s small strike strong tt u nobr')

/** Start tags that close an open paragraph. */
export const CLOSES_PARAGRAPH =
  words(`address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form
  h1 h2 h3 h4 h5 h6 header hgroup hr legend listing main marquee menu nav ol p plaintext pre search section summary table ul xmp dd dt li`)

export const HEADINGS = words('h1 h2 h3 h4 h5 h6')
export const IMPLIED_END = words('dd dt li option optgroup p rp rt')
export const SCOPE_BARRIER = words('caption table td th template marquee object applet')
export const TABLE_PARTS = words('table tbody tfoot thead tr')
/** Start tags that belong to the structure of a table. */
export const TABLE_STRUCTURE = words('caption col colgroup tbody td tfoot th thead tr')

/** HTML start tags that cannot stand in svg or math and end it (§13.2.6.5). */
export const BREAKOUT =
  words(`b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu
  meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var`)
/** Places inside svg and math where HTML is HTML again. */
export const INTEGRATION = words('foreignobject desc title mi mo mn ms mtext annotation-xml')
