#compdef lopt
# Completion of lopt in zsh. For every new shell: add to ~/.zshrc, after compinit
#   source <(lopt completion zsh)
_lopt() {
  local line="${BUFFER[1,CURSOR]}" word="${PREFIX}" found
  local -a all values keys options
  all=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null)}")
  for found in "${all[@]}"; do
    case "$found" in
      '' | /*) ;;
      -*) options+=("$found") ;;
      *=) keys+=("$found") ;;
      *) values+=("$found") ;;
    esac
  done
  # Options only where one has been begun: elsewhere a file may be meant.
  if [[ "$word" == -* ]]; then compadd -- "${options[@]}"; return; fi
  (( ${#values} )) && compadd -- "${values[@]}"
  (( ${#keys} )) && compadd -S '' -- "${keys[@]}"
  (( ${#values} + ${#keys} )) || _files
}
compdef _lopt lopt
