import { describe, expect, test } from 'vitest'
import { cutPower, killHard } from '../scripts/power-cut.ts'
import { disksImpossible } from '../scripts/power-cut/disk.ts'

const impossible = disksImpossible()
const reason = impossible === undefined ? '' : ` (skipped: ${impossible})`

/** How often the plug is pulled on each. `node scripts/power-cut.ts --rounds 50` for longer. */
const ROUNDS = [1, 2]

describe.skipIf(impossible !== undefined)(`a power cut at a random instant${reason}`, () => {
  describe.each(['store', 'blobs', 'vault', 'evidence'] as const)('the %s', (name) => {
    test.each(ROUNDS)('keeps everything it acknowledged, round %i', async () => {
      const { promised, broken } = await cutPower(name)
      expect(broken).toEqual([])
      expect(promised).toBeGreaterThan(0)
    })
  })

  test('is noticed: a writer that does not sync loses what it acknowledged', async () => {
    const { broken } = await cutPower('careless')
    expect(broken.length).toBeGreaterThan(0)
  })
})

describe('kill -9 at a random instant', () => {
  test.each(['store', 'blobs', 'vault', 'evidence'] as const)(
    'the %s keeps everything it acknowledged',
    async (name) => {
      const { promised, broken } = await killHard(name)
      expect(broken).toEqual([])
      expect(promised).toBeGreaterThan(0)
    },
  )
})
