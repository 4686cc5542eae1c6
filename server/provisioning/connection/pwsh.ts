import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Clock } from '../clock.ts'
import { splat } from '../rest-body.ts'
import { probe } from './capabilities.ts'
import { type CmdletCall, type CmdletResult, type ExchangeConnection, ExchangeError, isRead } from './connection.ts'
import { isNothingToDo, kindOfWords } from './error-kind.ts'
import { propertiesOf } from './properties.ts'

/** What PowerShell is started with beside the command itself. */
const ARGUMENTS = ['-NoLogo', '-NoProfile', '-NonInteractive', '-File']
export const RUNNER = path.join(import.meta.dirname, 'runner.ps1')
/** SHA-256 of the runner: a file that somebody changed is not run. */
const RUNNER_SHA256 = 'a55ed07b36f533ae6e1a5bbff2c33324d19f2aae2e8472318ccbabde09fc2bf6'
const ANSWER_MS = 300_000
const MAX_STDERR = 2_000

export type PwshOptions = {
  /** pwsh, or what runs it elsewhere, such as ssh host pwsh; said by whoever runs Downfield, never by what is stored. */
  command: string[]
  platform: 'exo' | 'onprem'
  clock: Clock
  runner?: string
}

type Running = { child: ChildProcessWithoutNullStreams; answers: AsyncIterator<string>; stderr: string }
type Answer = {
  id?: unknown
  ok?: unknown
  records?: unknown
  warnings?: unknown
  notConnected?: unknown
  error?: { message?: unknown; type?: unknown; fqid?: unknown }
}

/**
 * Exchange by PowerShell, the way that Microsoft supports: one process for as long as it lives, one line for each
 * command and each answer. It signs in by environment variables that whoever runs Downfield sets (see docs/exchange.md).
 */
export function openPwsh({ command, platform, clock, runner = RUNNER }: PwshOptions): ExchangeConnection {
  let running: Running | null = null
  let last: Promise<unknown> = Promise.resolve()
  let count = 0

  const self: ExchangeConnection = {
    kind: 'pwsh',
    platform,
    capabilities: (signal) => probe(self, { documented: true }, signal),
    async invoke(call, signal) {
      const params = splat(call.cmdlet, call.params)
      const mine = last.then(
        () => send(call, params, signal),
        () => send(call, params, signal),
      )
      last = mine
      return await mine
    },
    async close() {
      await last.catch(() => {})
      running?.child.stdin.end()
      running = null
    },
  }
  return self

  async function send(call: CmdletCall, params: Record<string, unknown>, signal?: AbortSignal): Promise<CmdletResult> {
    signal?.throwIfAborted()
    const startedAt = clock.now()
    running ??= start(command, runner)
    const { child, answers } = running
    const id = String(++count)
    const { cmdlet, select = propertiesOf(cmdlet) } = call
    child.stdin.write(`${JSON.stringify({ id, cmdlet, params, select })}\n`)
    const timer = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS)
    try {
      const { value, done } = await answers.next()
      if (done) throw brokenOff(call)
      return resultOf(parsed(value), id, call, clock.now() - startedAt)
    } finally {
      clearTimeout(timer)
    }
  }

  /** The process is gone: nobody knows whether the command was carried out. */
  function brokenOff({ cmdlet }: CmdletCall): ExchangeError {
    const said = running?.stderr.trim().slice(0, MAX_STDERR) ?? ''
    running = null
    return new ExchangeError(
      isRead(cmdlet) ? 'UNREACHABLE' : 'UNCERTAIN',
      `PowerShell ended before it answered.${said ? ` It said: ${said}` : ''}`,
    )
  }

  function resultOf(answer: Answer | undefined, id: string, call: CmdletCall, ms: number): CmdletResult {
    if (!answer || answer.id !== id) {
      running?.child.kill('SIGKILL')
      throw brokenOff(call)
    }
    if (answer.ok === true && Array.isArray(answer.records)) {
      const warnings = Array.isArray(answer.warnings) ? answer.warnings.map(String) : []
      // The cast: the runner writes nothing but hashtables.
      const records = answer.records as Record<string, unknown>[]
      return { records, warnings, unchanged: isNothingToDo(warnings), requestId: null, ms }
    }
    const { message = '', type = '', fqid = '' } = answer.error ?? {}
    const words = `${String(fqid)} ${String(type)} ${String(message)}`
    if (answer.notConnected === true) {
      running?.child.stdin.end()
      running = null
      throw new ExchangeError('UNREACHABLE', `PowerShell could not connect to Exchange. ${String(message)}`)
    }
    const isMissing = /CommandNotFoundException/.test(words)
    throw new ExchangeError(isMissing ? 'RBAC_OR_UNKNOWN_CMDLET' : (kindOfWords(words) ?? 'FAILED'), String(message), {
      type: String(fqid || type),
    })
  }
}

function start([program = 'pwsh', ...more]: string[], runner: string): Running {
  const hash = createHash('sha256').update(readFileSync(runner)).digest('hex')
  if (hash !== RUNNER_SHA256)
    throw new ExchangeError(
      'READ_ONLY',
      'runner.ps1 is not the file that belongs to Downfield. Install it anew; nothing was run.',
    )
  const child = spawn(program, [...more, ...ARGUMENTS, runner], { stdio: ['pipe', 'pipe', 'pipe'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const running: Running = { child, answers, stderr: '' }
  child.stderr.on('data', (chunk: Buffer) => {
    if (running.stderr.length < MAX_STDERR) running.stderr += chunk.toString('utf8')
  })
  child.on('error', (error) => {
    running.stderr += error.message
  })
  // A process that is gone takes nothing more; the answer that does not come says so.
  child.stdin.on('error', () => {})
  return running
}

function parsed(line: string): Answer | undefined {
  try {
    // The cast: every part is looked at where it is used.
    return JSON.parse(line) as Answer
  } catch {
    return undefined
  }
}
