import type { CmdletFailure } from './cmdlet-error.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const TIME = /^\d{4}-\d\d-\d\dT/

/** A row as InvokeCommand writes it: beside each value that is no plain text stands its type. */
export function wireRow(row: Record<string, unknown>, select: string[] | null): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (select && !select.includes(name)) continue
    if (Array.isArray(value)) out[`${name}@odata.type`] = '#Collection(String)'
    else if (typeof value === 'string' && GUID.test(value)) {
      out[`${name}@data.type`] = 'System.Guid'
      out[`${name}@odata.type`] = '#Guid'
    } else if (typeof value === 'string' && TIME.test(value)) out[`${name}@data.type`] = 'System.DateTime'
    out[name] = value
  }
  return out
}

/** An error as it comes: what matters is in `details`, between bars. */
export function wireError({ type, message }: Pick<CmdletFailure, 'type' | 'message'>) {
  return {
    error: {
      code: 'BadRequest',
      message: 'Error executing cmdlet',
      details: [{ code: 'Context', target: '', message: `Ex6F9304|${type}|${message}` }],
      innererror: {
        message: 'Error executing cmdlet',
        type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
        stacktrace: '',
        internalexception: {
          message:
            "Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.",
          type: 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException',
          stacktrace: '',
        },
      },
    },
  }
}
