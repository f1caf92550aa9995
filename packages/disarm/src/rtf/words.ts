/**
 * Control words that may stand in text, styles, tables and sections (RTF 1.9.1, appendix B), by what follows them. A word that is in
 * no list is not written. None of these starts, loads or names anything outside of the file.
 */

/** What a word's parameter may be. `flag`: none; `toggle`: none or 0; otherwise a number from `low` to `high`, or none. */
export type Shape = 'flag' | 'toggle' | { readonly low: number; readonly high: number }

/** True for what stands for characters or ends a paragraph, cell or page. */
export function isSymbolWord(word: string): boolean {
  return SYMBOL_WORDS.has(word)
}

export function shapeOf(word: string): Shape | undefined {
  return SHAPES.get(word)
}

/** The parameter to write, `null` for none; `undefined` when the word must not be written with this one. */
export function canonicalParameter(
  shape: Shape,
  parameter: number | undefined,
): number | null | undefined {
  if (shape === 'flag' || parameter === undefined) return null
  if (shape === 'toggle') return parameter === 0 ? 0 : null
  return parameter >= shape.low && parameter <= shape.high ? parameter : undefined
}

const list = (words: string): readonly string[] => words.trim().split(/\s+/)

/** `br(t|b|l|r)` stands for four words. */
function spread(words: string): readonly string[] {
  return list(words).flatMap((word) => {
    const [head, choices, tail] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(word)?.slice(1) ?? [word]
    return choices === undefined ? [word] : choices.split('|').map((one) => head + one + tail)
  })
}

const SYMBOLS = `par line tab page column cell nestcell row nestrow sect softpage softcol softline emdash endash emspace
  enspace qmspace bullet lquote rquote ldblquote rdblquote zwbo zwnbo zwj zwnj ltrmark rtlmark chdate chdpl chdpa chtime chpgn
  sectnum chftn chatn chftnsep chftnsepc ftnalt`

const SYMBOL_WORDS: ReadonlySet<string> = new Set(list(SYMBOLS))

const CHARACTER_FLAGS = `plain ulnone aulnone acccomma accdot accnone acccircle accunderdot nosupersub loch hich dbch
  rtlch ltrch chbrdr chbghoriz chbgvert chbgfdiag chbgbdiag chbgcross chbgdcross chbgdkhoriz chbgdkvert chbgdkfdiag chbgdkbdiag
  chbgdkcross chbgdkdcross noproof fbidis`

const CHARACTER_TOGGLES = `b i ul uld uldash uldashd uldashdd uldb ulhwave ulldash ulth ulthd ulthdash ulthdashd ulthdashdd
  ulthldash ululdbwave ulw ulwave strike striked v caps scaps outl shad embo impr ab ai acaps ascaps aul auld auldb aulw aoutl ashad
  astrike webhidden revised deleted
  super sub keep keepn noline pagebb sbys contextualspace adjustright indmirror`

const CHARACTER_NUMBERS = `animtext charscalex dn up expnd expndtw kerning lang langfe langnp langfenp alang fs afs aup adn aexpnd
  ulc cf cb acf highlight chcbpat chcfpat chshdng cgrid fcs fittext horzvert twoinone revauth revauthdel crauth mvauth lbr`

const PARAGRAPH_FLAGS = `pard intbl nowidctlpar widctlpar qc qj ql qr qd qt   rtlpar ltrpar nocwrap nowwrap nooverflow collapsed faauto fahang facenter faroman favar fafixed tqr tqc tqdec
  tldot tlmdot tlhyph tlul tlth tleq brdrt brdrb brdrl brdrr brdrbtw brdrbar box bghoriz bgvert bgfdiag bgbdiag bgcross bgdcross
  bgdkhoriz bgdkvert bgdkfdiag bgdkbdiag bgdkcross bgdkdcross nowrap posxc posxi posxl posxo posxr posyb posyc posyil posyin posyout
  posyt phmrg phpg phcol pvmrg pvpg pvpara overlay abslock frmtxlrtb frmtxtbrl frmtxbtlr frmtxlrtbv frmtxtbrlv wrapdefault
  wraparound wraptight wrapthrough txbxtwno txbxtwalways txbxtwfirstlast txbxtwfirst txbxtwlast nosnaplinegrid noextrasprl`

const BORDER_FLAGS = `brdrs brdrth brdrsh brdrdb brdrdot brdrdash brdrhair brdrinset brdrdashsm brdrdashd brdrdashdd brdrdashdot
  brdrdashdotdot brdrtriple brdrtnthsg brdrthtnsg brdrtnthtnsg brdrtnthmg brdrthtnmg brdrtnthtnmg brdrtnthlg brdrthtnlg
  brdrtnthtnlg brdrwavy brdrwavydb brdrdashdotstr brdremboss brdrengrave brdroutset brdrframe brdrnone brdrnil brdrtbl`

const PARAGRAPH_NUMBERS = `itap level outlinelevel fi cufi li lin culi ri rin curi sb sa lisb lisa sl qk tx tb shading cfpat cbpat
  brdrw brdrcf brsp brdrart absw absh dropcapli dropcapt dxfrtext dfrmtxtx dfrmtxty posx posnegx posy posnegy absnoovrlp ls ilvl
  sbauto saauto slmult aspalpha aspnum hyphpar`

const ROW_FLAGS = `trowd trql trqr trqc trhdr trkeep trkeepfollow lastrow ltrrow rtlrow taprtl tposxc tposxi tposxl tposxo tposxr
  tposyb tposyc tposyil tposyin tposyout tposyt tphcol tphmrg tphpg tpvmrg tpvpara tpvpg trbrdrt trbrdrb trbrdrl trbrdrr trbrdrh
  trbrdrv trbghoriz trbgvert trbgfdiag trbgbdiag trbgcross trbgdcross trbgdkhor trbgdkvert trbgdkfdiag trbgdkbdiag trbgdkcross
  trbgdkdcross tbllkborder tbllkshading tbllkfont tbllkcolor tbllkbestfit tbllkhdrrows tbllklastrow tbllkhdrcols tbllklastcol
  tbllknorowband tbllknocolband clmgf clmrg clvmgf clvmrg clvertalt clvertalc clvertalb cltxlrtb cltxtbrl cltxbtlr cltxlrtbv
  cltxtbrlv clbrdrt clbrdrb clbrdrl clbrdrr cldglu cldgll clbghoriz clbgvert clbgfdiag clbgbdiag clbgcross clbgdcross clbgdkhor
  clbgdkvert clbgdkfdiag clbgdkbdiag clbgdkcross clbgdkdcross clhidemark clFitText clNoWrap rawclbghoriz rawclbgvert rawclbgfdiag
  rawclbgbdiag rawclbgcross rawclbgdcross rawclbgdkhor rawclbgdkvert rawclbgdkfdiag rawclbgdkbdiag rawclbgdkcross rawclbgdkdcross
  tsrowd tsbrdrt tsbrdrb tsbrdrl tsbrdrr tsbrdrh tsbrdrv tsbrdrdgl tsbrdrdgr tsvertalt tsvertalc tsvertalb tsnowrap tscfirstrow
  tsclastrow tscfirstcol tsclastcol tscbandhorzodd tscbandhorzeven tscbandvertodd tscbandverteven tscnwcell tscnecell tscswcell
  tscsecell clins cldel clshdrawnil`

const ROW_NUMBERS = `trgaph trleft trrh trautofit irow irowband trftsWidth trwWidth trftsWidthB trwWidthB trftsWidthA trwWidthA
  trpadd(l|t|b|r) trpaddf(l|t|b|r) trpado(l|t|b|r) trpadof(l|t|b|r) trspd(l|t|b|r) trspdf(l|t|b|r) trspo(l|t|b|r)
  trspof(l|t|b|r) tblind tblindtype tposx tposnegx tposy tposnegy tdfrmtxt(Left|Right|Top|Bottom) tabsnoovrlp trcbpat trcfpat trpat
  trshdng clcbpat clcfpat clshdng clcbpatraw clcfpatraw clshdngraw clftsWidth clwWidth clpad(l|t|b|r) clpadf(l|t|b|r)
  clsp(l|t|b|r) clspf(l|t|b|r) cellx tscellwidth tscellwidthfts tscellpadd(l|t|b|r) tscellpaddf(l|t|b|r) tscellcbpat
  tscellcfpat tscellpct tsbghoriz tscbandsh tscbandsv yts`

const SECTION_FLAGS = `sectd endnhere sectunlocked sbknone sbkcol sbkpage sbkeven sbkodd linebetcol sftntj sftnbj sftnrstpg
  sftnrestart sftnrstcont saftnrestart saftnrstcont linerestart lineppage linecont lndscpsxn titlepg pgncont pgnrestart
  pgndec pgnucrm pgnlcrm pgnucltr pgnlcltr pgnbidia pgnbidib pgnchosung pgncnum pgndbnum pgndbnumd pgndbnumk pgndbnumt pgndecd
  pgngbnum pgngbnumd pgngbnumk pgngbnuml pgnganada pgnid pgnhindia pgnhindib pgnhindic pgnhindid pgnthaia pgnthaib pgnthaic pgnvieta
  pgnzodiac pgnzodiacd pgnzodiacl pgnhnsc pgnhnsh pgnhnsm pgnhnsn pgnhnsp vertalt vertalc vertalj vertalb vertal rtlsect ltrsect
  pgbrdr(t|b|l|r|head|foot|snap) sectdefaultcl sectspecifycl sectspecifyl
  (sftn|saftn|ftn|aftn)nar (sftn|saftn|ftn|aftn)nalc (sftn|saftn|ftn|aftn)nauc (sftn|saftn|ftn|aftn)nrlc (sftn|saftn|ftn|aftn)nruc
  (sftn|saftn|ftn|aftn)nchi (sftn|saftn|ftn|aftn)nchosung (sftn|saftn|ftn|aftn)ncnum (sftn|saftn|ftn|aftn)ndbnum
  (sftn|saftn|ftn|aftn)ndbnumd (sftn|saftn|ftn|aftn)ndbnumk (sftn|saftn|ftn|aftn)ndbnumt (sftn|saftn|ftn|aftn)ndbar
  (sftn|saftn|ftn|aftn)nganada (sftn|saftn|ftn|aftn)ngbnum (sftn|saftn|ftn|aftn)ngbnumd (sftn|saftn|ftn|aftn)ngbnumk
  (sftn|saftn|ftn|aftn)ngbnuml (sftn|saftn|ftn|aftn)nzodiac (sftn|saftn|ftn|aftn)nzodiacd (sftn|saftn|ftn|aftn)nzodiacl`

const SECTION_NUMBERS = `binfsxn binsxn cols colsx colno colsr colw sftnstart saftnstart linemod linex linestarts pgwsxn pghsxn
  marglsxn margrsxn margtsxn margbsxn guttersxn margmirsxn headery footery pgnstarts pgnx pgny pgnhn stextflow sectexpand
  sectlinegrid pgbrdropt`

const DOCUMENT_FLAGS = `fracwidth facingp rtlgutter gutterprl margmirror landscape twoonone bookfold bookfoldrev notabind wraptrsp
  prcolbl nocolbal cvmme sprstsp sprsspbf otblrul transmf swpbdr brkfrm sprslnsp subfontbysize truncatefontheight truncex bdbfhdr
  dntblnsbdb expshrtn lytexcttp lytprtmet msmcap nolead nospaceforul noultrlspc noxlattoyen oldlinewrap sprsbsp sprstsm wpjst wpsp
  wptab splytwnine ftnlytwnine htmautsp nobrkwrptbl spltpgpar useltbaln alntblind lytcalctblwd lyttblrtgr oldas lnbrkrule bdrrlswsix nolnhtadjtbl
  ApplyBrkRules snaptogridincell wrppunct asianbrkrule newtblstyruls nogrowautofit notcvasp notvatxbx notbrkcnstfrctbl usenormstyforlist
  noindnmbrts felnbrelev indrlsweleven nocxsptable nouicompat nofeaturethrottle utinl krnprsnet cachedcolbal noafcnsttbl toplinepunct
  jcompress jexpand horzdoc vertdoc ftnbj ftntj endnotes enddoc aendnotes aenddoc aftnbj aftntj ftnrstpg ftnrestart ftnrstcont
  aftnrestart aftnrstcont formprot formshade revisions revprot annotprot readprot allprot donotshowcomments
  donotshowmarkup donotshowinsdel donotshowprops ltrdoc rtldoc nojkernpunct dgmargin dgsnap
  viewnobound`

const DOCUMENT_NUMBERS = `deflang deflangfe adeflang deftab hyphhotz hyphconsec hyphcaps hyphauto linestart paperw paperh psz margl
  margr margt margb gutter pgnstart widowctrl bookfoldsheets fet ftnstart aftnstart viewkind viewscale viewzk dghspace dgvspace dghorigin
  dgvorigin dghshow dgvshow jsksu themelang themelangfe themelangcs ksulang hyphlead
  trackmoves trackformatting revprop revbar`

const STYLE_FLAGS = `additive sautoupd shidden slocked spersonal scompose sreply ssemihidden sqformat sunhideused`

const STYLE_NUMBERS = `snext sbasedon slink spriority tsd`

const NUMBERING_FLAGS = `pnlvlblt pnlvlbody pnlvlcont pnnumonce pnacross pnhang pnrestart pncard pndec pnucltr pnucrm pnlcltr
  pnlcrm pnord pnordt pnaiu pnaiud pnaiueo pnaiueod pnbidia pnbidib pnchosung pncnum pndbnum pndbnumd pndbnumk pndbnuml pndbnumt
  pndecd pnganada pngbnum pngbnumd pngbnumk pngbnuml pniroha pnirohad pnzodiac pnzodiacd pnzodiacl pnuldash pnuldashd pnuldashdd
  pnuldb pnulhair pnulth pnulwave pnul pnuld pnulnone pnulw pnprev pnqc pnql pnqr`

const NUMBERING_TOGGLES = `pnb pni pncaps pnscaps pnstrike`

const NUMBERING_NUMBERS = `pnlvl pncf pnfs pnindent pnsp pnstart`

/** Places in tables: what counts up to 32,767 in every reader (a font number beyond it was CVE-2023-21716). */
const INDEXES = `f af deff adeff stshfdbch stshfloch stshfhich stshfbi s cs ts ds pnf`

/** Numbers of 32 bits: times in Word's own form. */
const LONG = `revdttm revdttmdel crdate mvdate`

const MATHS = `mlit mnor`
const MATH_NUMBERS = `mscr msty maln mbrk`

function entries(words: string, shape: Shape): [string, Shape][] {
  return spread(words).map((word) => [word, shape])
}

/** Twips and half-points of anything that fits on paper. */
const SMALL: Shape = { low: -0xffff, high: 0xffff }

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ...[
    SYMBOLS,
    CHARACTER_FLAGS,
    PARAGRAPH_FLAGS,
    BORDER_FLAGS,
    ROW_FLAGS,
    SECTION_FLAGS,
    DOCUMENT_FLAGS,
    STYLE_FLAGS,
    NUMBERING_FLAGS,
    MATHS,
  ].flatMap((words) => entries(words, 'flag')),
  ...[CHARACTER_TOGGLES, NUMBERING_TOGGLES].flatMap((words) => entries(words, 'toggle')),
  ...[
    CHARACTER_NUMBERS,
    PARAGRAPH_NUMBERS,
    ROW_NUMBERS,
    SECTION_NUMBERS,
    DOCUMENT_NUMBERS,
    STYLE_NUMBERS,
    NUMBERING_NUMBERS,
    MATH_NUMBERS,
  ].flatMap((words) => entries(words, SMALL)),
  ...entries(INDEXES, { low: 0, high: 0x7fff }),
  ...entries(LONG, { low: -0x7fffffff, high: 0x7fffffff }),
])
