# Completion of lopt in fish. For every new shell:
#   lopt completion fish > ~/.config/fish/completions/lopt.fish
function __lopt_complete
    set -l line (commandline --cut-at-cursor | string collect)
    set -l word (commandline --current-token --cut-at-cursor)
    for found in (lopt "[suggest:"(string length -- $line)"]" $line 2> /dev/null)
        # Options only where one has been begun: elsewhere a file may be meant.
        if string match --quiet -- '/*' $found
            continue
        end
        if string match --quiet -- '-*' $found; and not string match --quiet -- '-*' $word
            continue
        end
        echo $found
    end
end
complete --command lopt --arguments '(__lopt_complete)'
