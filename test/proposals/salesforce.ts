/** An export of Salesforce as its report of opportunities gives it, made up, with lines that nobody could import. */
const STAGES: [name: string, percent: number][] = [
  ['Prospecting', 10],
  ['Qualification', 10],
  ['Needs Analysis', 20],
  ['Proposal/Price Quote', 75],
  ['Negotiation/Review', 90],
  ['Closed Won', 100],
  ['Closed Lost', 0],
]
const HEAD =
  'Opportunity ID,Opportunity Name,Account Name,Stage,Probability (%),Amount,Amount Currency,Close Date,Created Date,Opportunity Owner,Next Step,Lead Source'

/** What is wrong with a broken line: how it gets so, and the column that is to be named. */
const FAULTS: [column: string, make: (cells: string[]) => string[]][] = [
  ['Opportunity Name', (cells) => cells.with(1, '')],
  ['Amount', (cells) => cells.with(5, 'a lot')],
  ['Close Date', (cells) => cells.with(7, '13/32/2026')],
  ['Amount Currency', (cells) => cells.with(6, 'Taler')],
  ['Probability (%)', (cells) => cells.with(4, '140')],
  ['Created Date', (cells) => cells.with(8, 'some day')],
  ['Stage', (cells) => cells.with(3, '')],
  ['', (cells) => cells.slice(0, -2)],
]

/** @returns the file, the lines that are broken with the column at fault, and the sum of the other amounts in cents */
export function salesforceCsv(rows: number, broken: number, owner = 'Ben Okafor') {
  const lines = [HEAD]
  const faults = new Map<number, string>()
  let sumMinor = 0
  const every = Math.floor(rows / (broken + 1))
  for (let i = 0; i < rows; i++) {
    const [stage, percent] = STAGES[i % STAGES.length]!
    const isOpen = percent > 0 && percent < 100
    const month = (i % 9) + 1
    const year = isOpen ? 2027 : 2026
    const minor = 100_000 + i * 137
    const cells = [
      `006${String(i).padStart(12, '0')}`,
      `"Fleet ""${i}"", phase ${i % 4}"`,
      `"Port ${i % 500}, Inc."`,
      stage,
      String(percent),
      `"${Math.floor(minor / 100).toLocaleString('en-US')}.${String(minor % 100).padStart(2, '0')}"`,
      i % 3 === 0 ? 'EUR' : 'USD',
      `${month}/${(i % 28) + 1}/${year}`,
      `${month}/${(i % 28) + 1}/2025`,
      owner,
      i % 5 === 0 ? '=Call them' : '',
      'Web',
    ]
    const fault = i % every === every - 1 && faults.size < broken ? FAULTS[faults.size % FAULTS.length] : undefined
    // The first line has the names.
    if (fault) faults.set(i + 2, fault[0])
    else sumMinor += minor
    lines.push((fault ? fault[1](cells) : cells).join(','))
  }
  return { text: `${lines.join('\r\n')}\r\n`, faults, sumMinor }
}
