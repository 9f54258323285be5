// A production set-up with secrets that are none: the process as shipped lists every fault and does not start.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

function start(env: Record<string, string>): Promise<{ code: number | null; errors: string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...env }, timeout: 20_000 })
    let errors = ''
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, errors, output }))
  })
}

const words = (text: string) => Buffer.from(text.padEnd(32, text).slice(0, 32)).toString('base64')

test.each([
  ['empty', ''],
  ['short', Buffer.from('short').toString('base64')],
  ['all zeros', Buffer.alloc(32).toString('base64')],
  ['one letter', words('x')],
  ['words', words('change-me-before-you-deploy-this')],
])(
  'with a sealing key that is %s, and other faults, all are listed and nothing listens',
  async (_what, key) => {
    const { code, errors, output } = await start({
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://sekisho:postgres@database.example/sekisho',
      SEALING_KEY: key,
      DEV_SIGN_IN: 'true',
      PUBLIC_URL: 'http://sekisho.example',
      MCP_URL: 'https://sekisho.example/mcp',
      GOOGLE_CLIENT_ID: 'x.apps.example',
      GOOGLE_CLIENT_SECRET: 'secret',
    })
    expect(code).toBe(78)
    for (const name of ['SEALING_KEY', 'DATABASE_URL', 'DEV_SIGN_IN', 'PUBLIC_URL', 'GOOGLE_CLIENT_SECRET']) {
      expect(errors).toContain(`${name}: `)
    }
    expect(output).not.toContain('ready')
    // What is wrong is said without saying it.
    if (key !== '') expect(errors).not.toContain(key)
    expect(errors).not.toContain('postgres@')
  },
  30_000,
)
