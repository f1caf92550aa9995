/**
 * Names of characters that pages use: HTML 4 (all 252) and the newer ones that editors write. A name that is not here stays as the text
 * it is, which is what people then see.
 */
export function namedCharacter(name: string): string | undefined {
  return NAMES.get(name)
}

/** Names that end without a semicolon, too (WHATWG: the Latin-1 ones of the first browsers). */
export function isLegacyName(name: string): boolean {
  return LEGACY.has(name)
}

export const MAX_NAME = 31
export const MAX_LEGACY_NAME = 6

const LATIN_1 =
  `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro
  para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc
  Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
  agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc
  otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`
    .trim()
    .split(/\s+/)

const OTHERS =
  `OElig=0152 oelig=0153 Scaron=0160 scaron=0161 Yuml=0178 fnof=0192 circ=02C6 tilde=02DC Alpha=0391 Beta=0392 Gamma=0393
  Delta=0394 Epsilon=0395 Zeta=0396 Eta=0397 Theta=0398 Iota=0399 Kappa=039A Lambda=039B Mu=039C Nu=039D Xi=039E Omicron=039F Pi=03A0
  Rho=03A1 Sigma=03A3 Tau=03A4 Upsilon=03A5 Phi=03A6 Chi=03A7 Psi=03A8 Omega=03A9 alpha=03B1 beta=03B2 gamma=03B3 delta=03B4 epsilon=03B5
  zeta=03B6 eta=03B7 theta=03B8 iota=03B9 kappa=03BA lambda=03BB mu=03BC nu=03BD xi=03BE omicron=03BF pi=03C0 rho=03C1 sigmaf=03C2
  sigma=03C3 tau=03C4 upsilon=03C5 phi=03C6 chi=03C7 psi=03C8 omega=03C9 thetasym=03D1 upsih=03D2 piv=03D6 ensp=2002 emsp=2003
  thinsp=2009 zwnj=200C zwj=200D lrm=200E rlm=200F ndash=2013 mdash=2014 lsquo=2018 rsquo=2019 sbquo=201A ldquo=201C rdquo=201D bdquo=201E
  dagger=2020 Dagger=2021 bull=2022 hellip=2026 permil=2030 prime=2032 Prime=2033 lsaquo=2039 rsaquo=203A oline=203E frasl=2044 euro=20AC
  image=2111 weierp=2118 real=211C trade=2122 alefsym=2135 larr=2190 uarr=2191 rarr=2192 darr=2193 harr=2194 crarr=21B5 lArr=21D0 uArr=21D1
  rArr=21D2 dArr=21D3 hArr=21D4 forall=2200 part=2202 exist=2203 empty=2205 nabla=2207 isin=2208 notin=2209 ni=220B prod=220F sum=2211
  minus=2212 lowast=2217 radic=221A prop=221D infin=221E ang=2220 and=2227 or=2228 cap=2229 cup=222A int=222B there4=2234 sim=223C cong=2245
  asymp=2248 ne=2260 equiv=2261 le=2264 ge=2265 sub=2282 sup=2283 nsub=2284 sube=2286 supe=2287 oplus=2295 otimes=2297 perp=22A5 sdot=22C5
  lceil=2308 rceil=2309 lfloor=230A rfloor=230B lang=27E8 rang=27E9 loz=25CA spades=2660 clubs=2663 hearts=2665 diams=2666 quot=0022 amp=0026
  lt=003C gt=003E apos=0027 QUOT=0022 AMP=0026 LT=003C GT=003E COPY=00A9 REG=00AE Tab=0009 NewLine=000A excl=0021 num=0023 dollar=0024
  percnt=0025 lpar=0028 rpar=0029 ast=002A plus=002B comma=002C period=002E sol=002F colon=003A semi=003B equals=003D quest=003F commat=0040
  lsqb=005B lbrack=005B bsol=005C rsqb=005D rbrack=005D Hat=005E lowbar=005F grave=0060 lcub=007B lbrace=007B verbar=007C vert=007C rcub=007D
  rbrace=007D NonBreakingSpace=00A0 hyphen=2010 dash=2010 horbar=2015 lsquor=201A ldquor=201E nldr=2025 mldr=2026 numsp=2007 puncsp=2008
  hairsp=200A emsp13=2004 emsp14=2005 check=2713 cross=2717 star=2606 starf=2605 phone=260E female=2640 male=2642 square=25A1 squ=25A1
  squf=25AA blacksquare=25AA utri=25B5 utrif=25B4 dtri=25BF dtrif=25BE rtri=25B9 rtrif=25B8 ltri=25C3 ltrif=25C2 cir=25CB sung=266A flat=266D
  natural=266E sharp=266F numero=2116 copysr=2117 incare=2105 ell=2113 ohm=03A9 frac13=2153 frac23=2154 frac15=2155 frac25=2156 frac18=215B
  frac38=215C frac58=215D frac78=215E half=00BD rarrw=219D nearr=2197 searr=2198 swarr=2199 nwarr=2196 varr=2195 vArr=21D5 map=21A6 bullet=2022
  nbsp=00A0 ZeroWidthSpace=200B NoBreak=2060 shy=00AD middot=00B7 centerdot=00B7 checkmark=2713 bigstar=2605 triangle=25B5`
    .trim()
    .split(/\s+/)

const NAMES: ReadonlyMap<string, string> = new Map([
  ...LATIN_1.map((name, index) => [name, String.fromCodePoint(160 + index)] as const),
  ...OTHERS.map((entry) => {
    const [name = '', code = ''] = entry.split('=')
    return [name, String.fromCodePoint(Number.parseInt(code, 16))] as const
  }),
])

const LEGACY: ReadonlySet<string> = new Set([
  ...LATIN_1,
  ...'quot amp lt gt QUOT AMP LT GT COPY REG'.split(' '),
])
