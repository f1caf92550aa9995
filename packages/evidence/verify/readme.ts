/**
 * README.txt of every exported folder. It is part of what is checked: whoever hands over an altered log must not be
 * able to tell the auditor to check it another way. Never change it without keeping the older text accepted too.
 */
export const README_TEXT = `関所（Sekisho）証跡の写し
==========================

このフォルダーには、関所の証跡（いつ、だれが、何を通したか）が入っています。
あとから書き換える、抜く、並べ替える、足す、のどれをしても、確かめれば分かります。

確かめ方
--------
1. 関所を入れたパソコンで、次のように打ちます。サーバーもデータベースも要りません。

     npx sekisho evidence verify このフォルダー

2. 「鍵」は、このフォルダーの key ではなく、別の道（紙、電話、前回の監査の控え）で
   受け取ったものと見比べてください。key まで作り直された写しは、そうしないと分かりません。

3. 前回の監査で控えた checkpoint があれば、それも渡してください。
   後ろの記録がまるごと消されていないことまで分かります。

中身
----
  checkpoint      記録の件数と全体のハッシュに、署名したもの
  checkpoints     これまでに署名したもの全部（古い順）
  key             署名を確かめる鍵
  tile/entries/   記録そのもの
  tile/0/ …       ハッシュの木

形式は公開されているものです。関所がなくても、同じ形式を読めるほかの道具で確かめられます。
  C2SP tlog-tiles, tlog-checkpoint, signed-note / RFC 6962
`

/** Every text that ever was a README.txt of an export. */
export const README_TEXTS: readonly string[] = [README_TEXT]
