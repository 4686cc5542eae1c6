# Runs the commands of Downfield for Exchange, one for each line of JSON on standard input, and answers each with a line.
# No script is ever built from data: a command is a name from the list below and a hashtable of parameters.
# Credentials come by environment variables, never by arguments, which others can see.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::InputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
$allow = @('Get-Mailbox', 'Set-Mailbox', 'New-Mailbox', 'New-RemoteMailbox', 'Set-RemoteMailbox', 'Get-MailboxPermission', 'Add-MailboxPermission', 'Remove-MailboxPermission', 'Get-RecipientPermission', 'Add-RecipientPermission', 'Remove-RecipientPermission', 'Get-ADPermission', 'Add-ADPermission', 'Remove-ADPermission', 'Get-Recipient', 'Get-MailboxStatistics', 'Get-CASMailbox', 'Set-CASMailbox', 'New-DistributionGroup', 'Set-DistributionGroup', 'Get-DistributionGroup', 'Get-DistributionGroupMember', 'Add-DistributionGroupMember', 'Remove-DistributionGroupMember', 'Get-ServicePrincipal', 'New-ServicePrincipal', 'Set-ADUser')
$session = $null

function Connect-Exchange {
  if ($env:DOWNFIELD_EXCHANGE_APP_ID) {
    Import-Module ExchangeOnlineManagement
    $how = @{ AppId = $env:DOWNFIELD_EXCHANGE_APP_ID; Organization = $env:DOWNFIELD_EXCHANGE_ORGANIZATION; ShowBanner = $false; SkipLoadingFormatData = $true }
    if ($env:DOWNFIELD_EXCHANGE_CERTIFICATE_FILE) {
      $how['CertificateFilePath'] = $env:DOWNFIELD_EXCHANGE_CERTIFICATE_FILE
      if ($env:DOWNFIELD_EXCHANGE_CERTIFICATE_PASSWORD) {
        $how['CertificatePassword'] = ConvertTo-SecureString $env:DOWNFIELD_EXCHANGE_CERTIFICATE_PASSWORD -AsPlainText -Force
      }
    }
    else { $how['CertificateThumbprint'] = $env:DOWNFIELD_EXCHANGE_CERTIFICATE_THUMBPRINT }
    Connect-ExchangeOnline @how | Out-Null
  }
  elseif ($env:DOWNFIELD_EXCHANGE_URI) {
    $script:session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri $env:DOWNFIELD_EXCHANGE_URI -Authentication Kerberos
    Import-PSSession $script:session -AllowClobber -DisableNameChecking | Out-Null
  }
  else { throw 'Say by DOWNFIELD_EXCHANGE_APP_ID or DOWNFIELD_EXCHANGE_URI which Exchange to connect to.' }
}

function ConvertTo-Plain($Value) {
  if ($null -eq $Value -or $Value -is [bool]) { return $Value }
  if ($Value -is [Collections.IEnumerable] -and $Value -isnot [string]) { return , @($Value | ForEach-Object { "$_" }) }
  return "$Value"
}

function ConvertTo-Failure($Record) {
  return @{ message = "$($Record.Exception.Message)"; type = $Record.Exception.GetType().FullName; fqid = "$($Record.FullyQualifiedErrorId)"; category = "$($Record.CategoryInfo.Category)" }
}

$failure = $null
try { Connect-Exchange } catch { $failure = ConvertTo-Failure $_ }
try {
  while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = $line | ConvertFrom-Json -AsHashtable -Depth 20
    $answer = @{ id = $request.id; ok = $true; records = @(); warnings = @() }
    try {
      if ($failure) { $answer.ok = $false; $answer.error = $failure; $answer.notConnected = $true }
      else {
        if (-not ($allow -ccontains $request.cmdlet)) { throw 'cmdlet not allowed' }
        $parameters = @{}
        foreach ($key in $request.params.Keys) { $parameters[$key] = $request.params[$key] }
        $warnings = $null
        $command = Get-Command -Name $request.cmdlet -CommandType @('Function', 'Cmdlet')
        $out = & $command @parameters -WarningVariable warnings -WarningAction SilentlyContinue
        $answer.records = @($out | Where-Object { $null -ne $_ } | ForEach-Object {
            $object = $_
            $plain = [ordered]@{}
            foreach ($name in $request.select) { $plain[$name] = ConvertTo-Plain $object.$name }
            $plain
          })
        $answer.warnings = @($warnings | ForEach-Object { "$_" })
      }
    }
    catch {
      $answer.ok = $false
      $answer.error = ConvertTo-Failure $_
    }
    [Console]::Out.WriteLine(($answer | ConvertTo-Json -Depth 8 -Compress))
  }
}
finally {
  if ($session) { Remove-PSSession $session }
  elseif (-not $failure -and $env:DOWNFIELD_EXCHANGE_APP_ID) { Disconnect-ExchangeOnline -Confirm:$false | Out-Null }
}
