import { TOOLS } from '../family.ts'
import type { BoxFile } from './box.ts'
import { canBox, findTool, runInBox } from './box.ts'

/** What other programs can do for us here. */
export interface Toolbox {
  /** Tools of `TOOLS` that exist on this machine. */
  has(tool: string): boolean
  /** What the tool makes of the bytes; `null` when it could not. Never rejects because of the bytes. */
  run(tool: string, bytes: Uint8Array): Promise<Uint8Array | null>
}

/**
 * The converter and the renderer: LibreOffice and poppler, each in a box of its own that sees one file and dies after it. Without the box there
 * are no tools: such programs are large, written in C++ and meet a file that an attacker wrote.
 */
export function systemToolbox(): Toolbox {
  const boxed = canBox()
  return {
    has: (tool) => boxed && TOOLS.includes(tool) && findTool(programOf(tool)) !== undefined,
    run: async (tool, bytes) => (await runInBox(taskOf(tool, bytes))) ?? null,
  }
}

function programOf(tool: string): string {
  if (tool.startsWith('office:') || tool.startsWith('paper:')) return 'soffice'
  if (tool === 'words' || tool === 'text') return 'pdftotext'
  if (tool === 'fonts') return 'pdffonts'
  return tool === 'glyphs' ? 'fc-list' : 'pdftoppm'
}

const MEBIBYTE = 1024 * 1024
/** A field that shows the file's name shows this. */
const NAME = '文書'

function taskOf(tool: string, bytes: Uint8Array): Parameters<typeof runInBox>[0] {
  const [kind = '', type = ''] = tool.split(':')
  const input: BoxFile = { path: `/tmp/${NAME}.${type === '' ? 'pdf' : type}`, bytes }
  const [script, milliseconds, outputMebibytes] = SCRIPTS[kind]?.(type) ?? ['false', 1000, 1]
  return {
    script,
    files: kind === 'office' || kind === 'paper' ? [input, PROFILE] : [input],
    milliseconds,
    outputBytes: outputMebibytes * MEBIBYTE,
  }
}

type Script = readonly [script: string, milliseconds: number, outputMebibytes: number]

/** Pages that are drawn at most: one more than may be, so that it is seen. A page of A4 at 150 dpi is 6.5 MB of pixels. */
const DRAWN_PAGES = 101

const SCRIPTS: Readonly<Record<string, (type: string) => Script>> = {
  office: (type) => [convert(type, OFFICE[type] ?? ''), 120_000, 256],
  paper: (type) => [convert(type, 'pdf'), 120_000, 256],
  pages: () => [`exec pdftoppm -q -r 150 -l ${DRAWN_PAGES} /tmp/${NAME}.pdf`, 120_000, 900],
  thumbs: () => [`exec pdftoppm -q -r 40 -l 20 /tmp/${NAME}.pdf`, 60_000, 64],
  text: () => [`exec pdftotext -q -enc UTF-8 /tmp/${NAME}.pdf -`, 60_000, 128],
  words: () => [`exec pdftotext -q -tsv -l ${DRAWN_PAGES} /tmp/${NAME}.pdf -`, 60_000, 64],
  fonts: () => [`exec pdffonts /tmp/${NAME}.pdf`, 30_000, 4],
  glyphs: () => ["exec fc-list -f '%{charset}\\n'", 30_000, 16],
}

/** Old forms and the filter that writes the new one. */
const OFFICE: Readonly<Record<string, string>> = {
  doc: 'docx:MS Word 2007 XML',
  xls: 'xlsx:Calc MS Excel 2007 XML',
  ppt: 'pptx:Impress MS PowerPoint 2007 XML',
  xlsb: 'xlsx:Calc MS Excel 2007 XML',
}

function convert(type: string, filter: string): string {
  const extension = filter.split(':')[0] ?? ''
  return [
    'soffice -env:UserInstallation=file:///tmp/lo --headless --norestore --nolockcheck --nodefault',
    `--convert-to '${filter}' --outdir /tmp/out /tmp/${NAME}.${type} >/dev/null 2>&1;`,
    `exec cat /tmp/out/${NAME}.${extension}`,
  ].join(' ')
}

/** LibreOffice's own settings: no macro runs, no link is followed, nothing is asked, nothing is downloaded. */
const PROFILE: BoxFile = {
  path: '/tmp/lo/user/registrymodifications.xcu',
  bytes: new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
${[
  ['Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'],
  ['Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['Office.Common/Security/Scripting', 'DisableActiveContent', 'true'],
  ['Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  ['Office.Common/Misc', 'FirstRun', 'false'],
  ['Office.Common/Misc', 'UseLocking', 'false'],
  ['Office.Writer/Content/Update', 'Link', '0'],
  ['Office.Calc/Content/Update', 'Link', '2'],
  ['Office.Calc/Formula/Load', 'OOXMLRecalcMode', '1'],
  ['Office.Calc/Formula/Load', 'ODFRecalcMode', '1'],
]
  .map(
    ([path, name, value]) =>
      `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  )
  .join('\n')}
</oor:items>
`,
  ),
}
