// Tries scripts/run-functions.sh as a new user does, but for the build, which must have been made: node --test run-functions.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TableClient } from '@azure/data-tables';

const script = fileURLToPath(new URL('../../../scripts/run-functions.sh', import.meta.url));
const running = new Set();
after(() => { for (const app of running) app.script.kill(); });

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts the script and waits until it answers; what it prints says where the tables are and which key to use. */
async function start() {
  const port = await freePort();
  const app = { script: spawn(script, ['--emulators', '--no-build', '--port', port], { stdio: ['ignore', 'pipe', 'inherit'] }), url: `http://127.0.0.1:${port}` };
  running.add(app);
  app.ended = new Promise(resolve => app.script.on('exit', () => { running.delete(app); resolve(); }));
  for await (const line of createInterface({ input: app.script.stdout })) {
    app.tables ??= line.match(/^Azurite's tables: (.+)$/)?.[1];
    app.key ??= line.match(/Bearer ([^"]+)"/)?.[1];
    if (app.tables && app.key) break;
  }
  app.script.stdout.resume();
  await answers(app);
  return app;
}

async function until(condition, otherwise) {
  for (let tries = 0; !await condition(); tries++) {
    assert.ok(tries < 240, otherwise);
    await sleep(500);
  }
}

const answers = app => until(async () => {
  assert.ok(running.has(app), 'the script has ended');
  return fetch(`${app.url}/health`).then(answer => answer.ok, () => false);
}, 'the router does not answer');

/** Id of the child of a process whose command line matches, if there is one. */
function find(parent, pattern) {
  const children = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' }).stdout;
  const id = children.match(new RegExp(`^ *(\\d+) .*${pattern}`, 'm'))?.[1];
  return id && Number(id);
}

/** Ends it as a crash does, and returns its id. */
function crash(parent, pattern) {
  const child = find(parent, pattern);
  process.kill(child, 'SIGKILL');
  return child;
}

const host = 'EdgeRouter\\.Emulators\\.FunctionsHost ';
const worker = 'EdgeRouter\\.Functions\\.dll ';
const lives = id => { try { return process.kill(id, 0); } catch { return false; } };

const chat = (app, model, stream, signal) => fetch(`${app.url}/api/v1/chat/completions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${app.key}`, 'content-type': 'application/json' },
  body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello, router' }] }),
  signal,
});

/** The record of an answer, once the router has it. */
async function record(app, id) {
  let answer;
  // The router waits 2 seconds for a record that is queued, then answers 404.
  await until(async () => {
    answer = await fetch(`${app.url}/api/v1/generation?id=${id}`, { headers: { authorization: `Bearer ${app.key}` } });
    return answer.status !== 404;
  }, 'there is no record');
  assert.equal(answer.status, 200);
  return (await answer.json()).data;
}

/** The same record by Microsoft's own client, from wherever it lies. */
async function row(app, id) {
  const client = TableClient.fromConnectionString(app.tables, 'generations', { allowInsecureConnection: true });
  const found = [];
  for await (const entity of client.listEntities({ queryOptions: { filter: `RowKey eq '${id}'` } })) found.push(entity);
  assert.equal(found.length, 1);
  return found[0];
}

const idOf = answer => answer.headers.get('x-generation-id');

test('The router answers, its records are in the tables, and they are there again after it was killed', async () => {
  let app = await start();

  const whole = await chat(app, 'scripted/echo', false);
  assert.equal((await whole.json()).choices[0].message.content, 'Hello, router');
  await record(app, idOf(whole));
  assert.deepEqual((({ Status, Streamed, Model }) => [Status, Streamed, Model])(await row(app, idOf(whole))), [200, false, 'scripted/echo']);

  const stream = await chat(app, 'scripted/echo', true);
  assert.match(await stream.text(), /data: \[DONE\]\n\n$/);
  await record(app, idOf(stream));
  assert.equal((await row(app, idOf(stream))).Streamed, true);

  const leaving = new AbortController();
  // Its first bytes are the comment that keeps the connection open, after ten seconds.
  const aborted = await chat(app, 'scripted/silent', true, leaving.signal);
  const id = idOf(aborted);
  leaving.abort();
  assert.equal((await record(app, id)).cancelled, true);

  // The app alone: its host starts it again.
  const functionsHost = find(app.script.pid, host);
  const first = crash(functionsHost, worker);
  await until(() => ![undefined, first].includes(find(functionsHost, worker)), 'the app is not started again');
  await answers(app);
  const between = await chat(app, 'scripted/echo', false);
  assert.equal(between.status, 200);
  assert.equal((await record(app, idOf(between))).status, 200);

  // The host: the script ends all the rest, and is started anew.
  const orphan = find(functionsHost, worker);
  crash(app.script.pid, host);
  await app.ended;
  assert.ok(!lives(orphan), 'the app outlives the script');
  app = await start();
  for (const answer of [whole, stream, aborted, between]) await record(app, idOf(answer));
  const again = await chat(app, 'scripted/echo', false);
  assert.equal(again.status, 200);
  assert.equal((await record(app, idOf(again))).status, 200);
  app.script.kill('SIGINT');
  await app.ended;
});

test('Local settings from before get the values that came later, and keep their own', () => {
  const template = fileURLToPath(new URL('../../../src/EdgeRouter.Functions/local.settings.template.json', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'run-functions-'));
  try {
    const put = (name, text, mode = 0o644) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text, { mode });
    };
    put('scripts/run-functions.sh', readFileSync(script), 0o755);
    // Tools that do nothing: what counts is what the script has done before it starts them.
    put('bin/func', '#!/bin/sh\n', 0o755);
    const azurite = 'tests/EdgeRouter.AzureAdapters.Tests/azurite';
    put(`${azurite}/node_modules/.package-lock.json`, '{}');
    put(`${azurite}/node_modules/.bin/azurite`, '#!/bin/sh\nexec sleep 60\n', 0o755);
    const own = { IsEncrypted: false, Values: { EdgeRouter__Region: 'mine', UsageBus__fullyQualifiedNamespace: 'sb-mine.servicebus.windows.net' }, Host: { CORS: '*' } };
    put('src/EdgeRouter.Functions/local.settings.json', JSON.stringify(own));
    copyFileSync(template, join(folder, 'src/EdgeRouter.Functions/local.settings.template.json'));
    const run = () => execFileSync(join(folder, 'scripts/run-functions.sh'), { env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` }, encoding: 'utf8' });
    const settings = () => readFileSync(join(folder, 'src/EdgeRouter.Functions/local.settings.json'), 'utf8');

    assert.match(run(), /local\.settings\.json: added .*LeaseJanitorSchedule/);
    const first = settings();
    const { UsageBus, ...added } = JSON.parse(readFileSync(template)).Values;
    assert.deepEqual(JSON.parse(first), { ...own, Values: { ...added, ...own.Values } });
    assert.doesNotMatch(run(), /added/);
    assert.equal(settings(), first);
    rmSync(join(folder, 'src/EdgeRouter.Functions/local.settings.json'));
    run();
    assert.equal(settings(), readFileSync(template, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
