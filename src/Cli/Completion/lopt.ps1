# Completion of lopt in PowerShell. For every new shell: add to $PROFILE
#   lopt completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName lopt -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.ToString().PadRight($cursorPosition)
    lopt "[suggest:$cursorPosition]" $line 2> $null |
        # Options only where one has been begun: elsewhere a file may be meant.
        Where-Object { $_ -notlike '/*' -and ($_ -notlike '-*' -or $wordToComplete -like '-*') } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
