<#
.SYNOPSIS
Collects what Downfield needs to know about one mailbox. Reads only; changes nothing.
.DESCRIPTION
Run it after Connect-ExchangeOnline, or in the Exchange Management Shell. Works in Windows PowerShell 5.1 and later.
The file that it writes holds names, addresses and rights, no mail and no secrets.
.PARAMETER Identity
The address of the mailbox, or of a distribution group. One that does not exist yet is fine.
.PARAMETER User
Everybody who is to have rights: addresses, or account names.
.PARAMETER UserFile
A text file with one user on each line, instead of -User or beside it.
.PARAMETER Hybrid
Say it where there is Exchange on premises and in the cloud. Found by itself where that is possible.
.PARAMETER OutFile
Where the snapshot goes.
.EXAMPLE
.\collect.ps1 -Identity proposals@contoso.com -User jane@contoso.com,bob@contoso.com
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory = $true)][ValidateNotNullOrEmpty()][string]$Identity,
  [string[]]$User = @(),
  [string]$UserFile = '',
  [switch]$Hybrid,
  [string]$OutFile = 'snapshot.json'
)
$ErrorActionPreference = 'Stop'
if ($Identity.Trim() -eq '' -or $Identity.Contains('*')) { throw 'Identity must be one mailbox.' }

$platform = 'onprem'
if (Get-Command -Name 'Get-RecipientPermission' -ErrorAction SilentlyContinue) { $platform = 'exo' }

$mailboxProperties = 'Identity', 'Guid', 'ExternalDirectoryObjectId', 'UserPrincipalName', 'PrimarySmtpAddress', 'DisplayName', 'Name', 'Alias', 'DistinguishedName', 'RecipientTypeDetails', 'IsShared', 'IsDirSynced', 'AccountDisabled', 'EmailAddresses', 'GrantSendOnBehalfTo', 'MessageCopyForSentAsEnabled', 'MessageCopyForSendOnBehalfEnabled', 'MessageCopyForSMTPClientSubmissionEnabled', 'HiddenFromAddressListsEnabled', 'ForwardingAddress', 'ForwardingSmtpAddress', 'DeliverToMailboxAndForward', 'ProhibitSendReceiveQuota', 'IssueWarningQuota', 'ArchiveStatus', 'LegacyExchangeDN'
$permissionProperties = 'Identity', 'User', 'UserSid', 'AccessRights', 'Deny', 'IsInherited', 'InheritanceType'
$recipientPermissionProperties = 'Identity', 'Trustee', 'TrusteeSidString', 'AccessRights', 'AccessControlType', 'IsInherited'
$adPermissionProperties = 'Identity', 'User', 'Deny', 'IsInherited', 'AccessRights', 'ExtendedRights', 'InheritanceType'
$recipientProperties = 'Identity', 'Name', 'DisplayName', 'Alias', 'PrimarySmtpAddress', 'WindowsLiveID', 'SamAccountName', 'EmailAddresses', 'ExternalDirectoryObjectId', 'Guid', 'Sid', 'DistinguishedName', 'LegacyExchangeDN', 'RecipientTypeDetails', 'ArchiveStatus'
$listProperties = 'EmailAddresses', 'GrantSendOnBehalfTo', 'AccessRights', 'ExtendedRights'

# Exchange's own types do not survive ConvertTo-Json, so every value becomes a Boolean, text, or a list of texts.
function ConvertTo-Plain($Object, [string[]]$Properties) {
  $plain = [ordered]@{}
  foreach ($name in $Properties) {
    $property = $Object.PSObject.Properties[$name]
    if ($null -eq $property) { continue }
    $value = $property.Value
    if ($listProperties -contains $name) {
      $plain[$name] = @($value | Where-Object { $null -ne $_ } | ForEach-Object { "$_" })
    }
    elseif ($null -eq $value -or $value -is [bool]) { $plain[$name] = $value }
    elseif ($value -is [System.Management.Automation.SwitchParameter]) { $plain[$name] = [bool]$value }
    else { $plain[$name] = "$value" }
  }
  return $plain
}

function Get-One([scriptblock]$Read) {
  try { return @(& $Read) }
  catch {
    # That there is none is an answer, and so is that the name could be several: it then names nobody for certain.
    # Anything else means that we do not know.
    if ("$($_.Exception.Message) $($_.FullyQualifiedErrorId)" -match 'ManagementObjectNotFoundException|ManagementObjectAmbiguousException|matches multiple entries|ADIdentityNotFound|couldn.t be found|wasn.t found') { return @() }
    throw
  }
}

$errors = @()
$mailbox = $null
$permissions = @()
$sending = @()
$statistics = $null

$found = @(Get-One { Get-Mailbox -Identity $Identity -ResultSize Unlimited })
if ($found.Count -gt 1) { throw "There are $($found.Count) mailboxes called $Identity. Say its address." }
$names = New-Object System.Collections.Generic.List[string]
$names.Add($Identity)

if ($found.Count -eq 1) {
  $mailbox = ConvertTo-Plain $found[0] $mailboxProperties
  $key = "$($found[0].Guid)"
  $permissions = @(Get-MailboxPermission -Identity $key | ForEach-Object { ConvertTo-Plain $_ $permissionProperties })
  if ($platform -eq 'exo') {
    $sending = @(Get-RecipientPermission -Identity $key -ResultSize Unlimited | ForEach-Object { ConvertTo-Plain $_ $recipientPermissionProperties })
    $sending | ForEach-Object { $names.Add($_['Trustee']) }
  }
  else {
    $sending = @(Get-ADPermission -Identity $found[0].DistinguishedName | ForEach-Object { ConvertTo-Plain $_ $adPermissionProperties })
    $sending | Where-Object { "$($_['ExtendedRights'])" -like '*Send-As*' } | ForEach-Object { $names.Add($_['User']) }
  }
  $permissions | ForEach-Object { $names.Add($_['User']) }
  $mailbox['GrantSendOnBehalfTo'] | ForEach-Object { $names.Add($_) }
  if ($mailbox['ForwardingAddress']) { $names.Add($mailbox['ForwardingAddress']) }
  try { $statistics = @{ TotalItemSize = "$((Get-MailboxStatistics -Identity $key).TotalItemSize)" } } catch { $statistics = $null }
}

$group = $null
$groupMembers = $null
if ($found.Count -eq 0) {
  $groups = @(Get-One { Get-DistributionGroup -Identity $Identity })
  if ($groups.Count -eq 1) {
    $group = ConvertTo-Plain $groups[0] @('Identity', 'Name', 'DisplayName', 'PrimarySmtpAddress', 'EmailAddresses', 'RequireSenderAuthenticationEnabled')
    $groupMembers = @(Get-DistributionGroupMember -Identity "$($groups[0].Guid)" -ResultSize Unlimited | ForEach-Object { ConvertTo-Plain $_ $recipientProperties })
  }
}

$User | ForEach-Object { $names.Add($_) }
if ($UserFile -ne '') {
  Get-Content -LiteralPath $UserFile -Encoding UTF8 | ForEach-Object { $_.Trim().Trim('"') } | Where-Object { $_ -ne '' -and -not $_.StartsWith('#') } | ForEach-Object { $names.Add($_) }
}

$recipients = [ordered]@{}
foreach ($name in ($names | Select-Object -Unique)) {
  if ([string]::IsNullOrWhiteSpace($name) -or $name.Contains('*') -or $name -match '^(NT |BUILTIN\\|S-1-5-)') { continue }
  try {
    foreach ($recipient in @(Get-One { Get-Recipient -Identity $name -ResultSize Unlimited })) {
      $plain = ConvertTo-Plain $recipient $recipientProperties
      if ($plain['RecipientTypeDetails'] -match 'Group' -and $plain['RecipientTypeDetails'] -match 'Mail') {
        $plain['Members'] = @(Get-DistributionGroupMember -Identity "$($recipient.Guid)" -ResultSize Unlimited -ErrorAction SilentlyContinue | ForEach-Object { "$($_.PrimarySmtpAddress)" } | Where-Object { $_ -ne '' })
      }
      $recipients["$($recipient.Guid)"] = $plain
    }
  }
  catch { $errors += @{ section = 'recipients'; name = $name; message = $_.Exception.Message } }
}

$autoMapping = @()
$domain = $null
$domainDn = $null
if ($platform -eq 'onprem' -and (Get-Command -Name 'Get-ADUser' -ErrorAction SilentlyContinue)) {
  try {
    $dc = ''
    if ($found.Count -eq 1) { $dc = (@($found[0].DistinguishedName -split ',') | Where-Object { $_ -like 'DC=*' }) -join ',' }
    if ($dc -eq '') { $ad = Get-ADDomain } else { $ad = Get-ADDomain -Identity $dc }
    $domain = $ad.NetBIOSName
    $domainDn = $ad.DistinguishedName
  }
  catch { $domain = $null; $domainDn = $null }
  if ($found.Count -eq 1) {
    try {
      $links = @((Get-ADUser -Identity $found[0].DistinguishedName -Properties msExchDelegateListLink).msExchDelegateListLink | ForEach-Object { "$_" })
      $now = (Get-Date).ToUniversalTime().ToString('o')
      foreach ($recipient in $recipients.Values) {
        $state = 'off'
        if ($links -contains $recipient['DistinguishedName']) { $state = 'on' }
        $autoMapping += [ordered]@{ user = $recipient['DistinguishedName']; state = $state; source = 'ad'; at = $now }
      }
    }
    catch { $autoMapping = @() }
  }
}

$programs = @()
if (Get-Command -Name 'Get-ServicePrincipal' -ErrorAction SilentlyContinue) {
  try { $programs = @(Get-ServicePrincipal | ForEach-Object { ConvertTo-Plain $_ @('Identity', 'AppId', 'ObjectId', 'DisplayName', 'Sid') }) } catch { $programs = @() }
}

$isHybrid = [bool]$Hybrid
if ($mailbox -and $mailbox['IsDirSynced'] -eq $true) { $isHybrid = $true }

$snapshot = [ordered]@{
  platform = $platform
  hybrid = $isHybrid
  collectedAt = (Get-Date).ToUniversalTime().ToString('o')
  netBiosDomain = $domain
  domainDn = $domainDn
  mailbox = $mailbox
  group = $group
  groupMembers = $groupMembers
  mailboxPermissions = @($permissions)
  recipients = @($recipients.Values)
  autoMapping = @($autoMapping)
  servicePrincipals = @($programs)
  statistics = $statistics
  errors = @($errors)
  complete = ($errors.Count -eq 0)
}
if ($platform -eq 'exo') { $snapshot['recipientPermissions'] = @($sending) } else { $snapshot['adPermissions'] = @($sending) }

$json = $snapshot | ConvertTo-Json -Depth 8
$path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutFile)
[System.IO.File]::WriteAllText($path, $json, (New-Object System.Text.UTF8Encoding($false)))
Write-Host "The snapshot is in $path. Bring that file to Downfield."
