# Completion of lopt in bash. For every new shell: add to ~/.bashrc
#   source <(lopt completion bash)
_lopt() {
  local line=${COMP_LINE:0:COMP_POINT} word prefix=""
  word=${line##*[[:space:]]}
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null | grep -v '^/')
  local i
  for i in "${!COMPREPLY[@]}"; do
    # Options only where one has been begun: elsewhere a file may be meant.
    if [[ ${COMPREPLY[i]} != "$word"* || (${COMPREPLY[i]} == -* && $word != -*) ]]; then unset "COMPREPLY[i]"; fi
  done
  # What readline takes for words of their own: theta:NAME, key=value.
  if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then prefix=${word%"${word##*:}"}; fi
  if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then prefix=${word%"${word##*=}"}; fi
  COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
  if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2> /dev/null; fi
}
complete -o bashdefault -o default -F _lopt lopt
