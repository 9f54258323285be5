// The log file of a program keeps the last starts and no more.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LogFile } from './log-file.js'
import { readable } from './program.js'

let scratch
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sekisho-log-'))
})
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

describe('a log file', () => {
  test('begins anew at each start and keeps three older ones', async () => {
    const path = join(scratch, 'program.log')
    for (const start of [1, 2, 3, 4, 5]) {
      const log = new LogFile(path)
      log.write(`start ${start}`)
      log.close()
    }
    expect((await readdir(scratch)).sort()).toEqual(['program.log', 'program.log.1', 'program.log.2', 'program.log.3'])
    expect(await readFile(path, 'utf8')).toBe('start 5\n')
    expect(await readFile(`${path}.3`, 'utf8')).toBe('start 2\n')
  })

  test('never grows past its limit', async () => {
    const path = join(scratch, 'full.log')
    const log = new LogFile(path, 100)
    for (let line = 0; line < 50; line += 1) log.write('ten bytes')
    log.close()
    const written = await Promise.all(
      (await readdir(scratch)).filter((name) => name.startsWith('full')).map((name) => readFile(join(scratch, name))),
    )
    expect(written).toHaveLength(4)
    for (const file of written) expect(file.length).toBeLessThanOrEqual(110)
  })
})

describe('on the terminal', () => {
  test('a warning is one readable line, and news for the log file only is none', () => {
    expect(readable('app-server', '{"level":"info","msg":"all is well"}')).toBeUndefined()
    expect(
      readable(
        'app-server',
        '{"level":"error","time":"2026-01-01T12:34:56.789Z","service":"app-server","requestId":"r1","err":{"message":"disk full","stack":"x"},"msg":"not saved"}',
      ),
    ).toBe('12:34:56 app-server error: not saved (disk full) requestId=r1')
  })

  test('what is no structured line is shown as it is', () => {
    expect(readable('mcp-router', 'Segmentation fault')).toBe('mcp-router: Segmentation fault')
    expect(readable('mcp-router', '{not json')).toBe('mcp-router: {not json')
    expect(readable('mcp-router', '{"level":"warn"}')).toBe('mcp-router warn:')
  })
})
