/**
 * What a check can find, and the sentence for each.
 */

/** Reason ids. The same id is shown on screen, in `--json` and in the tests. */
export const REASONS = {
  'no-log': 'ここには証跡がありません。フォルダーを確かめてください。',
  'key-invalid': '検証鍵を読み取れません。もらった鍵をそのまま使ってください。',
  'key-differs': 'フォルダーの鍵が、指定した鍵と違います。',
  'checkpoint-signature': 'チェックポイントの署名が、鍵と合いません。',
  'checkpoint-not-last': 'チェックポイントが、履歴の最後と違います。',
  'history-altered': 'チェックポイントの履歴が書き換えられています。',
  'rolled-back': '前に確かめたときより記録が減っています。',
  forked: '前に確かめたときと違う記録になっています。',
  'entry-altered': '記録が書き換えられています。',
  'entry-moved': '記録が抜かれたか、入れ替えられたか、足されています。',
  'entry-missing': '記録が足りません。',
  'entry-added': 'チェックポイントより後ろに記録が足されています。',
  'tile-altered': 'ハッシュのファイルが書き換えられています。',
  'file-missing': 'あるはずのファイルがありません。',
  'file-added': 'あるはずのないファイルがあります。',
  'file-kind': 'ファイルの種類か大きさが正しくありません。',
  'proof-form': '証明書の形が正しくありません。',
  'proof-wrong': '証明書の記録は、署名された記録と合いません。',
} as const

export type Reason = keyof typeof REASONS
