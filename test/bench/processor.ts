import { readFileSync } from 'node:fs'

// What Linux tells of processes; the numbers of the fields are those of proc_pid_stat(5).

/** Linux counts in hundredths of a second, on every machine that people have (sysconf(_SC_CLK_TCK)). */
const MS_A_TICK = 10

/** The processor time that a process with all its threads has used, in ms. */
export function processorMsOf(pid: number): number {
  return sumOfFields(pid, 14, 15) * MS_A_TICK
}

/** What those children of this process have used that have ended. */
export function processorMsOfEnded(): number {
  return sumOfFields('self', 16, 17) * MS_A_TICK
}

/** The most memory (RSS) that a process ever had, in MB. */
export function peakMbOf(pid: number): number {
  const [, kB] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kB) / 1024
}

function sumOfFields(pid: number | 'self', ...numbers: number[]): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the name, which may have spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return numbers.reduce((sum, number) => sum + Number(fields[number - 3]), 0)
}
