#!/usr/bin/env bash
# Builds, installs the npm packages that the tests need, runs every test that can run on this machine, prints the seconds and the exit code of each step, and
# ends with one line "N passed, N failed". Two steps run at a time; what a step prints is shown when it ends.
# usage: scripts/test.sh [--only NAME]   only the test projects whose name contains NAME: builds those alone, and installs npm packages only if they need any
set -uo pipefail
cd "$(dirname "$0")/.."

only=""
if [ "${1:-}" = "--only" ]; then only="${2:?--only needs a name}"; fi

# Also the place where steps leave their figures: "steps" has a line "seconds code name" for each, "counts" a line "passed failed".
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
touch "$results/steps" "$results/counts"

say() { printf '%s\n' "$*"; }
sum() { awk -v column="$1" '{ sum += $column } END { print sum + 0 }' "$results/counts"; }
tally() { say "$1 $2" >>"$results/counts"; }
fail() { tally 0 1; say "FAILED: $1"; }
finish() {
    say "== seconds, exit code"
    awk '{ printf "%6s %4s  ", $1, $2; $1 = $2 = ""; print substr($0, 3) }' "$results/steps"
    printf '%6s %4s  %s\n' $SECONDS "" "in all"
    say "$(sum 1) passed, $(sum 2) failed"
    [ "$(sum 2)" -eq 0 ] && [ "$(sum 1)" -gt 0 ]
    exit $?
}
# Whether a test project is asked for.
wanted() { case $1 in *"$only"*) return 0 ;; *) return 1 ;; esac; }
# Runs a command under a name, and notes how long it took and how it ended.
timed() {
    local name=$1 start=$SECONDS code=0
    shift
    say "== $name"
    "$@" || code=$?
    say "$((SECONDS - start)) $code $name" >>"$results/steps"
    return $code
}
# A step that others need; it counts only when it fails.
needed() { timed "$@" || { fail "$1"; return 1; }; }
# A step that has no test runner of its own counts as one test.
step() { if timed "$@"; then tally 1 0; else fail "$1"; fi; }

# Jobs that wait for run_jobs: functions or commands, without arguments that need quotes.
queue=()
job() { queue+=("$*"); }
# Runs them, the first ones first, two at a time: many of them wait more than they compute. A job is one or more steps, one after the other.
run_jobs() {
    local command number=0 running=0
    for command in ${queue[@]+"${queue[@]}"}; do
        if [ $running -eq 2 ]; then wait -n; running=1; show_ended; fi
        number=$((number + 1))
        { $command >"$results/$number.running" 2>&1; mv "$results/$number.running" "$results/$number.ended"; } &
        running=$((running + 1))
    done
    wait
    show_ended
    queue=()
}
show_ended() {
    local output
    for output in "$results"/*.ended; do
        if [ -e "$output" ]; then cat "$output"; rm "$output"; fi
    done
}

# Packages that match the lock file are left as they are.
npm_packages() {
    if [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then return; fi
    needed "npm packages of $2" npm_ci "$1"
}
npm_ci() { (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error); }
azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
all_npm_packages() {
    if wanted EdgeRouter.AzureAdapters.Tests || wanted EdgeRouter.Functions.Tests; then npm_packages $azurite Azurite; fi
    if wanted EdgeRouter.ClientTests; then npm_packages tests/EdgeRouter.ClientTests/clients "the client tests"; fi
    if wanted infra; then npm_packages tests/infra "the template's tests"; fi
}

# With CI=true exactly the packages of the lock files; else the lock files follow the projects.
restore() {
    local log
    if log=$(dotnet restore EdgeRouter.sln -v quiet -nologo 2>&1); then return; fi
    say "$log"
    if grep -Eq 'error NU(1004|1403):' <<<"$log"; then say "A packages.lock.json does not match its project. How to update it: CONTRIBUTING.md, \"Packages\"."; fi
    return 1
}
# The projects asked for, or the solution.
build() {
    if [ -z "$only" ]; then
        # One compiler process keeps the analyzers of 30 projects loaded; it ends with the build.
        dotnet build EdgeRouter.sln -c Release -v quiet -nologo --no-restore -p:UseSharedCompilation=true || return
        dotnet build-server shutdown --vbcscompiler >/dev/null
        return
    fi
    local project
    for project in tests/*Tests/; do
        wanted "$(basename "$project")" || continue
        dotnet build "$project" -c Release -v quiet -nologo || return
    done
}
restore_and_build() {
    if [ -z "$only" ]; then needed "restore" restore || return; fi
    needed "build" build
}

# A test that hangs is named every minute, and ends its program after ten.
test_program() {
    local name=$1 counts
    timed "$name" timeout -k 10 600 "tests/$name/bin/Release/net10.0/$name" -noColor -noLogo -longRunning 60 -xml "$results/$name.xml" || true
    # The counts come from the report file: what a test prints cannot forge them.
    counts=$(grep -o '<assembly [^>]*' "$results/$name.xml" 2>/dev/null | head -1)
    count() { printf '%s' "$counts" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
    if [ -z "$counts" ]; then fail "$name did not finish"; else tally "$(count passed)" $(($(count failed) + $(count errors))); fi
}
infra() {
    local report="$results/infra.tap" ok bad
    run_infra() { (cd tests/infra && timeout -k 10 600 node --test --test-reporter=tap) >"$report" 2>&1; }
    timed "infra" run_infra || true
    grep -E '^not ok' "$report" && cat "$report"
    ok=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$report" | tail -1)
    bad=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$report" | tail -1)
    if [ -z "$ok" ]; then fail "infra did not finish"; else tally "$ok" "$bad"; fi
}
run_functions() {
    step "run-functions.sh answers, keeps its records in Azurite, and survives being killed" \
        timeout -k 10 600 node --test --test-reporter=spec $azurite/run-functions.test.mjs
}
soak() { step "soak for 20 seconds" timeout -k 10 600 tests/EdgeRouter.Soak/bin/Release/net10.0/EdgeRouter.Soak 0.33; }
# The rest of the style is checked by the build: its rules are warnings, and warnings are errors.
whitespace() {
    step "whitespace of the source files" dotnet format whitespace . --folder --verify-no-changes --exclude '**/bin/**' '**/obj/**' '**/node_modules/**'
}

refuses_to_publish_local_triggers() {
    local arguments log
    # The last asks for the packages, but the build that is there has the stand-in.
    for arguments in "-p:UseRealTriggers=false" "--no-build" "--no-build -p:UseRealTriggers=" "--no-build -p:UseRealTriggers=false" \
        "--no-build -p:UseRealTriggers=true"; do
        if log=$(UseRealTriggers= dotnet publish src/EdgeRouter.Functions -c Release -v quiet -nologo $arguments 2>&1); then return 1; fi
        grep -q 'error : The stand-in for the trigger packages is for tests' <<<"$log" || { say "$log"; return 1; }
    done
}
asks_for_the_trigger_packages() {
    local command packages
    for command in "env UseRealTriggers=true dotnet msbuild" "dotnet msbuild -p:UseRealTriggers=true"; do
        packages=$($command src/EdgeRouter.Functions -getItem:PackageReference,ProjectReference -p:Configuration=Release) || return 1
        grep -q '"Identity": "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus"' <<<"$packages" || return 1
        grep -q '"Identity": "Microsoft.Azure.Functions.Worker.Extensions.Warmup"' <<<"$packages" || return 1
        if grep -q StandIns <<<"$packages"; then return 1; fi
    done
}
# One after the other, because the test program publishes the app too.
publishing_and_functions_tests() {
    step "publishing with the local triggers is refused" refuses_to_publish_local_triggers
    step "a deployment takes the real trigger packages" asks_for_the_trigger_packages
    test_program EdgeRouter.Functions.Tests
}

# A package, and the tests that call it: a test project, a colon, and a pattern of classes there. Prints how many passed; none is a failure, so that a
# pattern does not outlive its classes.
ran_on() {
    local package=$1 version ran="" tests passed_there
    shift
    version=$(sed -n "s/.*Include=\"$package\" Version=\"\([^\"]*\)\".*/\1/p" Directory.Packages.props)
    for tests in "$@"; do
        passed_there=$(awk -v RS='<test ' -v class=" type=\"EdgeRouter\\.${tests%%:*}\\.(${tests#*:})[\"+]" '
            $0 ~ class && / result="Pass"/ { passed++ } END { print passed + 0 }' "$results/EdgeRouter.${tests%%:*}.xml" 2>/dev/null)
        if [ "${passed_there:-0}" -eq 0 ]; then fail "no test of $tests ran on $package"; fi
        ran="$ran  ${tests%%:*} ${passed_there:-0}"
    done
    printf '%-66s %-8s%s\n' "$package" "$version" "$ran"
}

job restore_and_build
job all_npm_packages
run_jobs
if [ "$(sum 2)" -gt 0 ]; then finish; fi

# The longest first, since what starts last should be short.
test_programs() { printf 'tests/EdgeRouter.%s/\n' AzureAdapters.Tests FunctionalTests ClientTests EmbeddedStore.Tests Core.Tests; printf '%s\n' tests/*Tests/; }
if [ -z "$only" ]; then job publishing_and_functions_tests; fi
for project in $(test_programs | awk '!seen[$0]++'); do
    name=$(basename "$project")
    wanted "$name" && [ -x "$project/bin/Release/net10.0/$name" ] || continue
    if [ -z "$only" ]; then
        case $name in
            EdgeRouter.Functions.Tests) continue ;;
            EdgeRouter.EmbeddedStore.Tests) job run_functions ;;
        esac
    fi
    job test_program "$name"
done
if wanted infra; then job infra; fi
if [ -z "$only" ]; then
    job soak
    job whitespace
fi
run_jobs

if [ -z "$only" ]; then
    say "== tests that ran on the packages of the deployment"
    # Those that start the real worker; those that send it HTTP requests.
    ran_on Microsoft.Azure.Functions.Worker 'Functions.Tests:(Http|Host|Timers|Usage)\..*'
    ran_on Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 'Functions.Tests:(Http\..*|Host\.PublishedAppTests|Usage\.(Pipeline|TablesAway).*)'
    # On Azurite.
    ran_on Azure.Data.Tables 'AzureAdapters.Tests:Tables\..*' 'Functions.Tests:(Usage\..*OnAzuriteTests|Host\.PublishedAppTests)'
    # Over AMQP.
    ran_on Azure.Messaging.ServiceBus 'Emulators.Tests:ServiceBus\.(Fault|Oversize|RealClient|Receiving|Sending|Stress)Tests' \
        'AzureAdapters.Tests:ServiceBus\.UsageQueueOnBusTests' 'Functions.Tests:(Usage\.OnServiceBusTests|Host\.PublishedAppTests)'
    # Hedging is Polly's.
    ran_on Polly 'Gateway.Tests:Forwarding\..*' 'FunctionalTests:Failover\.HedgingTests'
fi
finish
