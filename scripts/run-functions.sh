#!/usr/bin/env bash
# Runs the Functions app on this machine, with Azurite for its tables. With Azure Functions Core Tools (func): as Azure runs it; Service Bus is then what
# src/EdgeRouter.Functions/local.settings.json names, and while nothing answers there, usage records wait in the journal. Without: the same app, on its real
# worker, under the emulators of the Functions host and of Service Bus in tests/emulators. Says which. Ctrl+C ends all of them.
# usage: scripts/run-functions.sh [--port N] [--emulators] [--no-build]
set -euo pipefail
cd "$(dirname "$0")/.."

port=7071
host=""
build=true
while [ $# -gt 0 ]; do
    case $1 in
        --port) port=${2:?--port needs a number}; shift 2 ;;
        --emulators) host=emulators; shift ;;
        # The emulators and the app as they were built before.
        --no-build) build=false; shift ;;
        *) sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2 ;;
    esac
done
if [ -z "$host" ]; then if command -v func >/dev/null; then host=func; else host=emulators; fi; fi

azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
if [ ! $azurite/node_modules/.package-lock.json -nt $azurite/package-lock.json ]; then
    (cd $azurite && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
fi
data="$PWD/.edgerouter/azurite"
mkdir -p "$data"
settings=src/EdgeRouter.Functions/local.settings.template.json
value() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).Values[process.argv[2]]' "$settings" "$1"; }
announce() {
    echo "Azurite's tables: $1"
    echo "try it:"
    echo "  curl http://127.0.0.1:$port/api/v1/chat/completions -H \"Authorization: Bearer $(value EdgeRouter__Keys__Inference)\" -H \"Content-Type: application/json\" -d '{\"model\":\"scripted/echo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, router\"}]}'"
}
# Whatever ends this script ends what it started: the app first, since it still writes to its tables.
app=""
stop() {
    # Its process group, where it has one, holds what it leaves behind if it was killed.
    if [ -n "$app" ]; then kill "$app" && wait "$app"; kill -KILL -- "-$app"; fi
    # Azurite saves what it holds.
    kill $(jobs -p) && wait
} 2>/dev/null
trap 'stop || true' EXIT
trap exit INT TERM

if [ $host = func ]; then
    echo "Running on Azure Functions Core Tools ($(func --version))."
    own=src/EdgeRouter.Functions/local.settings.json
    [ -f $own ] || cp "$settings" $own
    # Values that came with a later version are added; what is there stays as it is.
    node -e '
        const [template, own] = process.argv.slice(1).map(file => JSON.parse(require("fs").readFileSync(file, "utf8").replace(/^\uFEFF/, "")));
        own.Values ??= {};
        // A connection may be named by parts of it (UsageBus__fullyQualifiedNamespace) instead of as a whole, which would win over them.
        const missing = Object.keys(template.Values).filter(name => !Object.keys(own.Values).some(has => has === name || has.startsWith(name + "__")));
        if (missing.length === 0) process.exit();
        for (const name of missing) own.Values[name] = template.Values[name];
        require("fs").writeFileSync(process.argv[2], JSON.stringify(own, null, 2) + "\n");
        console.log(`${process.argv[2]}: added ${missing.join(", ")}`);
    ' "$settings" $own
    settings=$own
    # Blobs and queues for the Functions host, tables for the router, on Azurite's usual ports.
    $azurite/node_modules/.bin/azurite --location "$data" --silent --skipApiVersionCheck --disableTelemetry &
    announce UseDevelopmentStorage=true
    cd src/EdgeRouter.Functions
    func start --port "$port" &
    app=$!
    wait $app
    exit
fi

echo "Running on the emulators: $(command -v func >/dev/null && echo "asked for" || echo "Azure Functions Core Tools (func) are not installed")."
if $build; then
    for project in src/EdgeRouter.Functions tests/emulators/FunctionsHost tests/emulators/ServiceBus; do
        if ! log=$(dotnet build $project -c Release -v quiet -nologo 2>&1); then echo "$log" >&2; exit 1; fi
    done
fi
# From here on each has a process group of its own: Ctrl+C reaches this script alone, which ends them in their order.
set -m
# It ends when this script does, because its standard input then closes.
coproc TABLES { exec node $azurite/host.cjs --location "$data" --tableHost 127.0.0.1 --tablePort 0 --silent --skipApiVersionCheck --disableTelemetry; }
tables=""
while [ -z "$tables" ] && read -r -u "${TABLES[0]}" word number; do if [ "$word" = port ]; then tables=$number; fi; done
[ -n "$tables" ] || { echo "Azurite did not start" >&2; exit 1; }
# Azurite's account and key, which are the same everywhere and public.
storage="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:$tables/devstoreaccount1;"
queue=$(value UsageQueueName)
# Bash has one coprocess at a time.
bus_output=$(mktemp -u)
mkfifo -m 600 "$bus_output"
tests/emulators/ServiceBus/bin/Release/net10.0/EdgeRouter.Emulators.ServiceBus --port 0 --queue "$queue" >"$bus_output" &
read -r bus <"$bus_output" || { echo "The Service Bus emulator did not start" >&2; exit 1; }
rm -f "$bus_output"
announce "$storage"
env Logging__LogLevel__Microsoft.AspNetCore=Warning UsageQueueName="$queue" UsageBus="$bus" RollupSweepSchedule="$(value RollupSweepSchedule)" \
    StatisticsSnapshotSchedule="$(value StatisticsSnapshotSchedule)" LeaseJanitorSchedule="$(value LeaseJanitorSchedule)" \
    MoneyExportSchedule="$(value MoneyExportSchedule)" \
    EdgeRouter__UsageQueue="servicebus:$bus" EdgeRouter__Storage="tables:$storage" EdgeRouter__Azure__UsageJournal="$PWD/.edgerouter/usage" \
    EdgeRouter__Region=local EdgeRouter__Catalog__Scripted="$(value EdgeRouter__Catalog__Scripted)" \
    EdgeRouter__Keys__Inference="$(value EdgeRouter__Keys__Inference)" EdgeRouter__Keys__Management="$(value EdgeRouter__Keys__Management)" \
    tests/emulators/FunctionsHost/bin/Release/net10.0/EdgeRouter.Emulators.FunctionsHost src/EdgeRouter.Functions/bin/Release/net10.0 "$port" &
app=$!
wait $app
