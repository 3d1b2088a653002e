#!/usr/bin/env bash
# Sets up what the tests need (npm packages included), runs every test that can run on this machine, and ends with one line "N passed, N failed".
# usage: scripts/test.sh [--only NAME]   runs only test projects whose name contains NAME
set -uo pipefail
cd "$(dirname "$0")/.."

only=""
if [ "${1:-}" = "--only" ]; then only="${2:?--only needs a name}"; fi

passed=0
failed=0
say() { printf '%s\n' "$*"; }
finish() {
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit $?
}
# Counts a step that has no test runner of its own as one test.
step() {
    local name=$1
    shift
    say "== $name"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); say "FAILED: $name"; fi
}

say "== build"
if ! dotnet build EdgeRouter.sln -c Release -v quiet -nologo; then
    failed=1
    finish
fi

# The Azure projects: with the real packages where the feed has them, else with the stand-ins.
sdk=""
case "EdgeRouter.AzureAdapters.Tests EdgeRouter.Functions.Tests" in *"$only"*) sdk=Real ;; esac
if [ -n "$sdk" ]; then
    if ! log=$(dotnet restore EdgeRouter.sln -p:Configuration=Azure -p:AzureSdk=Real -nologo 2>&1); then
        # NU1101 to NU1103 say that the feed has no such package. Anything else is a fault.
        if ! grep -q 'error NU110[123]:' <<<"$log"; then say "$log"; failed=1; finish; fi
        sdk=StandIn
    fi
    say "== build of the Azure projects, AzureSdk=$sdk ($([ $sdk = Real ] && echo "the real packages" || echo "the feed lacks Azure packages"))"
    if ! dotnet build EdgeRouter.sln -c Azure -p:AzureSdk=$sdk -v quiet -nologo; then failed=1; finish; fi

    azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
    if [ ! $azurite/node_modules/.package-lock.json -nt $azurite/package-lock.json ]; then
        say "== npm packages of Azurite"
        (cd $azurite && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) || { failed=1; finish; }
    fi
fi

refuses_to_publish_stand_ins() {
    local log
    if log=$(dotnet publish src/EdgeRouter.AzureAdapters -c Azure -p:AzureSdk=StandIn -nologo 2>&1); then return 1; fi
    grep -q 'error : The Azure stand-ins are for tests' <<<"$log"
}
if [ -z "$only" ]; then
    # dotnet format takes its properties from the environment.
    step "dotnet format finds nothing to change" env AzureSdk=$sdk dotnet format EdgeRouter.sln --no-restore --verify-no-changes
    step "publishing with stand-ins is refused" refuses_to_publish_stand_ins
fi

if [ -f tests/EdgeRouter.ClientTests/clients/package-lock.json ]; then
    say "== npm packages of the client tests"
    (cd tests/EdgeRouter.ClientTests/clients && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) || { failed=1; finish; }
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
for project in tests/*Tests/; do
    name=$(basename "$project")
    case "$name" in *"$only"*) ;; *) continue ;; esac
    if [ "$name" = EdgeRouter.Functions.Tests ] && [ $sdk = Real ]; then
        # They need a broker and a host that run inside of a test.
        say "== build of $name with the stand-ins"
        if ! dotnet build "$project" -c Azure -p:AzureSdk=StandIn -v quiet -nologo; then failed=$((failed + 1)); continue; fi
    fi
    program="$project/bin/Release/net10.0/$name"
    # What the Release build leaves out, the Azure build has.
    [ -x "$program" ] || program="$project/bin/Azure/net10.0/$name"
    [ -x "$program" ] || continue
    say "== $name"
    "$program" -noColor -noLogo -xml "$results/$name.xml" || true
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

if [ -f tests/infra/package-lock.json ]; then
    case infra in *"$only"*)
        say "== infra"
        (cd tests/infra && npm ci --no-audit --no-fund --loglevel=error) || { failed=$((failed + 1)); finish; }
        report="$results/infra.tap"
        (cd tests/infra && node --test --test-reporter=tap) >"$report" 2>&1 || true
        grep -E '^not ok' "$report" && cat "$report"
        ok=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$report" | tail -1)
        bad=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$report" | tail -1)
        if [ -z "$ok" ]; then failed=$((failed + 1)); say "FAILED: infra did not finish"; else passed=$((passed + ok)); failed=$((failed + bad)); fi
        ;;
    esac
fi
if [ -z "$only" ]; then
    # The last: it builds the app with the stand-ins, whatever it was built with before.
    step "run-functions.sh answers, keeps its records in Azurite, and survives being killed" node --test --test-reporter=spec $azurite/run-functions.test.mjs
fi
finish
