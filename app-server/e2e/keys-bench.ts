// What the tests of key rotation share: the command as it is shipped, run on a test's own database.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sealedColumns } from '../src/sealed-columns.js'

const command = fileURLToPath(new URL('../dist/rotate-keys.js', import.meta.url))
const deadlineMs = 60_000

export interface RotationRun {
  process: ChildProcess
  /** What it has said so far, on both streams. */
  output(): string
  /** Its exit status; null when a signal ended it. */
  ended: Promise<number | null>
}

/** Starts `rotate-keys` as an operator's shell would, with nothing in its environment but `env`. */
export function startRotation(options: string[], env: Record<string, string>): RotationRun {
  const child = spawn(process.execPath, [command, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve(code)
    })
  })
  return { process: child, output: () => output, ended }
}

/** Runs it to its end. */
export async function rotate(
  options: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const run = startRotation(options, env)
  return { code: await run.ended, output: run.output() }
}

/** The ids of the keys that anything in the database is sealed by. */
export async function keyIdsInUse(sql: <Row>(text: string) => Promise<Row[]>): Promise<string[]> {
  const ids = await Promise.all(
    sealedColumns.map(({ table, column }) =>
      sql<{ id: string }>(
        `SELECT DISTINCT encode(substring(${column} FROM 2 FOR 8), 'hex') AS id FROM ${table} WHERE ${column} IS NOT NULL`,
      ),
    ),
  )
  return [...new Set(ids.flat().map(({ id }) => id))]
}
