/**
 * What `sekisho classes migrate` writes.
 */
import { visible } from '@sekisho/report'
import type { Migration } from './classes.ts'

/** `open`: something is still to be decided. `moved`: somebody else changed the file meanwhile. */
export interface MigrationReport {
  readonly file: string
  readonly migrations: readonly Migration[]
  readonly outcome: 'open' | 'shown' | 'applied' | 'moved'
}

const ENDING: Readonly<Record<MigrationReport['outcome'], string>> = {
  open: '決まっていないものがあるので、何も書いていません。',
  shown: 'まだ書いていません。書くには --apply を付けてください。',
  applied: '宣言に書きました。',
  moved: '宣言がほかで書き換えられたため、書きませんでした。もう一度お試しください。',
}

/** The lines that change, as a diff, and what is still open. */
export function migrationText({ file, migrations, outcome }: MigrationReport): string {
  if (migrations.length === 0) return `${file}　直す分類はありません。\n`
  const open = migrations.filter(({ to }) => to === undefined)
  const help =
    '答えのひな形：sekisho classes migrate --template > ANSWERS.json（書き入れて --answers で渡します）'
  return [
    ...migrations.flatMap(migrationLines),
    `${file}　分類${migrations.length}件のうち${migrations.length - open.length}件が決まりました。`,
    ...(open.length === 0 ? [] : [help]),
    ENDING[outcome],
    '',
  ].join('\n')
}

function migrationLines({ asset, to, by, found }: Migration): readonly string[] {
  const { mismatch, line } = asset
  const head = `@@ ${line}行目　「${visible(asset.name)}」`
  const candidates = mismatch.candidates.join('、')
  if (to !== undefined)
    return [head, `- class: ${mismatch.label}`, `+ class: ${to}　（${WHY[by] ?? ''}）`, '']
  const outside =
    found === undefined
      ? []
      : [`  問いの答えは${found}で、対応するものの外です。人が決めてください。`]
  return [head, `  class: ${mismatch.label}　対応するもの：${candidates}`, ...outside, '']
}

const WHY: Readonly<Partial<Record<Migration['by'], string>>> = {
  one: '対応は1つだけです',
  asked: '問い classify の答えです',
}

export function migrationJson({ file, migrations, outcome }: MigrationReport): string {
  const rows = migrations.map(({ asset, ...rest }) => ({
    id: asset.id,
    path: asset.path,
    line: asset.line,
    from: asset.mismatch.label,
    candidates: asset.mismatch.candidates,
    ...rest,
  }))
  return `${JSON.stringify({ sekisho: '1', kind: 'ClassMigration', file, outcome, migrations: rows })}\n`
}
