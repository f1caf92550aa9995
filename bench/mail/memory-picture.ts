/** Memory of the receiving process over messages, as a picture: a leak is a line that climbs. */
export interface MemoryPoint {
  readonly messages: number
  readonly mebibytes: number
}

const WIDTH = 480
const HEIGHT = 280

export function drawn(points: readonly MemoryPoint[]): string {
  const most = Math.max(...points.map(({ messages }) => messages), 1)
  const top = 100 * Math.ceil(Math.max(...points.map(({ mebibytes }) => mebibytes), 1) / 100)
  const x = (messages: number): string => (70 + (messages / most) * WIDTH).toFixed(1)
  const y = (mebibytes: number): string => (320 - (mebibytes / top) * HEIGHT).toFixed(1)
  const columns = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const messages = Math.round(share * most)
    return `<path d="M${x(messages)} 40V320" stroke="#ccc"/><text x="${x(messages)}" y="338" text-anchor="middle">${messages}</text>`
  })
  const rows = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M70 ${y(share * top)}H550" stroke="#ccc"/><text x="62" y="${y(share * top)}" text-anchor="end" dy="4">${Math.round(share * top)}</text>`,
  )
  const path = points
    .map(({ messages, mebibytes }, at) => `${at === 0 ? 'M' : 'L'}${x(messages)} ${y(mebibytes)}`)
    .join(' ')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="370" font-family="sans-serif" font-size="12"><rect width="600" height="370" fill="white"/>${columns.join('')}${rows.join('')}<text x="270" y="360">messages</text><text x="10" y="24">resident mebibytes of the receiving process</text><path d="${path}" fill="none" stroke="#0017c1" stroke-width="2"/></svg>\n`
}
