/** How a cmdlet fails: the type of its exception and its words, as they come over the wire. */
export class CmdletFailure extends Error {
  override name = 'CmdletFailure'
  readonly type: string
  readonly status: number
  constructor(type: string, message: string, status = 400) {
    super(message)
    this.type = type
    this.status = status
  }
}

const TASKS = 'Microsoft.Exchange.Configuration.Tasks'

export const notFound = (name: string) =>
  new CmdletFailure(
    `${TASKS}.ManagementObjectNotFoundException`,
    `The operation couldn't be performed because object '${name}' couldn't be found on 'DM6PR01A005DC02.NAMPR01A005.PROD.OUTLOOK.COM'.`,
    404,
  )

/** The words where a user of a permission is not there. */
export const wasNotFound = (name: string) =>
  new CmdletFailure(
    `${TASKS}.ManagementObjectNotFoundException`,
    `"${name}" wasn't found. Please make sure you've typed it correctly.`,
    404,
  )

export const ambiguous = (name: string) =>
  new CmdletFailure(
    `${TASKS}.ManagementObjectAmbiguousException`,
    `The operation couldn't be performed because '${name}' matches multiple entries.`,
  )

export const addressInUse = (address: string, owner: string) =>
  new CmdletFailure(
    'Microsoft.Exchange.Data.Directory.ProxyAddressExistsException',
    `The proxy address "smtp:${address}" is already being used by the proxy addresses or LegacyExchangeDN of "${owner}". Please choose another proxy address.`,
  )

export const badParameter = (message: string) =>
  new CmdletFailure(
    'System.Management.Automation.ParameterBindingException',
    `AmbiguousParameterSetException: ${message}`,
  )

export const badValue = (message: string) =>
  new CmdletFailure('System.Management.Automation.ParameterTransformationException', message)

export const rejected = (message: string) => new CmdletFailure(`${TASKS}.TaskInvalidOperationException`, message)
