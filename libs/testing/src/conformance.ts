// Runs the official MCP conformance suite as its users do, by its command, and holds what it found against a baseline.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** From what settles a verdict least to what settles it most. */
const severity = ['SKIPPED', 'INFO', 'SUCCESS', 'WARNING', 'FAILURE'] as const

export interface Verdict {
  status: (typeof severity)[number]
  /** What the suite says about it, when it has something to say. */
  message: string | undefined
}

/** Verdicts by `scenario/check`. A check that is made several times has the worst of its verdicts. */
export type Verdicts = ReadonlyMap<string, Verdict>

/** What cannot pass, and why: a sentence, and checks as `scenario/check`, or `scenario/*` for a scenario as a whole. */
export type Baseline = readonly { reason: string; checks: readonly string[] }[]

export interface ConformanceOptions {
  /** Longest time for all scenarios, in milliseconds. */
  deadlineMs: number
  /** Told of each line the suite writes, as it comes. */
  onLine?: (line: string) => void
}

/**
 * Runs the suite with these arguments of its command line.
 * Throws when it is not done in time, or has not done every scenario it announced.
 */
export async function runConformance(given: readonly string[], options: ConformanceOptions): Promise<Verdicts> {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-conformance-'))
  try {
    const lines = await runSuite([...given, '--output-dir', directory], directory, options)
    const announced = Number(lines.map((line) => /^Running .*\((\d+) scenarios\)/.exec(line)?.[1]).find(Boolean))
    const scenarios = lines.flatMap((line) => /^=== Running scenario: (\S+) ===$/.exec(line)?.[1] ?? [])
    if (scenarios.length === 0 || scenarios.length !== announced) {
      throw new Error(`the suite did ${scenarios.length} of ${announced} scenarios:\n${lines.slice(-20).join('\n')}`)
    }
    return await verdictsIn(directory, scenarios)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Where verdicts and baseline differ: what fails without a reason, and reasons for what does not fail. */
export function differences(verdicts: Verdicts, baseline: Baseline): { unexpected: string[]; stale: string[] } {
  const failed = [...verdicts].filter(([, { status }]) => status === 'FAILURE' || status === 'WARNING')
  const excused = baseline.flatMap(({ checks }) => checks)
  const excuses = (entry: string, check: string) =>
    entry === check || (entry.endsWith('/*') && check.startsWith(entry.slice(0, -1)))
  return {
    unexpected: failed
      .filter(([check]) => !excused.some((entry) => excuses(entry, check)))
      .map(([check, { status, message }]) => `${check}: ${status}: ${message ?? 'no message'}`),
    stale: excused.filter((entry) => !failed.some(([check]) => excuses(entry, check))),
  }
}

/** Gives the lines the suite wrote. Its status is not looked at: it is not 0 as soon as anything fails. */
function runSuite(
  given: readonly string[],
  cwd: string,
  { deadlineMs, onLine }: ConformanceOptions,
): Promise<string[]> {
  const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')
  const child = spawn(process.execPath, [join(manifest, '../dist/index.js'), ...given], {
    cwd,
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let rest = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      lines.push(line)
      onLine?.(line)
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000)
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the suite was not done within ${deadlineMs} ms:\n${lines.slice(-20).join('\n')}`))
    }, deadlineMs)
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(timer)
      if (lines.length === 0) reject(new Error(`the suite did not start:\n${errors}`))
      else resolve(lines)
    })
  })
}

async function verdictsIn(directory: string, scenarios: readonly string[]): Promise<Verdicts> {
  const folders = await readdir(directory)
  const verdicts = new Map<string, Verdict>()
  for (const scenario of scenarios) {
    // The folder of a scenario is called for what is tested, for the scenario and for the time.
    const named = new RegExp(`^(authorization-)?server-${scenario}-\\d{4}-\\d{2}-\\d{2}T`)
    const folder = folders.find((one) => named.test(one))
    if (!folder) throw new Error(`the suite has no verdict on ${scenario}`)
    const text = await readFile(join(directory, folder, 'checks.json'), 'utf8')
    for (const { id, status, errorMessage: message } of JSON.parse(text) as (Verdict & {
      id: string
      errorMessage?: string
    })[]) {
      const known = verdicts.get(`${scenario}/${id}`)
      if (known && severity.indexOf(known.status) >= severity.indexOf(status)) continue
      verdicts.set(`${scenario}/${id}`, { status, message })
    }
  }
  return verdicts
}
