/** Bodies of objects by number; the first must be the catalog. */
export type Bodies = Readonly<Record<number, string | Uint8Array>>

const PAGE =
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R >>'

/** A small valid file: catalog 1, page tree 2, page 3, content 4; `bodies` replace or add objects. */
export function buildPdf(bodies: Bodies = {}, trailer = ''): Uint8Array {
  const all: Record<number, string | Uint8Array> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: PAGE,
    4: streamBody('0 0 9 9 re f'),
    ...bodies,
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets = new Map<number, number>()
  let length = 9
  for (const [number, body] of Object.entries(all)) {
    const part = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`),
      Buffer.from(body as string, 'latin1'),
      Buffer.from('\nendobj\n'),
    ])
    offsets.set(Number(number), length)
    parts.push(part)
    length += part.length
  }
  const size = Math.max(...offsets.keys()) + 1
  const lines = Array.from({ length: size }, (_, n) => {
    const offset = offsets.get(n)
    return offset === undefined
      ? '0000000000 65535 f \n'
      : `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const tail = `xref\n0 ${size}\n${lines.join('')}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(tail, 'latin1')])
}

export function streamBody(data: string | Uint8Array, keys = ''): Uint8Array {
  const bytes = Buffer.from(data as string, 'latin1')
  return Buffer.concat([
    Buffer.from(`<< ${keys} /Length ${bytes.length} >>\nstream\n`, 'latin1'),
    bytes,
    Buffer.from('\nendstream'),
  ])
}

/** A page that shows one image object with these keys and data. */
export function buildImagePage(data: Uint8Array, keys: string, more: Bodies = {}): Uint8Array {
  return buildPdf({
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>',
    4: streamBody('/I Do'),
    5: streamBody(data, `/Type /XObject /Subtype /Image ${keys}`),
    ...more,
  })
}
