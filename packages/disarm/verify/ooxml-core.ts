import { demand } from './rejection.ts'
import { scanXml } from './xml.ts'

const CORE = 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties'
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/'

/** Accepts core properties that hold a title of up to 1,024 characters and nothing else. */
export function verifyCore(bytes: Uint8Array, where: string): void {
  const seen: string[] = []
  let title = ''
  const declared: string[] = []
  scanXml(bytes, where, {
    declare: (prefix, namespace) => void declared.push(`${prefix}=${namespace}`),
    open: ({ namespace, name, attributes }, depth) => {
      demand(attributes.length === 0, 'VERIFY-OOXML-ATTRIBUTE', where)
      seen.push(`${depth} ${namespace} ${name}`)
    },
    text: (text) => void (title += text),
  })
  const expected = [`0 ${CORE} coreProperties`, `1 ${DUBLIN_CORE} title`]
  const prefixes = [`cp=${CORE}`, `dc=${DUBLIN_CORE}`]
  const fair = seen.join() === expected.join() && declared.join() === prefixes.join()
  demand(fair && title !== '' && title.length <= 1024, 'VERIFY-OOXML-ELEMENT', where)
}
