import { BadUsage, type Terminal } from './command.ts'

const MAX_CHARACTERS = 10_000
const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACE = ['\b', '\u007f']

/**
 * The secrets that a command needs, in their order. Piped in with --password-stdin they are lines; on a terminal each
 * is asked for and nothing of it is shown. They are never arguments: those can be seen by everybody on the machine.
 */
export async function askSecrets(terminal: Terminal, questions: string[], fromStdin: boolean): Promise<string[]> {
  const { stdin } = terminal
  if (fromStdin) {
    const lines = (await readAll(stdin)).split(/\r?\n/)
    if (!lines[0]) throw new BadUsage('Nothing came in on stdin. Pipe the password in, as one line.')
    return lines.filter((line, i) => line !== '' && i < questions.length)
  }
  if (!stdin.isTTY || !stdin.setRawMode) {
    throw new BadUsage('There is no terminal to ask for the password. Pipe it in with --password-stdin.')
  }
  const secrets: string[] = []
  for (const question of questions) secrets.push(await askHidden(terminal, question))
  return secrets
}

async function readAll(stdin: Terminal['stdin']): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += chunk
    if (text.length > MAX_CHARACTERS) throw new BadUsage('That is too long for a password.')
  }
  return text
}

/** Reads a line from the terminal without showing it. */
async function askHidden({ stdin, err }: Terminal, question: string): Promise<string> {
  err(`${question}: `)
  stdin.setRawMode?.(true)
  stdin.resume()
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = ''
      const onData = (chunk: Buffer | string) => {
        for (const key of String(chunk)) {
          if (ENTER.test(key) || key === CTRL_D || key === CTRL_C) {
            stdin.off('data', onData)
            if (key === CTRL_C) reject(new BadUsage('Stopped. Nothing was changed.'))
            else resolve(typed)
            return
          }
          if (BACKSPACE.includes(key)) typed = [...typed].slice(0, -1).join('')
          else if (key >= ' ' && typed.length < MAX_CHARACTERS) typed += key
        }
      }
      stdin.on('data', onData)
    })
  } finally {
    stdin.setRawMode?.(false)
    stdin.pause()
    err('\n')
  }
}
