# shellcheck shell=bash
# `./x test`: every check, as stages with a log each in build/log/. Sourced by ./x, whose functions it uses.
# The sanitizer builds run in the background at low priority while the tests of the release build, which mostly
# wait, are played. The fuzz targets are part of the build with the address sanitizer.
readonly logs=build/log
readonly fuzz_seconds=${FUZZ_SECONDS:-30}
readonly chaos_seconds=${CHAOS_SECONDS:-80}
passed=0 failed=0 failed_stages=()

# stage NAME COMMAND...: runs the command with its output in the stage's log, prints one line about it and
# adds its counts, which are the last line `N passed, N failed` of that log. A stage without one counts only
# when it fails.
stage() {
  local name=$1 started=$SECONDS result=ok counts
  shift
  # Not as the left side of `||`, where the shell would ignore errors inside.
  set +e
  (set -e; "$@") >"$logs/$name.log" 2>&1 </dev/null
  local code=$?
  set -e
  if [ $code != 0 ]; then result=FAILED; fi
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log" | tail -n 1) || counts=''
  local stage_failed=0
  if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    stage_failed=${BASH_REMATCH[2]}
  fi
  if [ "$stage_failed" -gt 0 ]; then result=FAILED; fi
  if [ $result = FAILED ]; then
    if [ "$stage_failed" = 0 ]; then stage_failed=1; fi
    failed_stages+=("$name")
    tail -n 80 "$logs/$name.log" | sed 's/^/    /'
  fi
  failed=$((failed + stage_failed))
  printf '%-6s %-18s %4d s  %s\n' "$result" "$name" $((SECONDS - started)) "$counts"
}

# Runs every unit test binary of a build folder, two at a time, and sums their counts.
unit_tests() {
  local folder=$1
  # shellcheck disable=SC2016 # expanded by the inner shell
  find "build/$folder" -maxdepth 1 -name '*_test' -print0 | sort -z |
    xargs -0 -P 2 -I{} bash -c 'timeout 300 $1 "$2" --gtest_brief=1 >"$2.log" 2>&1; echo $? >"$2.rc"' _ "${2:-}" {}
  local binary ok=0 bad=0
  for binary in "build/$folder"/*_test; do
    if [ "$(cat "$binary.rc")" = 0 ]; then
      ok=$((ok + $(sed -nE 's/^\[  PASSED  \] ([0-9]+) tests?\.$/\1/p' "$binary.log")))
    else
      echo "--- $binary"
      cat "$binary.log"
      bad=$((bad + 1))
    fi
  done
  echo "$ok passed, $bad failed"
}

# Folders whose tests run threads.
readonly threaded=(net hub session app)

# The thread sanitizer needs the address space as it was before kernels began to randomise more of it.
tsan_unit_tests() { unit_tests tsan "setarch --addr-no-randomize"; }

# Runs the end-to-end tests against the server of a build folder and turns Node's summary into counts.
e2e() {
  local binary=$PWD/build/$1/whirl
  shift
  local report
  report=$(mktemp)
  WHIRL_BIN=$binary timeout 900 ./x e2e "$@" | tee "$report" || true
  local ok bad
  ok=$(sed -nE 's/^. pass ([0-9]+)$/\1/p' "$report")
  bad=$(sed -nE 's/^. fail ([0-9]+)$/\1/p' "$report")
  rm "$report"
  if [ "${ok:-0}" = 0 ]; then bad=1; fi  # a server that is missing fails no test
  echo "${ok:-0} passed, ${bad:-1} failed"
}

# What a client does every day, against a server that a sanitizer watches.
sanitized_e2e() { e2e "$1" tests/e2e/connect.test.mjs tests/e2e/messages.test.mjs tests/e2e/recovery.test.mjs; }

# Those of the build; without HTTP/3 it has fewer.
fuzz_targets() { ninja -C build/asan -t targets all | sed -nE 's/^fuzz_([a-z0-9_]+): CXX_EXECUTABLE_LINKER.*/\1/p' | sort; }

# The parsers that every client reaches get all of the time, the others a third.
fuzz_seconds_of() {
  case $1 in
    http1 | json | protobuf | websocket) echo "$fuzz_seconds" ;;
    *) echo $((fuzz_seconds / 3)) ;;
  esac
}

# Every fuzz target for a while, two at a time.
fuzz_all() {
  local target ok=0 bad=0
  # shellcheck disable=SC2016 # expanded by the inner shell
  for target in $(fuzz_targets); do echo "$target $(fuzz_seconds_of "$target")"; done |
    xargs -P 2 -L 1 bash -c './x fuzz "$1" "$2" >build/log/fuzz-"$1".out 2>&1; echo $? >build/log/fuzz-"$1".rc' _
  for target in $(fuzz_targets); do
    if [ "$(cat "$logs/fuzz-$target.rc")" = 0 ]; then
      ok=$((ok + 1))
      echo "$target: $(sed -nE 's/^stat::number_of_executed_units: *//p' "$logs/fuzz-$target.out") inputs"
    else
      bad=$((bad + 1))
      tail -n 60 "$logs/fuzz-$target.out"
    fi
  done
  echo "$ok passed, $bad failed"
}

build_release() { build_preset release whirl; }
build_asan() { build_preset asan whirl unit_tests fuzzers; }
build_tsan() { build_preset tsan whirl "${threaded[@]/%/_test}"; }

# Builds what is needed later, one after another; each leaves its exit code in a file of its name.
build_in_background() {
  local name
  for name in asan tsan; do
    local code=0
    "build_$name" >"$logs/background-$name.log" 2>&1 || code=$?
    echo $code >"$logs/background-$name.rc"
  done
}

# The stage which waits for a background build and shows its output.
await_build() {
  until [ -e "$logs/background-$1.rc" ]; do sleep 1; done
  cat "$logs/background-$1.log"
  return "$(cat "$logs/background-$1.rc")"
}

start_background_builds() {
  set -m
  (
    renice -n 10 $BASHPID >/dev/null
    set +e
    build_in_background
  ) &
  background=$!
  set +m
  trap 'kill -- -"$background" 2>/dev/null || true' EXIT
}

run_all_stages() {
  local started=$SECONDS
  e2e_without_browser=()
  local file
  for file in tests/e2e/*.test.mjs; do
    if [ "${file##*/}" != page.test.mjs ]; then e2e_without_browser+=("$file"); fi
  done
  mkdir -p $logs
  rm -f $logs/*
  stage packages cmd_deps
  stage build build_release
  start_background_builds
  stage style cmd_lint
  stage conformance cmd_conformance --quiet
  stage conformance-redis cmd_conformance --quiet --engine redis
  stage e2e e2e release "${e2e_without_browser[@]}"
  stage chaos cmd_chaos "$chaos_seconds"
  stage bench cmd_bench --tiny
  stage page e2e release tests/e2e/page.test.mjs
  stage build-asan await_build asan
  stage fuzz fuzz_all
  stage unit-asan unit_tests asan
  stage e2e-asan sanitized_e2e asan
  stage build-tsan await_build tsan
  stage unit-tsan tsan_unit_tests
  stage e2e-tsan sanitized_e2e tsan
  if [ ${#failed_stages[@]} -gt 0 ]; then echo "failed: ${failed_stages[*]}"; fi
  echo "everything took $((SECONDS - started)) s"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
