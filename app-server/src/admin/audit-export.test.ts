// Files that are what they say: whole or visibly not, and harmless in a spreadsheet.
import { describe, expect, test } from '@jest/globals'
import type { AuditRecord } from '../audit/audit-trail.js'
import { exportText, toCell, toJson } from './audit-export.js'

function recordOf(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: '019a1fa4-6b2f-775f-8c88-fb05f9696f00',
    at: new Date('2026-11-20T08:00:00.123Z'),
    kind: 'call',
    action: 'call',
    outcome: 'ok',
    reason: null,
    actorId: null,
    clientId: null,
    grantId: null,
    targetType: null,
    targetId: null,
    tool: 'booking.create',
    arguments: { note: 'a "b", c' },
    details: {},
    durationMs: 5,
    requestId: null,
    address: null,
    ...changes,
  }
}

async function textOf(...[format, batches, limits]: Parameters<typeof exportText>): Promise<string> {
  let text = ''
  for await (const part of exportText(format, batches, limits)) text += part
  return text
}

async function* batchesOf(...sizes: number[]): AsyncGenerator<AuditRecord[]> {
  for (const size of sizes) yield Array.from({ length: size }, () => recordOf())
}

describe('a cell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1+cmd|x', "'-1+cmd|x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=a,b', `"'=a,b"`],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ])('that would run as a formula does not: %j', (value, cell) => {
    expect(toCell(value)).toBe(cell)
  })

  test.each([
    ['plain', 'plain'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\nlines', '"two\nlines"'],
    [-5, '-5'],
    [null, ''],
    [{ a: [1] }, '"{""a"":[1]}"'],
  ])('holds %j', (value, cell) => {
    expect(toCell(value)).toBe(cell)
  })
})

describe('a file', () => {
  test('of JSON is one array of all entries, over all batches', async () => {
    expect(JSON.parse(await textOf('json', batchesOf(2, 1)))).toEqual(
      Array(3).fill(JSON.parse(JSON.stringify(toJson(recordOf())))),
    )
    expect(JSON.parse(await textOf('json', batchesOf()))).toEqual([])
  })

  test('of CSV has one line for each entry and one for the names', async () => {
    const lines = (await textOf('csv', batchesOf(2, 1))).split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^\ufeffid,at,kind,/)
    expect(lines[1]).toBe(lines[3])
    expect(lines[1]).toContain('"{""note"":""a \\""b\\"", c""}"')
    expect(lines[4]).toBe('')
  })

  test('that would be too large ends early and says from where to go on', async () => {
    const limits = { entries: 3, ms: 60_000 }
    const json = JSON.parse(await textOf('json', batchesOf(2, 2, 2), limits))
    expect(json).toHaveLength(4)
    expect(json[3].cut).toContain('2026-11-20T08:00:00.123Z')
    expect((await textOf('csv', batchesOf(2, 2), limits)).split('\r\n').at(-2)).toContain('Not everything')
    expect(JSON.parse(await textOf('json', batchesOf(2, 1), limits))).toHaveLength(3)
    expect(JSON.parse(await textOf('json', batchesOf(3, 1), limits))).toHaveLength(4)
  })

  test('that takes too long ends early and says so', async () => {
    const json = JSON.parse(await textOf('json', batchesOf(1, 1, 1), { entries: 100, ms: 0 }))
    expect(json).toHaveLength(2)
    expect(json[1].cut).toContain('Not everything')
  })

  test('whose reading breaks has no proper end', async () => {
    async function* broken() {
      yield [recordOf()]
      throw new Error('the database is gone')
    }
    let text = ''
    const reading = async () => {
      for await (const part of exportText('json', broken())) text += part
    }
    await expect(reading()).rejects.toThrow('the database is gone')
    expect(() => JSON.parse(text)).toThrow()
  })
})
