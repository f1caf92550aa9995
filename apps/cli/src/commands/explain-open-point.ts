/**
 * What `sekisho explain` writes about open points.
 */
import type { OpenPoint } from '@sekisho/guideline'
import { OPEN_POINT_KINDS } from '@sekisho/report'

/** Every open point, one per line. */
export function listOpenPoints(points: readonly OpenPoint[]): string {
  const lines = points.map(({ id, title, question }) => `  ${id.padEnd(3)}  ${title}　${question}`)
  return `解釈が分かれている論点は、次のとおりです。\n\n${lines.join('\n')}\n\n例：sekisho explain ${points[0]?.id ?? ''}\n`
}

/** One open point, with every reading and where it acts. */
export function explainOpenPoint(point: OpenPoint): string {
  const { id, title, question, kind, looked, acts, lives } = point
  return [
    `${id}　${title}`,
    '',
    `  ${question}`,
    '',
    ...point.readings.flatMap((reading) => [
      `  「${reading.short}」（${reading.id}）${reading.id === point.default ? '　※初めの読み方' : ''}`,
      `    ${reading.text}`,
      `    こう読むと　${reading.changes}`,
      ...(reading.lenient
        ? ['    初めの読み方よりゆるいので、決めた人と文書が要ります。照合済みにはなりません。']
        : []),
      ...(reading.from === undefined ? [] : [`    ${reading.from} 版から選べます。`]),
      `    出所　　　　${reading.source}`,
    ]),
    '',
    `  決まり方　${OPEN_POINT_KINDS[kind]}`,
    ...acting('問い', acts.questions),
    ...acting('規則', acts.rules),
    ...acting('事実', acts.facts),
    ...lives.map(({ path, name, about }) => `  場所　　　${about}（${path} の ${name}）`),
    `  見た日　　${looked}`,
    '',
  ].join('\n')
}

const acting = (label: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`  効く${label}　${names.join('、')}`]
