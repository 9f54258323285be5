// Tests of the assets: named by content, found by that name alone.
import { expect, test } from '@jest/globals'
import { Assets } from './assets.js'

test('an asset is served under a name that changes with its content, and under no other', () => {
  const assets = new Assets()
  const path = assets.path('sekisho.css')
  expect(path).toMatch(/^\/assets\/sekisho\.[0-9a-f]{12}\.css$/)
  expect(assets.find(path.slice('/assets/'.length))?.contentType).toBe('text/css; charset=utf-8')
  for (const name of ['sekisho.css', 'sekisho.000000000000.css', '../package.json', '..%2Fpackage.json', '']) {
    expect(assets.find(name)).toBeUndefined()
  }
})
