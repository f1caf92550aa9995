/**
 * Control words of the grammar that may stand in text and styles, by the number they take. Written as plain lists, so that each
 * word that can ever pass can be found with a search.
 */

/** True when `\word` with this number is one the disarmer may write. */
export function wordAllowed(word: string, parameter: number | undefined): boolean {
  const kind = WORDS.get(word)
  if (kind === undefined) return false
  if (kind === 'none') return parameter === undefined
  if (kind === 'off') return parameter === undefined || parameter === 0
  return parameter === undefined || (parameter >= kind[0] && parameter <= kind[1])
}

type Kind = 'none' | 'off' | readonly [low: number, high: number]

function of(kind: Kind, words: string): (readonly [string, Kind])[] {
  return words.split(/\s+/u).map((word) => [word, kind] as const)
}

const NO_NUMBER = `ApplyBrkRules abslock acccircle acccomma accdot accnone accunderdot additive aenddoc aendnotes aftnbj
  aftnnalc aftnnar aftnnauc aftnnchi aftnnchosung aftnncnum aftnndbar aftnndbnum aftnndbnumd aftnndbnumk aftnndbnumt
  aftnnganada aftnngbnum aftnngbnumd aftnngbnumk aftnngbnuml aftnnrlc aftnnruc aftnnzodiac aftnnzodiacd aftnnzodiacl
  aftnrestart aftnrstcont aftntj allprot alntblind annotprot asianbrkrule aulnone bdbfhdr bdrrlswsix bgbdiag bgcross
  bgdcross bgdkbdiag bgdkcross bgdkdcross bgdkfdiag bgdkhoriz bgdkvert bgfdiag bghoriz bgvert bookfold bookfoldrev box
  brdrb brdrbar brdrbtw brdrdash brdrdashd brdrdashdd brdrdashdot brdrdashdotdot brdrdashdotstr brdrdashsm brdrdb
  brdrdot brdremboss brdrengrave brdrframe brdrhair brdrinset brdrl brdrnil brdrnone brdroutset brdrr brdrs brdrsh brdrt
  brdrtbl brdrth brdrthtnlg brdrthtnmg brdrthtnsg brdrtnthlg brdrtnthmg brdrtnthsg brdrtnthtnlg brdrtnthtnmg
  brdrtnthtnsg brdrtriple brdrwavy brdrwavydb brkfrm bullet cachedcolbal cell chatn chbgbdiag chbgcross chbgdcross
  chbgdkbdiag chbgdkcross chbgdkdcross chbgdkfdiag chbgdkhoriz chbgdkvert chbgfdiag chbghoriz chbgvert chbrdr chdate
  chdpa chdpl chftn chftnsep chftnsepc chpgn chtime clFitText clNoWrap clbgbdiag clbgcross clbgdcross clbgdkbdiag
  clbgdkcross clbgdkdcross clbgdkfdiag clbgdkhor clbgdkvert clbgfdiag clbghoriz clbgvert clbrdrb clbrdrl clbrdrr clbrdrt
  cldel cldgll cldglu clhidemark clins clmgf clmrg clshdrawnil cltxbtlr cltxlrtb cltxlrtbv cltxtbrl cltxtbrlv clvertalb
  clvertalc clvertalt clvmgf clvmrg collapsed column cvmme dbch dgmargin dgsnap dntblnsbdb
  donotshowcomments donotshowinsdel donotshowmarkup donotshowprops emdash emspace endash enddoc endnhere endnotes
  enspace expshrtn faauto facenter facingp fafixed fahang faroman favar fbidis felnbrelev formprot formshade fracwidth
  frmtxbtlr frmtxlrtb frmtxlrtbv frmtxtbrl frmtxtbrlv ftnalt ftnbj ftnlytwnine ftnnalc ftnnar ftnnauc ftnnchi
  ftnnchosung ftnncnum ftnndbar ftnndbnum ftnndbnumd ftnndbnumk ftnndbnumt ftnnganada ftnngbnum ftnngbnumd ftnngbnumk
  ftnngbnuml ftnnrlc ftnnruc ftnnzodiac ftnnzodiacd ftnnzodiacl ftnrestart ftnrstcont ftnrstpg ftntj gutterprl hich
  horzdoc htmautsp indrlsweleven intbl jcompress jexpand krnprsnet landscape lastrow ldblquote line
  linebetcol linecont lineppage linerestart lnbrkrule lndscpsxn loch lquote ltrch ltrdoc ltrmark ltrpar ltrrow ltrsect
  lytcalctblwd lytexcttp lytprtmet lyttblrtgr margmirror mlit mnor msmcap nestcell nestrow newtblstyruls noafcnsttbl
  nobrkwrptbl nocolbal nocwrap nocxsptable noextrasprl nofeaturethrottle nogrowautofit noindnmbrts nojkernpunct nolead
  nolnhtadjtbl nooverflow noproof nosnaplinegrid nospaceforul nosupersub notabind notbrkcnstfrctbl notcvasp
  notvatxbx nouicompat noultrlspc nowidctlpar nowrap nowwrap noxlattoyen oldas oldlinewrap otblrul overlay page   par pard pgbrdrb pgbrdrfoot pgbrdrhead pgbrdrl pgbrdrr pgbrdrsnap pgbrdrt pgnbidia pgnbidib pgnchosung pgncnum pgncont
  pgndbnum pgndbnumd pgndbnumk pgndbnumt pgndec pgndecd pgnganada pgngbnum pgngbnumd pgngbnumk pgngbnuml pgnhindia
  pgnhindib pgnhindic pgnhindid pgnhnsc pgnhnsh pgnhnsm pgnhnsn pgnhnsp pgnid pgnlcltr pgnlcrm pgnrestart pgnthaia
  pgnthaib pgnthaic pgnucltr pgnucrm pgnvieta pgnzodiac pgnzodiacd pgnzodiacl phcol phmrg phpg plain pnacross pnaiu
  pnaiud pnaiueo pnaiueod pnbidia pnbidib pncard pnchosung pncnum pndbnum pndbnumd pndbnumk pndbnuml pndbnumt pndec
  pndecd pnganada pngbnum pngbnumd pngbnumk pngbnuml pnhang pniroha pnirohad pnlcltr pnlcrm pnlvlblt pnlvlbody pnlvlcont
  pnnumonce pnord pnordt pnprev pnqc pnql pnqr pnrestart pnucltr pnucrm pnul pnuld pnuldash pnuldashd pnuldashdd pnuldb
  pnulhair pnulnone pnulth pnulw pnulwave pnzodiac pnzodiacd pnzodiacl posxc posxi posxl posxo posxr posyb posyc posyil
  posyin posyout posyt prcolbl pvmrg pvpara pvpg qc qd qj ql qmspace qr qt rawclbgbdiag rawclbgcross rawclbgdcross
  rawclbgdkbdiag rawclbgdkcross rawclbgdkdcross rawclbgdkfdiag rawclbgdkhor rawclbgdkvert rawclbgfdiag rawclbghoriz
  rawclbgvert rdblquote readprot revisions revprot row rquote rtlch rtldoc rtlgutter rtlmark rtlpar rtlrow rtlsect
  saftnnalc saftnnar saftnnauc saftnnchi saftnnchosung saftnncnum saftnndbar saftnndbnum saftnndbnumd saftnndbnumk
  saftnndbnumt saftnnganada saftnngbnum saftnngbnumd saftnngbnumk saftnngbnuml saftnnrlc saftnnruc saftnnzodiac
  saftnnzodiacd saftnnzodiacl saftnrestart saftnrstcont sautoupd sbkcol sbkeven sbknone sbkodd sbkpage scompose
  sect sectd sectdefaultcl sectnum sectspecifycl sectspecifyl sectunlocked sftnbj sftnnalc sftnnar sftnnauc sftnnchi
  sftnnchosung sftnncnum sftnndbar sftnndbnum sftnndbnumd sftnndbnumk sftnndbnumt sftnnganada sftnngbnum sftnngbnumd
  sftnngbnumk sftnngbnuml sftnnrlc sftnnruc sftnnzodiac sftnnzodiacd sftnnzodiacl sftnrestart sftnrstcont sftnrstpg
  sftntj shidden slocked snaptogridincell softcol softline softpage spersonal spltpgpar splytwnine sprsbsp sprslnsp
  sprsspbf sprstsm sprstsp sqformat sreply ssemihidden subfontbysize sunhideused swpbdr tab taprtl
  tbllkbestfit tbllkborder tbllkcolor tbllkfont tbllkhdrcols tbllkhdrrows tbllklastcol tbllklastrow tbllknocolband
  tbllknorowband tbllkshading titlepg tldot tleq tlhyph tlmdot tlth tlul toplinepunct tphcol tphmrg tphpg tposxc tposxi
  tposxl tposxo tposxr tposyb tposyc tposyil tposyin tposyout tposyt tpvmrg tpvpara tpvpg tqc tqdec tqr transmf
  trbgbdiag trbgcross trbgdcross trbgdkbdiag trbgdkcross trbgdkdcross trbgdkfdiag trbgdkhor trbgdkvert trbgfdiag
  trbghoriz trbgvert trbrdrb trbrdrh trbrdrl trbrdrr trbrdrt trbrdrv trhdr trkeep trkeepfollow trowd trqc trql trqr
  truncatefontheight truncex tsbrdrb tsbrdrdgl tsbrdrdgr tsbrdrh tsbrdrl tsbrdrr tsbrdrt tsbrdrv tscbandhorzeven
  tscbandhorzodd tscbandverteven tscbandvertodd tscfirstcol tscfirstrow tsclastcol tsclastrow tscnecell tscnwcell
  tscsecell tscswcell tsnowrap tsrowd tsvertalb tsvertalc tsvertalt twoonone txbxtwalways txbxtwfirst txbxtwfirstlast
  txbxtwlast txbxtwno ulnone useltbaln usenormstyforlist utinl vertal vertalb vertalc vertalj vertalt vertdoc
  viewnobound widctlpar wpjst wpsp wptab wraparound wrapdefault wrapthrough wraptight wraptrsp wrppunct zwbo zwj zwnbo
  zwnj`

const OFF_OR_ON = `super sub keep keepn noline pagebb sbys contextualspace adjustright indmirror ab acaps ai aoutl ascaps ashad astrike aul auld auldb aulw b caps deleted embo i impr outl pnb pncaps pni pnscaps
  pnstrike revised scaps shad strike striked ul uld uldash uldashd uldashdd uldb ulhwave ulldash ulth ulthd ulthdash
  ulthdashd ulthdashdd ulthldash ululdbwave ulw ulwave v webhidden`

/** Lengths on paper, colours, counts. */
const NUMBERS = `absh absnoovrlp absw acf adeflang adn aexpnd afs aftnstart alang animtext aspalpha aspnum aup binfsxn binsxn
  bookfoldsheets brdrart brdrcf brsp brdrw cb cbpat cellx cf cfpat cgrid charscalex chcbpat chcfpat chshdng clcbpat
  clcbpatraw clcfpat clcfpatraw clftsWidth clpadb clpadfb clpadfl clpadfr clpadft clpadl clpadr clpadt clshdng
  clshdngraw clspb clspfb clspfl clspfr clspft clspl clspr clspt clwWidth colno cols colsr colsx colw crauth cufi culi
  curi deflang deflangfe deftab dfrmtxtx dfrmtxty dghorigin dghshow dghspace dgvorigin dgvshow dgvspace dn dropcapli
  dropcapt dxfrtext expnd expndtw fcs fet fi fittext footery fs ftnstart gutter guttersxn headery highlight horzvert
  hyphauto hyphcaps hyphconsec hyphhotz hyphlead hyphpar ilvl irow irowband itap jsksu kerning ksulang lang langfe
  langfenp langnp lbr level li lin linemod linestart linestarts linex lisa lisb ls maln margb margbsxn margl marglsxn
  margmirsxn margr margrsxn margt margtsxn mbrk mscr msty mvauth outlinelevel paperh paperw pgbrdropt pghsxn pgnhn
  pgnstart pgnstarts pgnx pgny pgwsxn pncf pnfs pnindent pnlvl pnsp pnstart posnegx posnegy posx posy psz qk revauth
  revauthdel revbar revprop ri rin sa saauto saftnstart sb sbasedon sbauto sectexpand sectlinegrid sftnstart shading sl
  slink slmult snext spriority stextflow tabsnoovrlp tb tblind tblindtype tdfrmtxtBottom tdfrmtxtLeft tdfrmtxtRight
  tdfrmtxtTop themelang themelangcs themelangfe tposnegx tposnegy tposx tposy trackformatting trackmoves trautofit
  trcbpat trcfpat trftsWidth trftsWidthA trftsWidthB trgaph trleft trpaddb trpaddfb trpaddfl trpaddfr trpaddft trpaddl
  trpaddr trpaddt trpadob trpadofb trpadofl trpadofr trpadoft trpadol trpador trpadot trpat trrh trshdng trspdb trspdfb
  trspdfl trspdfr trspdft trspdl trspdr trspdt trspob trspofb trspofl trspofr trspoft trspol trspor trspot trwWidth
  trwWidthA trwWidthB tsbghoriz tscbandsh tscbandsv tscellcbpat tscellcfpat tscellpaddb tscellpaddfb tscellpaddfl
  tscellpaddfr tscellpaddft tscellpaddl tscellpaddr tscellpaddt tscellpct tscellwidth tscellwidthfts tsd twoinone tx ulc
  up viewkind viewscale viewzk widowctrl yts`

/** Places in tables: fonts, styles. */
const PLACES = `adeff af cs deff ds f pnf s stshfbi stshfdbch stshfhich stshfloch ts`

/** Times of changes. */
const TIMES = `crdate mvdate revdttm revdttmdel`

const WORDS: ReadonlyMap<string, Kind> = new Map([
  ...of('none', NO_NUMBER),
  ...of('off', OFF_OR_ON),
  ...of([-65_535, 65_535], NUMBERS),
  ...of([0, 32_767], PLACES),
  ...of([-2_147_483_647, 2_147_483_647], TIMES),
])
