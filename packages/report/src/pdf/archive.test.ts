import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding } from '@sekisho/core'
import { afterAll, describe, expect, it } from 'vitest'
import { planned, subject } from '../roadmap/roadmap.test-support.ts'
import { findingsPdf, roadmapPdf } from './document.ts'
import { FONT_PLACES, openFont } from './font.ts'
import { Sheet } from './sheet.ts'
import { xmpOf } from './xmp.ts'

/** Apache PDFBox Preflight, an implementation of ISO 19005-1 that shares no code with what made the file. */
const JARS = [
  'preflight',
  'pdfbox2',
  'fontbox2',
  'xmpbox',
  'commons-logging',
  'javax.activation',
  'jaxb-api',
].map((name) => `/usr/share/java/${name}.jar`)
const CI = process.env['CI'] === 'true'
const fonts = FONT_PLACES.filter(({ path }) => existsSync(path))
const validator =
  JARS.every((jar) => existsSync(jar)) && spawnSync('java', ['-version']).error === undefined
const why = validator
  ? ''
  : ' (skipped: no java, or not libpdfbox2-java, libactivation-java and libjaxb-api-java)'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const HOSTILE = '葛\u{E0102}城</rdf:li>&町'
const finding: Finding = {
  rule: 'ZN-06',
  clause: '第3編 第2章 3',
  edition: 'R8.3',
  verified: false,
  severity: 'required',
  effect: 'refuse',
  message: '葛\u{E0102}城と葛城、𠮷田、髙橋、﨑の通信に期限がありません。',
  cure: { sentence: '期限を書いてください。', who: 'it-officer' },
}

async function font({ path, face } = fonts[0]!) {
  const opened = await openFont({ bytes: readFileSync(path), ...(face !== undefined && { face }) })
  if (!opened.ok) throw new Error(opened.problem)
  return opened.font
}

/** What the validator says: '' for a file that conforms. */
function complaints(bytes: Uint8Array): string {
  const file = join(folder, 'made.pdf')
  writeFileSync(file, bytes)
  const call = ['-cp', JARS.join(':'), 'org.apache.pdfbox.preflight.Validator_A1b', file]
  const { stdout, stderr } = spawnSync('java', call, { encoding: 'utf8' })
  return stdout.trim() === 'The file made.pdf is a valid PDF/A-1b file' ? '' : stdout + stderr
}

describe.skipIf(fonts.length === 0 && !CI)('a file for the archive', () => {
  it('names PDF/A-1b and its colours, embeds every font, and can do nothing', async () => {
    const bytes = await findingsPdf([finding], { ...subject, town: HOSTILE }, await font())
    const text = Buffer.from(bytes).toString('latin1')
    expect(text.startsWith('%PDF-1.4')).toBe(true)
    expect(text.match(/<pdfaid:.*?>/gu)).toEqual(['<pdfaid:part>', '<pdfaid:conformance>'])
    expect(text.match(/\/S \/GTS_PDFA1\b/gu)).toHaveLength(1)
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
    expect(count(/\/Type \/FontDescriptor\b/gu)).toBeGreaterThan(0)
    expect(count(/\/FontFile[23] \d/gu)).toBe(count(/\/Type \/FontDescriptor\b/gu))
    expect(count(/\/CIDSet \d/gu)).toBe(count(/\/Type \/FontDescriptor\b/gu))
    expect(text).not.toMatch(/\/(?:Encrypt|OpenAction|AA|JavaScript|EmbeddedFiles?|Launch|URI)\b/u)
  })
})

it('a town cannot end an element of the metadata and claim another standard', () => {
  const claim = '</rdf:li><pdfaid:part>3</pdfaid:part>'
  const xml = xmpOf({ title: claim, subject: '&', tool: 'Sekisho', made: new Date(0) }).getXML()
  expect(xml.match(/<pdfaid:part>/gu)).toHaveLength(1)
  expect(xml).toContain('&lt;/rdf:li&gt;&lt;pdfaid:part&gt;3')
  expect(xml).toContain('<xmp:CreateDate>1970-01-01T00:00:00Z</xmp:CreateDate>')
})

describe.skipIf((!validator || fonts.length === 0) && !CI)(`PDF/A-1b${why}`, () => {
  /** One with the outlines of TrueType, one with those of PostScript. */
  const kinds = ['ttf', 'ttc'].flatMap(
    (kind) => fonts.find(({ path }) => path.endsWith(kind)) ?? [],
  )
  it.each(kinds)('findings with $path', async (place) => {
    const bytes = await findingsPdf([finding], { ...subject, town: HOSTILE }, await font(place))
    expect(complaints(bytes)).toBe('')
  })

  it('a roadmap', async () => {
    expect(complaints(await roadmapPdf(planned(), subject, await font()))).toBe('')
  })

  it('a table of more rows than an array of PDF 1.4 has places', async () => {
    const options = { title: '表', made: new Date(0), subject: '' }
    const sheet = await Sheet.open(await font(), options)
    sheet.chapter('表')
    sheet.table(
      [{ head: '行', part: 1 }],
      Array.from({ length: 8_200 }, () => ['']),
      2,
    )
    expect(complaints(await sheet.close('表', () => ''))).toBe('')
  })

  it('is not what the validator says of any file', async () => {
    const bytes = Buffer.from(await findingsPdf([finding], subject, await font()))
    const other = Buffer.from(bytes.toString('latin1').replace('GTS_PDFA1', 'GTS_PDFX1'), 'latin1')
    expect(complaints(other)).not.toBe('')
  })
})
