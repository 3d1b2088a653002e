#!/usr/bin/env bash
# Looks every package up in the advisories of its registry: NuGet's (all, transitive too, from severity low) and npm's (tests only, from severity high). Fails on
# a known vulnerability, and where the registry that this machine uses has no advisories: nothing was audited then.
# usage: scripts/audit.sh
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
say() { printf '%s\n' "$*"; }
fail() { failed=1; say "audit: $*" >&2; }
audit=(-v quiet -nologo --force -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low)

# NuGet says nothing when its source has no advisories. This version has one: a source that does not report it reports none.
canary=$(mktemp -d)
trap 'rm -rf "$canary"' EXIT
cp nuget.config "$canary/"
cat >"$canary/canary.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.1" /></ItemGroup>
</Project>
PROJECT
say "== NuGet"
if log=$(dotnet restore "$canary/canary.csproj" "${audit[@]}" 2>&1); then
    if grep -q 'NU1903' <<<"$log"; then
        # Advisories are warnings, and warnings are errors.
        dotnet restore EdgeRouter.sln "${audit[@]}" -p:WarningsNotAsErrors= || fail "NuGet packages: see above"
    else
        fail "the source of the NuGet packages has no advisories: they were not audited"
    fi
else
    say "$log"
    fail "the NuGet packages were not audited"
fi

for folder in tests/EdgeRouter.AzureAdapters.Tests/azurite tests/EdgeRouter.ClientTests/clients tests/infra; do
    say "== npm: $folder"
    (cd $folder && npm audit --package-lock-only --audit-level=high) || fail "npm packages of $folder: see above"
done
exit $failed
