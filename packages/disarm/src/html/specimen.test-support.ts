import { disarmBytes } from '../engine.ts'
import type { Profile } from '../profile.ts'
import { verifyClean } from '../../verify/index.ts'
import { placeholderPng } from '../image/index.ts'

/** For tests only: pages as municipal sites, Word and newsletters write them, and what attackers put into them. */

export const PICTURE = Buffer.from(placeholderPng(3, 2)).toString('base64')

export function municipalPage(charset: string): string {
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html lang="ja">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=${charset}">
<title>住民票の写しの請求｜霞町</title>
<meta name="generator" content="ホームページ・ビルダー">
<link rel="stylesheet" href="/css/common.css" type="text/css">
<script type="text/javascript" src="/js/jquery.js"></script>
<style type="text/css"><!--
@import url("/css/print.css");
body { font-family: "ＭＳ Ｐゴシック", "Osaka", sans-serif; background: #FFF url(/img/bg.gif) repeat-x }
.midashi { color: #003366; border-bottom: 1px solid #036; font-size: 1.20em; }
--></style>
</head>
<body bgcolor="#FFFFFF" onload="init()">
<noscript>このサイトでは JavaScript を使用しています。</noscript>
<div id="header"><a href="/"><img src="/img/logo.gif" alt="霞町役場" width="200" height="60" border="0"></a>
<form action="/search" method="get"><input type="text" name="q" value=""><input type="submit" value="検索"></form></div>
<h2 class="midashi">住民票の写しの請求</h2>
<p>窓口に<strong>本人確認書類</strong>をお持ちください。<br>手数料は1通 300円です。
<table border="1" cellspacing="0" cellpadding="4" width="100%">
<caption>受付時間</caption>
<tr><th nowrap>窓口<th>時間
<tr><td>町民課<td>8:30 ～ 17:15
<tr><td colspan=2>土・日・祝日は休み（㈱・①・Ⅱも可）
</table>
<ul><li>郵送の場合<ul><li>請求書<li>返信用封筒</ul><li>代理人の場合</ul>
<dl><dt>問合せ<dd>町民課 <a href="mailto:chomin@town.kasumi.lg.jp">chomin@town.kasumi.lg.jp</a><dd>電話 <a href="tel:0312345678">03-1234-5678</a></dl>
<p><ruby>霞<rp>（</rp><rt>かすみ</rt><rp>）</rp>町<rp>（</rp><rt>まち</rt><rp>）</rp></ruby></p>
<pre>
  様式第1号
    氏名：　　　　</pre>
<a href="https://www.soumu.go.jp/">総務省</a> &copy; 2026 霞町 &amp; 町民課
</body>
</html>
`
}

/** As Word saves a page: conditional comments, VML, mso properties, the o: namespace. */
export const WORD_PAGE = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<link rel=File-List href="test.files/filelist.xml">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- @font-face {font-family:"ＭＳ 明朝"; panose-1:2 2 6 9;} p.MsoNormal, li.MsoNormal {mso-style-parent:"";
margin:0mm; text-align:justify; font-size:10.5pt; font-family:"\\FF2D\\FF33 \\660E\\671D",serif; mso-fareast-language:JA}
@page Section1 {size:595.3pt 841.9pt; margin:99.25pt} div.Section1 {page:Section1;} --></style></head>
<body lang=JA style='tab-interval:42.0pt;text-justify-trim:punctuation'><div class=Section1 style='layout-grid:18.0pt'>
<p class=MsoNormal align=center style='text-align:center'><b><span style='font-size:14.0pt;font-family:"ＭＳ ゴシック"'>起案書<o:p></o:p></span></b></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<![if !vml]><img width=3 height=2 src="data:image/png;base64,${PICTURE}" v:shapes="_x0000_s1026"><![endif]>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none;mso-border-alt:solid windowtext .5pt'>
<tr style='height:18.0pt'><td width=115 valign=top style='width:86.45pt;border:solid windowtext 1.0pt;padding:0mm 5.4pt'><p class=MsoNormal>氏名</p></td></tr></table>
</div></body></html>`

export interface PageOutcome {
  readonly reason: string | undefined
  readonly html: string
  /** Between `<body …>` and `</body>`. */
  readonly body: string
  readonly removed: readonly string[]
  readonly kept: readonly string[]
}

/** Disarms a page, and holds the result against the verifier and against a second disarming. */
export function disarmPage(
  page: string | Uint8Array,
  profile: Partial<Profile> = {},
  extension = 'html',
): PageOutcome {
  const { report, output } = disarmBytes(Buffer.from(page as string), extension, { profile })
  const html = output ? Buffer.from(output).toString() : ''
  if (output) {
    const verdict = verifyClean(output, 'html')
    if (!verdict.clean) throw new Error(`${verdict.reason} ${verdict.where}\n${html}`)
    const again = disarmBytes(output, 'html', { profile })
    if (
      Buffer.compare(again.output ?? Buffer.of(), output) !== 0 ||
      again.report.removed.length > 0
    )
      throw new Error(`not its own rebuild\n${html}`)
  }
  return {
    reason: report.reason,
    html,
    body: /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? '',
    removed: report.removed.map(({ rule }) => rule),
    kept: report.kept.map(({ rule }) => rule),
  }
}
