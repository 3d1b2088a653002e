// Reads the queries of the alerts with the parser and the type checker of the Kusto editor.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { root } from './root.js';

const load = createRequire(import.meta.url);
// They put Bridge and Kusto into the global scope, in this order.
load('@kusto/language-service-next/bridge.min.js');
load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;

// The columns of Azure Monitor's tables that the queries read, with their types: learn.microsoft.com/azure/azure-monitor/reference/tables/<name>.
const tables = {
  AppRequests: '(AppRoleName: string, ItemCount: int, OperationId: string, ResultCode: string, Success: bool, Url: string)',
  AppTraces: '(Message: string, OperationId: string)',
  AppExceptions: '(Details: dynamic, OperationId: string)',
};
const workspace = new Symbols.DatabaseSymbol.ctor('workspace',
  Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name)));
const globals = GlobalState.Default.WithDatabase(workspace);

function read(query) {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const list = found => Array.from({ length: found.Count }, (_, i) => found.getItem(i));
  return {
    faults: list(code.GetDiagnostics()).map(({ Message, Start }) => `${Message} (at ${Start})`),
    columns: Object.fromEntries(list(code.ResultType.Columns).map(({ Name, Type }) => [Name, Type.Name])),
  };
}

const folder = join(root, 'infra/modules');
const files = readdirSync(folder).filter(name => name.endsWith('.kql'));
const failingRequests = readFileSync(join(folder, 'failing-requests.kql'), 'utf8');

test('Every query of the template is read without a fault', () => {
  assert.ok(files.length > 0);
  for (const file of files) assert.deepEqual(read(readFileSync(join(folder, file), 'utf8')).faults, [], file);
});

test('The alert on 5xx gets its measure as a number, and the dimension that it splits by', () => {
  const { columns } = read(failingRequests);
  assert.equal(columns.failedPercent, 'real');
  assert.equal(columns.AppRoleName, 'string');
});

for (const [what, spoil, fault] of [
  ['a function that there is not', query => query.replace('sumif(', 'sumWhere('), /sumWhere/],
  ['a column that there is not', query => query.replace('isnotempty(Url)', 'isnotempty(Uri)'), /Uri/],
  ['a table that there is not', query => query.replace('AppTraces', 'Traces'), /Traces/],
  ['a comparison of a text with numbers', query => query.replace('toint(ResultCode)', 'ResultCode'), /between/],
  ['a missing parenthesis', query => query.replace('in (gone)', 'in (gone'), /\)/],
]) {
  test(`A query with ${what} would be told`, () => {
    const spoiled = spoil(failingRequests);
    assert.notEqual(spoiled, failingRequests);
    assert.match(read(spoiled).faults.join('\n'), fault);
  });
}
