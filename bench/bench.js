// `npm run bench`: what the checkpoint costs, measured beside the limit of any two-process design in the same run.
// Options: --quick, --chat, --only <target>, --at <concurrency>, --json <file>, --profile <directory>.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from '../scripts/build.js'
import { requireNewNode } from '../scripts/node24.js'
import { busyMs, cpuMsOf, residentMbOf, startChild } from './child.js'
import { callOf, eras, readPlan } from './plan.js'
import { othersShareOf, summaryOf, tableOf, verdictsOf } from './report.js'

await requireNewNode(import.meta.url)
const plan = readPlan(process.argv.slice(2))
const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '')
if (!plan.skipBuild && !(await compile(root))) {
  console.error('The build has faults (above); nothing was measured.')
  process.exit(1)
}
const { startMeasuredStack } = await import('./stack.js')
const { startTargets } = await import('./targets.js')
const { chatTable, measureChat, startPretendedModel } = await import('./chat.js')

/** @typedef {import('./targets.js').Target} Target */
/** @typedef {import('./report.js').Slot} Slot */

const directory = await mkdtemp(join(tmpdir(), 'sekisho-bench-'))
const startedAt = Date.now()
const { gemini, env } = await startPretendedModel()
const stack = await startMeasuredStack(directory, plan.profile, env)
/** @type {Awaited<ReturnType<typeof startTargets>> | undefined} */
let started
const load = await startChild('load.js')
try {
  const [bearer = ''] = stack.bearers
  const chat = await measureChat({ ...stack, bearer, gemini, turns: plan.chatTurns })
  console.log(`${chatTable(chat)}\n`)
  if (!plan.chatOnly) await measureCalls(chat)
} finally {
  started?.stop()
  if (load.connected) load.disconnect()
  await stack.stop()
  await gemini.close()
  await rm(directory, { recursive: true, force: true })
}
process.exit()

/**
 * Asks all targets, turn and turn about, and prints what came of it.
 * @param {Awaited<ReturnType<typeof measureChat>>} chat
 */
async function measureCalls(chat) {
  started = await startTargets(stack, await oneAnswer())
  const targets = started.targets.filter(
    ({ name }) => plan.only.length === 0 || name === 'relay' || plan.only.includes(name),
  )
  for (const target of targets) for (const era of eras) await ask(target, era, 16, plan.warmUpMs / 2, 50)
  const auditedBefore = await stack.auditCount()
  /** @type {Slot[]} */
  const slots = []
  for (let round = 0; round < plan.rounds; round++) {
    for (const concurrency of plan.concurrencies) {
      for (const era of eras) {
        // Turn and turn about, each round from another beginning: what else the machine does meets all alike.
        for (let at = 0; at < targets.length; at++) {
          const target = /** @type {Target} */ (targets[(at + round) % targets.length])
          slots.push({ target: target.name, era, concurrency, ...(await measure(target, era, concurrency)) })
        }
      }
    }
  }
  const audited = (await stack.auditCount()) - auditedBefore
  const summary = summaryOf(slots)
  const result = {
    machine: { processors: (await import('node:os')).availableParallelism(), node: process.version },
    seconds: Math.round((Date.now() - startedAt) / 1000),
    rounds: plan.rounds,
    audited,
    summary,
    chat,
  }
  console.log(tableOf(summary, targets))
  console.log(verdictsOf(summary).join('\n'))
  const others = othersShareOf(slots, result.machine.processors)
  if (others > 0.1) {
    console.log(
      `\nOther programs took ${Math.round(others * 100)} % of the processors meanwhile. Times and calls a second then say little, ` +
        'least of all for what has several processes in a row; look at the processor time, or measure again at rest.',
    )
  }
  console.log(`\n${audited} audit entries were written meanwhile; ${result.seconds} s in all.`)
  if (plan.json) await writeFile(plan.json, `${JSON.stringify(result, null, 2)}\n`)
  if (slots.some(({ faultCount }) => faultCount > 0)) process.exitCode = 1
}

/** What the stack answers to the measured call, for the other servers to answer as well. */
async function oneAnswer() {
  const { headers, body } = callOf('legacy', stack.productId)
  const response = await fetch(`http://localhost:${stack.routerPort}/mcp`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${stack.bearers[0]}` },
    body: body.replace('{id}', '1'),
  })
  const { result } = /** @type {{ result?: { structuredContent?: object } }} */ (await response.json())
  if (!result?.structuredContent) throw new Error(`product.get answered ${response.status}`)
  return result
}

/**
 * @param {Target} target
 * @param {import('./plan.js').Era} era
 * @param {number} concurrency
 * @param {number} measureMs
 * @param {number} leadInMs
 * @returns {Promise<import('./load.js').LoadReport & { cpu: Record<string, number>, othersMs: number }>} with processor time
 *   by process, and of all programs that have no part in it
 */
async function ask(target, era, concurrency, measureMs, leadInMs) {
  const call = callOf(era, stack.productId)
  const order = {
    port: target.port,
    path: target.path,
    host: target.host,
    headers: { ...call.headers, ...target.headers(era) },
    body: call.body,
    bearers: target.bearers,
    expected: `"id":"${stack.productId}"`,
    concurrency,
    leadInMs,
    measureMs,
  }
  const pids = Object.entries(target.processes)
  const cpuNow = () => pids.map(([part, pid]) => cpuMsOf(pid, part === 'postgres'))
  let before = cpuNow()
  let busyBefore = busyMs()
  const report = await new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the load generator ended by itself'))
    const hear = (/** @type {{ counting?: true, report?: import('./load.js').LoadReport }} */ message) => {
      if (message.counting) {
        before = cpuNow()
        busyBefore = busyMs()
      }
      if (!message.report) return
      load.off('message', hear).off('exit', ended)
      resolve(message.report)
    }
    load.on('message', hear).on('exit', ended)
    load.send(order)
  })
  const after = cpuNow()
  const cpu = Object.fromEntries(pids.map(([part], at) => [part, (after[at] ?? 0) - (before[at] ?? 0)]))
  const ours = Object.values(cpu).reduce((sum, ms) => sum + ms, report.cpuMs)
  return { ...report, cpu, othersMs: Math.max(0, busyMs() - busyBefore - ours) }
}

/**
 * @param {Target} target
 * @param {import('./plan.js').Era} era
 * @param {number} concurrency
 */
async function measure(target, era, concurrency) {
  const report = await ask(target, era, concurrency, plan.slotMs, plan.leadInMs)
  for (const fault of report.faults) console.error(`${target.name}, ${era}, ${concurrency}: ${fault}`)
  const rssMb = Object.fromEntries(
    Object.entries(target.processes).flatMap(([part, pid]) => (part === 'postgres' ? [] : [[part, residentMbOf(pid)]])),
  )
  return { ...report, rssMb }
}
