#!/usr/bin/env bash
# Builds, installs the npm packages that the tests need, runs every test that can run on this machine, prints the seconds of each step, and ends with one
# line "N passed, N failed".
# usage: scripts/test.sh [--only NAME]   only the test projects whose name contains NAME: builds those alone, and installs npm packages only if they need any
set -uo pipefail
cd "$(dirname "$0")/.."

only=""
if [ "${1:-}" = "--only" ]; then only="${2:?--only needs a name}"; fi

passed=0
failed=0
steps=()
say() { printf '%s\n' "$*"; }
finish() {
    say "== seconds"
    for entry in ${steps[@]+"${steps[@]}"}; do printf '%6s  %s\n' "${entry%% *}" "${entry#* }"; done
    printf '%6s  %s\n' $SECONDS "in all"
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit $?
}
# Whether a test project is asked for.
wanted() { case $1 in *"$only"*) return 0 ;; *) return 1 ;; esac; }
# Runs a command under a name, and remembers how long it took.
timed() {
    local name=$1 start=$SECONDS code=0
    shift
    say "== $name"
    "$@" || code=$?
    steps+=("$((SECONDS - start)) $name")
    return $code
}
# A command without which nothing else can run.
must() { timed "$@" || { failed=$((failed + 1)); say "FAILED: $1"; finish; }; }
# A step that has no test runner of its own counts as one test.
step() { if timed "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); say "FAILED: $1"; fi; }

# Packages that match the lock file are left as they are.
npm_packages() {
    if [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then return; fi
    must "npm packages of $2" npm_ci "$1"
}
npm_ci() { (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error); }

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

azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
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

if [ -z "$only" ]; then must "restore" restore; fi
must "build" build
if wanted EdgeRouter.AzureAdapters.Tests || wanted EdgeRouter.Functions.Tests; then npm_packages $azurite Azurite; fi
if [ -z "$only" ]; then
    # The rest of the style is checked by the build: its rules are warnings, and warnings are errors.
    step "whitespace of the source files" dotnet format whitespace . --folder --verify-no-changes --exclude '**/bin/**' '**/obj/**' '**/node_modules/**'
    step "publishing with the local triggers is refused" refuses_to_publish_local_triggers
    step "a deployment takes the real trigger packages" asks_for_the_trigger_packages
fi
if wanted EdgeRouter.ClientTests; then npm_packages tests/EdgeRouter.ClientTests/clients "the client tests"; fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
for project in tests/*Tests/; do
    name=$(basename "$project")
    wanted "$name" || continue
    program="$project/bin/Release/net10.0/$name"
    [ -x "$program" ] || continue
    # A test that hangs is named every minute, and ends the program after ten.
    timed "$name" timeout -k 10 600 "$program" -noColor -noLogo -longRunning 60 -xml "$results/$name.xml" || true
    # The counts come from the report file: what a test prints cannot forge them.
    counts=$(grep -o '<assembly [^>]*' "$results/$name.xml" 2>/dev/null | head -1)
    count() { printf '%s' "$counts" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
    if [ -z "$counts" ]; then
        say "FAILED: $name did not finish"
        failed=$((failed + 1))
        continue
    fi
    passed=$((passed + $(count passed)))
    failed=$((failed + $(count failed) + $(count errors)))
done

if wanted infra; then
    npm_packages tests/infra "the template's tests"
    report="$results/infra.tap"
    run_infra() { (cd tests/infra && node --test --test-reporter=tap) >"$report" 2>&1; }
    timed "infra" run_infra || true
    grep -E '^not ok' "$report" && cat "$report"
    ok=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$report" | tail -1)
    bad=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$report" | tail -1)
    if [ -z "$ok" ]; then failed=$((failed + 1)); say "FAILED: infra did not finish"; else passed=$((passed + ok)); failed=$((failed + bad)); fi
fi
# A package, and the tests that call it: a test project, a colon, and a pattern of classes there. Prints how many passed; none is a failure, so that a
# pattern does not outlive its classes.
ran_on() {
    local package=$1 version ran="" tests passed_there
    shift
    version=$(sed -n "s/.*Include=\"$package\" Version=\"\([^\"]*\)\".*/\1/p" Directory.Packages.props)
    for tests in "$@"; do
        passed_there=$(awk -v RS='<test ' -v class=" type=\"EdgeRouter\\.${tests%%:*}\\.(${tests#*:})[\"+]" '
            $0 ~ class && / result="Pass"/ { passed++ } END { print passed + 0 }' "$results/EdgeRouter.${tests%%:*}.xml" 2>/dev/null)
        if [ "${passed_there:-0}" -eq 0 ]; then failed=$((failed + 1)); say "FAILED: no test of $tests ran on $package"; fi
        ran="$ran  ${tests%%:*} ${passed_there:-0}"
    done
    printf '%-66s %-8s%s\n' "$package" "$version" "$ran"
}
if [ -z "$only" ]; then
    step "soak for 20 seconds" tests/EdgeRouter.Soak/bin/Release/net10.0/EdgeRouter.Soak 0.33
    step "run-functions.sh answers, keeps its records in Azurite, and survives being killed" node --test --test-reporter=spec $azurite/run-functions.test.mjs
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
