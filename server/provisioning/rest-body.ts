import { type CmdletName, checkCall, type Delta, type Params } from './registry.ts'

/**
 * What is posted to InvokeCommand for a call: the same parameters as those of the printed command, where a change of
 * single entries is a hashtable of Exchange's own.
 * @throws BadCall where the registry refuses it
 */
export function restBody(cmdlet: CmdletName, params: Params) {
  const entries = checkCall(cmdlet, params).map(({ name, kind, value }): [string, unknown] => {
    // The casts: checkCall has seen what they are.
    if (kind === 'delta') return [name, { ...HASHTABLE, ...(value as Delta) }]
    if (kind === 'hashtable') return [name, { ...HASHTABLE, ...attribute(value as string[]) }]
    return [name, value]
  })
  return { CmdletInput: { CmdletName: cmdlet, Parameters: Object.fromEntries(entries) } }
}

const HASHTABLE = { '@odata.type': '#Exchange.GenericHashTable' }

/** An attribute of the directory and its value, which the registry holds by turns. */
const attribute = ([name = '', value = '']: string[]) => ({ [name]: value })

/** The same parameters as a hashtable to splat in PowerShell. */
export function splat(cmdlet: CmdletName, params: Params): Record<string, unknown> {
  const entries = checkCall(cmdlet, params).map(({ name, kind, value }): [string, unknown] => {
    // The casts: checkCall has seen what they are.
    if (kind === 'hashtable') return [name, attribute(value as string[])]
    if (kind !== 'delta') return [name, value]
    const { add, remove } = value as Delta
    return [name, { ...(add ? { Add: add } : {}), ...(remove ? { Remove: remove } : {}) }]
  })
  return Object.fromEntries(entries)
}
