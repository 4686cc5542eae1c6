import { type CmdletName, checkCall, type Delta, type Params } from './registry.ts'

/**
 * What is posted to InvokeCommand for a call: the same parameters as those of the printed command, where a change of
 * single entries is a hashtable of Exchange's own.
 * @throws BadCall where the registry refuses it
 */
export function restBody(cmdlet: CmdletName, params: Params) {
  const entries = checkCall(cmdlet, params).map(({ name, kind, value }): [string, unknown] => {
    if (kind !== 'delta') return [name, value]
    // The cast: checkCall has seen that it is one.
    return [name, { '@odata.type': '#Exchange.GenericHashTable', ...(value as Delta) }]
  })
  return { CmdletInput: { CmdletName: cmdlet, Parameters: Object.fromEntries(entries) } }
}
