// Tests of what pages say: every catalogue is whole, every call fits its message, and no page says anything past `t`.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { IntlMessageFormat } from 'intl-messageformat'
import ts from 'typescript'

const source = new URL('../../', import.meta.url).pathname
const catalogueFiles = globSync('**/*.ja.ts', { cwd: source })
const sourceFiles = globSync('**/*.{ts,tsx}', { cwd: source }).filter((file) => !/(\.ja|\.test)\.tsx?$/.test(file))

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** What a message wants to be given: its arguments and its tags, each once. */
function wantedBy(message: string): string[] {
  const namesIn = (elements: readonly Element[]): string[] =>
    elements.flatMap((element) => {
      if ('children' in element) return [`<${element.value}>`, ...namesIn(element.children)]
      if ('options' in element) {
        return [element.value, ...Object.values(element.options).flatMap(({ value }) => namesIn(value))]
      }
      // Literals and the # of a plural want nothing; all others have the name of an argument.
      return 'value' in element && element.type !== 0 ? [element.value] : []
    })
  return [...new Set(namesIn(new IntlMessageFormat(message, 'en').getAst()))].sort()
}

/** By its letters, or by its brackets and full-width signs. */
const isJapanese = (text: string) =>
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(text)

const catalogues = new Map<string, Record<string, string>>()
beforeAll(async () => {
  for (const file of catalogueFiles) {
    const { ja } = (await import(join(source, file))) as { ja: Record<string, string> }
    catalogues.set(file, ja)
  }
})

describe.each(catalogueFiles)('%s', (file) => {
  const messages = () => Object.entries(catalogues.get(file) ?? {})

  test('is well formed in both languages, and wants the same in both', () => {
    expect(messages().length).toBeGreaterThan(0)
    for (const [english, japanese] of messages()) {
      expect([english, wantedBy(japanese)]).toEqual([english, wantedBy(english)])
    }
  })

  test('is Japanese on the one side and is not on the other', () => {
    expect(messages().filter(([english]) => isJapanese(english))).toEqual([])
    // Names and code alone may be the same in both.
    const lettersOf = (text: string) => text.replaceAll(/\{\w+\}|\P{L}/gu, '').toLowerCase()
    const untranslated = messages().filter(([english, japanese]) => lettersOf(english) !== lettersOf(japanese))
    expect(untranslated.filter(([, japanese]) => !isJapanese(japanese))).toEqual([])
  })

  test('has no space at an end that a sentence would be glued by', () => {
    expect(
      messages()
        .flat()
        .filter((text) => text !== text.trim()),
    ).toEqual([])
  })
})

/** What English says by one word and Japanese does not. */
const homonyms = new Set(['Connected', 'Allowed', 'Go on'])

test('no two rooms say the same differently', () => {
  const said = new Map<string, string>()
  const differing: string[] = []
  for (const [english, japanese] of [...catalogues.values()].flatMap(Object.entries) as [string, string][]) {
    const before = said.get(english) ?? japanese
    if (before !== japanese && !homonyms.has(english)) differing.push(`${english}: ${before} / ${japanese}`)
    said.set(english, before)
  }
  expect(differing).toEqual([])
})

describe('the sources', () => {
  const parsed = new Map<string, ts.SourceFile>()
  beforeAll(() => {
    for (const file of sourceFiles) {
      parsed.set(
        file,
        ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest, true),
      )
    }
  })

  function* nodesIn(node: ts.Node): Generator<ts.Node> {
    yield node
    for (const child of node.getChildren()) yield* nodesIn(child)
  }

  const placeOf = (node: ts.Node) => {
    const file = node.getSourceFile()
    return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
  }

  test('give each message what it wants', () => {
    const faults: string[] = []
    let calls = 0
    for (const node of [...parsed.values()].flatMap((file) => [...nodesIn(file)])) {
      if (!ts.isCallExpression(node) || !/^t(\.rich)?$/.test(node.expression.getText())) continue
      const [message, values] = node.arguments
      if (!message || !ts.isStringLiteralLike(message) || (values && !ts.isObjectLiteralExpression(values))) continue
      if (values?.properties.some(ts.isSpreadAssignment)) continue
      calls++
      const given = (values?.properties ?? []).map((property) => property.name?.getText() ?? '').sort()
      const wanted = wantedBy(message.text)
        .map((name) => name.replace(/^<(.*)>$/, '$1'))
        .sort()
      if (given.join() !== wanted.join()) faults.push(`${placeOf(node)} gives ${given}, and it wants ${wanted}`)
    }
    expect(calls).toBeGreaterThan(400)
    expect(faults).toEqual([])
  })

  test('use every message of their catalogue', () => {
    const literals = (file: ts.SourceFile) =>
      [...nodesIn(file)].filter((node) => ts.isStringLiteralLike(node)).map(({ text }) => text)
    const contracts = readFileSync(new URL('../../../../libs/contracts/src/problem.ts', import.meta.url), 'utf8')
    const titles = literals(ts.createSourceFile('problem.ts', contracts, ts.ScriptTarget.Latest, true))
    for (const [file, messages] of catalogues) {
      // Those of providers are held against the providers themselves (provider-rules.test.ts).
      if (file.startsWith('providers/')) continue
      const [room = ''] = dirname(file).split('/')
      const own = [...parsed].filter(([name]) => room === '.' || name.startsWith(`${room}/`))
      const said = new Set([...titles, ...own.flatMap(([, parsedFile]) => literals(parsedFile))])
      // A word may also be that of a part of the program, as a status is.
      const unused = Object.keys(messages).filter((message) => !said.has(message))
      expect([file, unused]).toEqual([file, []])
    }
  })

  /** Names of other software and of its buttons and settings, our own, and units. */
  const names = new Set([
    'Sekisho',
    '· Sekisho',
    'Claude Code',
    'VS Code',
    'Cursor',
    'Gemini CLI',
    'ChatGPT',
    'MCP Inspector',
    'UTC',
    'ms',
    'Authenticate',
    'Apps',
    'Create app',
    'Streamable HTTP',
    'Connect',
    'Idempotency-Key',
    '/mcp',
    '/mcp auth',
  ])
  /** Attributes and members that carry what people read. */
  const spoken =
    /^(title|label|hint|lead|caption|placeholder|alt|aria-label|eyebrow|question|confirm|error|term|detail|words|aside|button)$/

  /** The texts an expression can come to, without what is done by calls. */
  function* textsOf(node: ts.Node): Generator<ts.Node & { text: string }> {
    if (ts.isStringLiteralLike(node)) yield node
    else if (ts.isTemplateExpression(node)) {
      const text = [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join(' ')
      yield Object.assign(node, { text })
    } else if (ts.isConditionalExpression(node)) {
      yield* textsOf(node.whenTrue)
      yield* textsOf(node.whenFalse)
    } else if (ts.isBinaryExpression(node) && /^(\?\?|\|\||&&|\+)$/.test(node.operatorToken.getText())) {
      yield* textsOf(node.left)
      yield* textsOf(node.right)
    } else if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node)) {
      if (node.expression) yield* textsOf(node.expression)
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) yield* textsOf(node.body)
  }

  function* spokenIn(node: ts.Node): Generator<ts.Node & { text: string }> {
    if (ts.isJsxText(node)) yield node
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) yield* textsOf(node)
    else if (ts.isJsxAttribute(node) && spoken.test(node.name.getText()) && node.initializer) {
      yield* textsOf(node.initializer)
    } else if (ts.isPropertyAssignment(node) && spoken.test(node.name.getText())) yield* textsOf(node.initializer)
  }

  test('of pages say nothing past `t`', () => {
    const known = new Set([...catalogues.values()].flatMap((messages) => Object.keys(messages)))
    const isConstant = (node: ts.Node): boolean =>
      ts.isAsExpression(node) ? node.type.getText() === 'const' : node.parent !== undefined && isConstant(node.parent)
    const faults: string[] = []
    const pages = [...parsed].filter(([file]) => /\.tsx$|\.controller\.ts$/.test(file))
    expect(pages.length).toBeGreaterThan(40)
    for (const node of pages.flatMap(([, file]) => [...nodesIn(file)])) {
      for (const text of spokenIn(node)) {
        const words = text.text.trim()
        if (!/\p{L}/u.test(words) || names.has(words)) continue
        // Tables of messages, which are said where they are used.
        if (isConstant(text) && known.has(text.text)) continue
        faults.push(`${placeOf(text)} ${words}`)
      }
    }
    expect(faults).toEqual([])
  })
})
