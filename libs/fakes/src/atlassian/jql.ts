// The query language of Jira as far as the fake speaks it: read into a tree, with the faults Jira finds.
import { bad } from './jira-fault.js'

export type JqlValue = { text: string; quoted: boolean } | { call: string; given: readonly string[] }

export interface JqlClause {
  kind: 'clause'
  field: string
  operator: string
  values: readonly JqlValue[]
}

export type JqlTree = { kind: 'and' | 'or'; parts: readonly JqlTree[] } | { kind: 'not'; part: JqlTree } | JqlClause

export interface JqlQuery {
  where: JqlTree | undefined
  order: readonly { field: string; descending: boolean }[]
}

interface Token {
  kind: 'word' | 'quoted' | 'sign'
  text: string
  at: number
}

const signs = /(?:!=|!~|>=|<=|&&|\|\||[=~<>(),!])/y
const words = /[^\s=!~<>(),"'&|]+/y
const operators = ['=', '!=', '~', '!~', '>', '>=', '<', '<=', 'in', 'not in', 'is', 'is not']
const validOperators =
  "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
/** Signs that a value must be quoted for. */
const reserved = /[+.;?|*/%^$#@[\]{}\\`:]/
const dates = /^-?\d+[wdhm]$|^\d{4}[-/]\d{1,2}[-/]\d{1,2}$/

/** Throws JiraFault 400 in Jira's words. */
export function parseJql(jql: string): JqlQuery {
  return new Parser(tokensOf(jql)).query()
}

function fault(message: string, at: number) {
  return bad(`Error in the JQL Query: ${message} (line 1, character ${at + 1})`)
}

function tokensOf(jql: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < jql.length; ) {
    const sign = jql[at] as string
    if (/\s/.test(sign)) {
      at++
      continue
    }
    if (sign === '"' || sign === "'") {
      const { text, end } = quotedAt(jql, at)
      tokens.push({ kind: 'quoted', text, at })
      at = end
      continue
    }
    signs.lastIndex = words.lastIndex = at
    const found = signs.exec(jql)?.[0]
    const word = found ?? words.exec(jql)?.[0]
    if (word === undefined) throw fault(`The character '${sign}' is a reserved JQL character.`, at)
    tokens.push({ kind: found ? 'sign' : 'word', text: word, at })
    at += word.length
  }
  return tokens
}

function quotedAt(jql: string, start: number): { text: string; end: number } {
  const mark = jql[start]
  let text = ''
  for (let at = start + 1; at < jql.length; at++) {
    const sign = jql[at] as string
    if (sign === mark) return { text, end: at + 1 }
    if (sign !== '\\') {
      text += sign
      continue
    }
    const escaped = jql[++at] ?? ''
    const code = escaped === 'u' ? /^[0-9a-f]{4}/i.exec(jql.slice(at + 1))?.[0] : undefined
    if (code !== undefined) {
      text += String.fromCharCode(Number.parseInt(code, 16))
      at += 4
      continue
    }
    const plain = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\', ' ': ' ' }[escaped]
    if (plain === undefined) {
      throw fault(
        `'\\${escaped}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX.`,
        at - 1,
      )
    }
    text += plain
  }
  throw fault('The quoted string has not been completed.', start)
}

class Parser {
  private next = 0
  constructor(private readonly tokens: readonly Token[]) {}

  query(): JqlQuery {
    const where = this.tokens.length === 0 || this.isWord('order') ? undefined : this.either()
    const order: { field: string; descending: boolean }[] = []
    if (this.takeWord('order')) {
      if (!this.takeWord('by')) throw this.unexpected("Expecting 'by'")
      do {
        const field = this.take('Expecting a field name').text
        const descending = this.takeWord('desc')
        if (!descending) this.takeWord('asc')
        order.push({ field, descending })
      } while (this.takeSign(','))
    }
    if (this.next < this.tokens.length) throw this.unexpected("Expecting either 'OR' or 'AND'")
    return { where, order }
  }

  private either(): JqlTree {
    const parts = [this.both()]
    while (this.takeWord('or') || this.takeSign('||')) parts.push(this.both())
    return parts.length === 1 ? (parts[0] as JqlTree) : { kind: 'or', parts }
  }

  private both(): JqlTree {
    const parts = [this.single()]
    while (this.takeWord('and') || this.takeSign('&&')) parts.push(this.single())
    return parts.length === 1 ? (parts[0] as JqlTree) : { kind: 'and', parts }
  }

  private single(): JqlTree {
    if (this.takeWord('not') || this.takeSign('!')) return { kind: 'not', part: this.single() }
    if (this.takeSign('(')) {
      const inner = this.either()
      if (!this.takeSign(')')) throw this.unexpected("Expecting ')'")
      return inner
    }
    return this.clause()
  }

  private clause(): JqlClause {
    const { text: field } = this.take('Expecting a field name')
    const operator = this.operator()
    if (operator === 'in' || operator === 'not in') {
      if (!this.takeSign('(')) {
        const only = this.value()
        return { kind: 'clause', field, operator, values: [only] }
      }
      const values = [this.value()]
      while (this.takeSign(',')) values.push(this.value())
      if (!this.takeSign(')')) throw this.unexpected("Expecting ')'")
      return { kind: 'clause', field, operator, values }
    }
    return { kind: 'clause', field, operator, values: [this.value()] }
  }

  private operator(): string {
    const token = this.tokens[this.next]
    let text = token?.text.toLowerCase() ?? ''
    if (token?.kind === 'quoted' || !token) text = ''
    this.next++
    if (text === 'not' && this.takeWord('in')) return 'not in'
    if (text === 'is' && this.takeWord('not')) return 'is not'
    if (operators.includes(text)) return text
    this.next--
    throw this.unexpected('Expecting operator', ` ${validOperators}`)
  }

  private value(): JqlValue {
    const token = this.take('Expecting either a value, list or function')
    if (token.kind === 'quoted') return { text: token.text, quoted: true }
    if (this.takeSign('(')) {
      const given: string[] = []
      while (!this.takeSign(')')) {
        given.push(this.take("Expecting ')'").text)
        this.takeSign(',')
      }
      return { call: token.text.toLowerCase(), given }
    }
    const sign = dates.test(token.text) ? undefined : reserved.exec(token.text)?.[0]
    if (sign !== undefined) {
      throw fault(
        `The character '${sign}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u00${sign.charCodeAt(0).toString(16)}' instead.`,
        token.at,
      )
    }
    return { text: token.text, quoted: false }
  }

  private take(expecting: string): Token {
    const token = this.tokens[this.next]
    if (!token || token.kind === 'sign') throw this.unexpected(expecting)
    this.next++
    return token
  }

  private isWord(word: string): boolean {
    const token = this.tokens[this.next]
    return token?.kind === 'word' && token.text.toLowerCase() === word
  }

  private takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.next++
    return true
  }

  private takeSign(sign: string): boolean {
    const token = this.tokens[this.next]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.next++
    return true
  }

  private unexpected(expecting: string, after = ''): Error {
    const token = this.tokens[this.next]
    if (!token) {
      const end = this.tokens.at(-1)
      return fault(`${expecting} before the end of the query.${after}`, end ? end.at + end.text.length : 0)
    }
    return fault(`${expecting} but got '${token.text}'.${after}`, token.at)
  }
}
