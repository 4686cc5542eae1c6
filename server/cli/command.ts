import type { Readable } from 'node:stream'

/** What a command talks to; tests give their own. */
export type Terminal = {
  /** Where passwords are typed or piped in. */
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }
  /** What was asked for, and nothing else, so that another program can read it. */
  out(text: string): void
  /** Everything else: progress, questions, errors. */
  err(text: string): void
  /** Whether what goes to `err` is seen by a person at once: then a line of progress may be written over. */
  isTTY: boolean
  env: Record<string, string | undefined>
}

/** An option as `node:util` parseArgs takes it, with the words of the help. */
export type Option = {
  type: 'string' | 'boolean'
  multiple?: boolean
  /** What stands for the value in the help: "--name NAME". */
  value?: string
  help: string
}

/** What the options of a command become once read. */
export type Values<Options extends Record<string, Option>> = {
  [Name in keyof Options]?: Options[Name]['type'] extends 'boolean'
    ? boolean
    : Options[Name]['multiple'] extends true
      ? string[]
      : string
}

export type Spec<Options extends Record<string, Option>> = {
  /** The arguments as the help writes them: "FILE…". */
  usage?: string
  /** More lines for the help of the command alone. */
  about?: string
  options?: Options
  /** How many arguments it takes, at least and at most. */
  takes?: [least: number, most: number]
  /** @returns the exit status, 0 where nothing is returned */
  run(terminal: Terminal, args: string[], values: Values<Options>): Promise<number | undefined>
}

/** A command whose options are not known by name, as the list of commands holds it. */
export type Command = Omit<Spec<Record<string, Option>>, 'run'> & {
  run(terminal: Terminal, args: string[], values: Record<string, unknown>): Promise<number | undefined>
}

/** Defines a command; the types of its options follow from how they are written. */
export function command<const Options extends Record<string, Option> = Record<never, Option>>(
  spec: Spec<Options>,
): Command {
  // The cast: parseArgs has read the values by these very options.
  return { ...spec, run: (terminal, args, values) => spec.run(terminal, args, values as Values<Options>) }
}

/** What was typed can't be understood; the message says what to type instead. */
export class BadUsage extends Error {
  override name = 'BadUsage'
}
