import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { LAPTOP, PHONE, ZOOMED } from './boundary.ts'

/** Nothing for axe to say, and no sideways scrolling on a phone, at 200 % and on the town's laptop. */
export async function expectFit(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  for (const size of [PHONE, ZOOMED, LAPTOP]) {
    await page.setViewportSize(size)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect([size.width, Math.max(0, wide)]).toEqual([size.width, 0])
  }
}
