import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import type { Case } from '../src/ooxml/synthetic.test-support.ts'
import { packageOf } from '../src/ooxml/synthetic.test-support.ts'
import { zip } from './canonical.test-support.ts'
import { verifyClean } from './index.ts'
import { partsOf } from './office.test-support.ts'

const CORPUS = join(import.meta.dirname, '../../../corpus/disarm/ooxml')
const written = (name: string): Buffer => {
  const one = JSON.parse(readFileSync(join(CORPUS, `${name}.json`), 'utf8')) as Case
  return Buffer.from(disarmBytes(packageOf(one), 'xlsx').output!)
}
/** The book with one text of its VML part changed. */
function changed(book: Buffer, change: (vml: string) => string): Buffer {
  const parts = [...partsOf(book)].map(([name, bytes]) => {
    const text = Buffer.from(bytes).toString()
    return [name, name.endsWith('.vml') ? change(text) : Buffer.from(bytes)] as const
  })
  return zip(parts)
}

describe('the drawn shapes of a sheet', () => {
  const controls = written('OX-VML-controls')
  const notes = written('X-comments')
  const headers = written('OX-VML-header-picture')

  it('are accepted as the disarmer draws them', () => {
    for (const book of [controls, notes, headers])
      expect(verifyClean(book, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
  })

  it.each<readonly [string, Buffer, string, string]>([
    ['a macro of a control', controls, '</x:Anchor>', '</x:Anchor><x:FmlaMacro>a</x:FmlaMacro>'],
    ['an event', controls, 'o:insetmode="auto"', 'o:insetmode="auto" onclick="a()"'],
    ['a link of a shape', controls, '<v:shape id', '<v:shape href="http://a.example/" id'],
    ['another book', controls, '$A$1', '[1]A!$A$1'],
    ['a call', controls, '$A$1', 'CALL("a")'],
    ['a control of another maker', controls, '"Checkbox"', '"Pict"'],
    ['a dialog', controls, '"Checkbox"', '"Dialog"'],
    ['a script in a caption', controls, '<font face', '<script/><font face'],
    ['a style in the name of a font', controls, 'face="MS UI', 'face="MS;UI'],
    ['an address as the name of a font', controls, 'face="MS UI', 'face="//a.example'],
    ['a picture', controls, '</v:shape>', '<v:imagedata src="http://a.example/"/></v:shape>'],
    ['an expression', controls, 'position:absolute', 'width:expression(a())'],
    ['a note on another cell', notes, '<x:Row>1</x:Row>', '<x:Row>2</x:Row>'],
    ['a note without comment', notes, '</xml>', '<v:shape/></xml>'],
    ['a place that is none', notes, '2, 15, 0', '2, 15, -1'],
    ['a picture from the web', headers, 'o:title=""', 'o:title="" src="http://a.example/"'],
    ['a picture that is none of the part', headers, 'o:relid="rId1"', 'o:relid="rId2"'],
    ['a second shape in one place', headers, '</xml>', '<v:shape id="LH"/></xml>'],
  ])('with %s are not', (_, book, from, to) => {
    const other = changed(book, (vml) => vml.replace(from, to))
    expect(other.equals(book)).toBe(false)
    expect(verifyClean(other, 'xlsx')).toMatchObject({ clean: false })
  })

  it('come out the same when they are accepted with one letter changed', () => {
    const letters = fc.constantFrom(...'0123456789 "<>/=;:,.-xtfTrueFalse$A葛')
    fc.assert(
      fc.property(
        fc.constantFrom(controls, notes, headers),
        fc.nat(),
        letters,
        (book, place, letter) => {
          const other = changed(book, (vml) => {
            const at = place % vml.length
            return vml.slice(0, at) + letter + vml.slice(at + 1)
          })
          if (!verifyClean(other, 'xlsx').clean) return
          const { output, report } = disarmBytes(other, 'xlsx')
          expect(report.removed).toEqual([])
          expect(Buffer.from(output!).equals(other)).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })
})
