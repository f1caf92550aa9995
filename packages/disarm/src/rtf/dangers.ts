/** Rule under which a word or destination that is not written is reported; `undefined`: it is not worth a line. */
export function ruleOf(word: string): string | undefined {
  if (QUIET.has(word)) return undefined
  return RULES.get(word) ?? (/^(?:insrsid|[a-z]{2,6}rsid)$/.test(word) ? 'OX-META' : 'RTF-PARSE')
}

function rows(rule: string, words: string): readonly (readonly [string, string])[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => [word, rule] as const)
}

const RULES: ReadonlyMap<string, string> = new Map([
  ...rows(
    'RTF-OBJ',
    `object objdata objocx objemb objlink objautlink objsub objpub objicemb objhtml objupdate objclass objname objtime objalias
     objsect objattph objw objh objsetsize objscalex objscaley objcropt objcropb objcropl objcropr objtransy objlock linkself
     oleclsid rsltmerge rsltpict rsltrtf rslttxt rsltbmp rslthtml control`,
  ),
  ...rows(
    'RTF-TPL',
    `template filetbl file linkval datafield mailmerge xmlopen xmlclose xmlname xmlattr xmlattrname xmlattrvalue xmlnstbl xmlns
     datastore themedata colorschememapping linkstyles subdocument nextfile mmodso mmodsoudldata mmodsoudl mmconnectstr
     mmconnectstrdata mmquery mmdatasource mmheadersource mmaddfieldname mmmailsubject factoidname writereservation
     writereservhash docvar windowcaption picttype hl hlloc hlfr hlsrc htmltag mhtmltag`,
  ),
  ...rows('RTF-FIELD', `ffentrymcr ffexitmcr flddirty fldalt`),
  ...rows('OX-FONT', `fontemb fontfile fname`),
  ...rows('OX-PROT', `passwordhash protusertbl enforceprot protlevel`),
  ...rows(
    'OX-META',
    `info title subject author manager company operator category keywords comment doccomm hlinkbase version vern creatim revtim
     printim buptim edmins nofpages nofwords nofchars nofcharsws id generator rsidtbl rsid rsidroot userprops propname proptype
     staticval blipuid bliptag private private1 xform xdata`,
  ),
  ...rows('OX-REV', `oldcprops oldpprops oldtprops oldsprops mvfmf mvfml mvtof mvtol`),
  ...rows('W-SMARTTAG', `factoidname smarttag`),
])

/** Nothing that a reader shows or that names anybody: hints for older readers, for one program, or for the screen. */
const QUIET: ReadonlySet<string> = new Set(
  `* rtf ansi mac pc pca ansicpg uc ud upr fbias fbidi flomajor fhimajor fdbmajor fbimajor flominor fhiminor fdbminor fbiminor
   latentstyles lsdstimax lsdlockeddef lsdsemihiddendef lsdunhideuseddef lsdqformatdef lsdprioritydef lsdlocked lsdpriority
   lsdunhideused lsdsemihidden lsdqformat lsdlockedexcept wgrffmtfilter mmathPr mdispDef mlMargin mrMargin mdefJc mintLim mnaryLim
   mwrapIndent mwrapRight minterSp mintraSp mpreSp mpostSp mbrkBin mbrkBinSub msmallFrac mmathFont mmathPict pgptbl pgp ipgp itap0
   nonshppict nonesttables shprslt keycode nsmpltxt levelmarker cocoartf cocoasubrtf cocoascreenfonts cocoatextscaling
   cocoaplatform vieww viewh qnatural pardeftab pardirnatural tblrsid trauth trdate fldedit fldlock fldpriv htmlrtf fromhtml fromtext
   ctint cshade cmaindarkone cmainlightone cmaindarktwo cmainlighttwo caccentone caccenttwo caccentthree caccentfour caccentfive
   caccentsix chyperlink cfollowedhyperlink cbackgroundone ctextone cbackgroundtwo ctexttwo expshrtn stylelock stylelockbackcomp
   stylelockenforced stylelocktheme stylelockqfset relyonvml grfdocevents ignoremixedcontent saveinvalidxml showxmlerrors
   showplaceholdtext validatexml makebackup truncaterow lytbrdr donotembedsysfont donotembedlingdata hrule hres vres
   bkmkcolf bkmkcoll defchp defpap dttmtm rsltmerge nofeaturethrottle1 readonlyrecommended wsb hsb saveprevpict
   panose falt pgdscno pgdsc pgdsctbl pgdscuse pgdscnxt shpz hyphmax hyphlead hyphtrail hyphauto pgndec0 expnd0 strokec strokewidth
   outl0 CocoaLigature slleading partightenfactor tightenfactor levelspace levelindent lbr0 nisusnoteplacement nisusreferencestyle
   viewbksp noqfpromote allowfieldendsel afelev hwelev ilfomacatclnup defformat nisuswindow nshwinv nshwpg sxnstarts
   sxnrestart sxndec colbalsxn stylesortmethod style sxe tcf tcl txbxtw pnrauth pnrdate pnrnot pnrxst pnrrgb pnrnfc pnrpnbr pnrstart pnrstop pndecs sscpt`
    .trim()
    .split(/\s+/),
)

/** Groups that go with all that is in them even without `\*` before their word. */
export function isDroppedGroup(word: string): boolean {
  return DROPPED_GROUPS.has(word)
}

const DROPPED_GROUPS: ReadonlySet<string> = new Set(
  `objdata objclass objname objtime objalias objsect oleclsid template filetbl file datafield mailmerge xmlopen xmlclose xmlname
   xmlattrname xmlattrvalue xmlnstbl xmlns datastore themedata colorschememapping nextfile writereservation writereservhash docvar
   windowcaption hl hlloc hlfr hlsrc htmltag mhtmltag ffentrymcr ffexitmcr fontemb fontfile fname passwordhash protusertbl subject
   author manager company operator category keywords comment doccomm hlinkbase creatim revtim printim buptim generator rsidtbl
   userprops propname staticval linkval blipuid private private1 oldcprops oldpprops oldtprops oldsprops mvfmf mvfml mvtof mvtol
   factoidname latentstyles lsdlockedexcept wgrffmtfilter mmathPr mmathPict pgptbl pgp nonshppict nonesttables shprslt keycode nsmpltxt
   levelmarker panose falt listname liststylename listlevel leveltext levelnumbers list listoverride lfolevel pgdsctbl
   ffname ffdeftext ffformat ffhelptext ffstattext ffl gridtbl g pxe mmodso mmodsoudldata mmconnectstr mmquery mmdatasource
   mmheadersource revtbl password`
    .trim()
    .split(/\s+/),
)
