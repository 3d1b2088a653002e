import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { secretEnvironment, stage, vault } from './stage.js';

const written = calls => calls.filter(call => call.includes('secret set')).map(call => /--name (\S+)/.exec(call)[1]);

test('An empty vault gets the router\'s keys and every provider key of the shell', t => {
  const here = stage(t, { az: vault });
  const { status, stderr } = here.run('azd-secrets.sh', secretEnvironment);
  assert.equal(status, 0, stderr);
  assert.match(here.secret('edgerouter-management'), /^sk-er-[0-9a-f]+$/);
  assert.match(here.secret('edgerouter-inference'), /^sk-er-[0-9a-f]+$/);
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  assert.equal(here.secret('vendor-google-ai'), 'g-1');
});

test('A second run writes only what has changed', t => {
  const here = stage(t, { az: vault });
  for (const name of ['edgerouter-management', 'edgerouter-inference']) here.put(name, 'kept');
  here.put('vendor-openai', 'sk-o');
  here.put('vendor-google-ai', 'g-0');
  const { calls } = here.run('azd-secrets.sh', secretEnvironment);
  assert.deepEqual(written(calls), ['vendor-google-ai']);
  assert.equal(here.secret('edgerouter-management'), 'kept');
  assert.equal(here.secret('vendor-google-ai'), 'g-1');
});

test('A provider that the next deployment adds has its secret before, and each secret is written once', t => {
  const here = stage(t, { az: vault });
  const environment = { ...secretEnvironment, EDGEROUTER_VENDORS: '["openai","anthropic"]', ANTHROPIC_API_KEY: 'a-1' };
  const { status, stderr, calls } = here.run('azd-secrets.sh', environment);
  assert.equal(status, 0, stderr);
  assert.equal(here.secret('vendor-anthropic'), 'a-1');
  assert.deepEqual(written(calls).filter(name => name.startsWith('vendor-')).toSorted(), ['vendor-anthropic', 'vendor-google-ai', 'vendor-openai']);

  const failing = stage(t, { az: vault }).run('azd-secrets.sh', { ...environment, ANTHROPIC_API_KEY: '' });
  assert.equal(failing.status, 1);
  assert.match(failing.stderr, /no key for these providers\. Export ANTHROPIC_API_KEY and run/);
});

test('A key in the vault stands when the shell has none', t => {
  const here = stage(t, { az: vault });
  here.put('vendor-openai', 'sk-vault');
  const { status } = here.run('azd-secrets.sh', { ...secretEnvironment, OPENAI_API_KEY: '' });
  assert.equal(status, 0);
  assert.equal(here.secret('vendor-openai'), 'sk-vault');
});

test('A listed provider without any key fails and names its variable, after all else was done', t => {
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-secrets.sh', { ...secretEnvironment, GOOGLE_AI_API_KEY: '' });
  assert.equal(status, 1);
  assert.match(stderr, /GOOGLE_AI_API_KEY/);
  assert.doesNotMatch(stderr, /OPENAI_API_KEY/);
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  assert.equal(calls.filter(call => call.includes('configreferences/appsettings/refresh')).length, 2);
});

test('Every app reads its references again', t => {
  const { calls } = stage(t, { az: vault }).run('azd-secrets.sh', secretEnvironment);
  assert.deepEqual(calls.filter(call => call.startsWith('az rest')).map(call => /--url (\S+?)\/config/.exec(call)[1]), ['/sites/func-a', '/sites/func-b']);
});

test('No secret is ever an argument or a line of output', t => {
  const here = stage(t, { az: vault });
  here.put('edgerouter-management-next', 'sk-er-0123abcd-next');
  const { status, calls, stdout, stderr } = here.run('azd-secrets.sh',
    { ...secretEnvironment, EDGEROUTER_NEXT_KEYS: '["inference"]', EDGEROUTER_PROMOTE_KEYS: 'management' });
  assert.equal(status, 0, stderr);
  assert.equal(here.secret('edgerouter-management'), 'sk-er-0123abcd-next');
  for (const text of [...calls, stdout, stderr]) assert.doesNotMatch(text, /sk-o|g-1|0123abcd/);
});

test('A vault that does not open yet is asked again, and given up in the end', t => {
  const closed = 'case "$*" in "keyvault secret list"*) exit 1;; esac';
  const { status, stderr, calls } = stage(t, { az: closed }).run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VAULT_TIMEOUT: '30' });
  assert.equal(status, 1);
  assert.match(stderr, /no access to the vault kv after 30 s/);
  assert.equal(calls.filter(call => call.startsWith('az keyvault secret list')).length, 3);
  assert.deepEqual(written(calls), []);
});

// The steps of a change of keys, as infra/README.md tells them.
for (const kind of ['inference', 'management']) {
  test(`A change of the ${kind} key: the next one is made up, stays while callers change over, and becomes the key`, t => {
    const here = stage(t, { az: vault });
    const run = environment => here.run('azd-secrets.sh', { ...secretEnvironment, ...environment });
    for (const name of ['edgerouter-management', 'edgerouter-inference']) here.put(name, `sk-er-${name}`);

    const begun = run({ EDGEROUTER_NEXT_KEYS: `["${kind}"]` });
    assert.equal(begun.status, 0, begun.stderr);
    const next = here.secret(`edgerouter-${kind}-next`);
    assert.match(next, /^sk-er-[0-9a-f]+$/);
    assert.equal(here.secret(`edgerouter-${kind}`), `sk-er-edgerouter-${kind}`);

    // What azd provision runs meanwhile changes nothing.
    run({ EDGEROUTER_NEXT_KEYS: `["${kind}"]` });
    assert.equal(here.secret(`edgerouter-${kind}-next`), next);

    for (let i = 0; i < 2; i++) {
      const promoted = run({ EDGEROUTER_NEXT_KEYS: `["${kind}"]`, EDGEROUTER_PROMOTE_KEYS: kind });
      assert.equal(promoted.status, 0, promoted.stderr);
      assert.equal(here.secret(`edgerouter-${kind}`), next);
      assert.equal(here.secret(`edgerouter-${kind}-next`), next);
    }
    run({ EDGEROUTER_NEXT_KEYS: '[]' });
    assert.equal(here.secret(`edgerouter-${kind}-next`), next);

    // The next change makes up another one, although the secret is there.
    here.put(`edgerouter-${kind}`, next);
    writeFileSync(join(here.folder, 'bin', 'openssl'), '#!/bin/sh\necho 4567fedc\n');
    run({ EDGEROUTER_NEXT_KEYS: `["${kind}"]` });
    assert.equal(here.secret(`edgerouter-${kind}-next`), 'sk-er-4567fedc');
    const other = kind === 'inference' ? 'management' : 'inference';
    assert.equal(here.secret(`edgerouter-${other}`), `sk-er-edgerouter-${other}`);
    assert.equal(here.secret(`edgerouter-${other}-next`), undefined);
  });
}

test('A next key that is not there is not promoted, and the key stays', t => {
  const here = stage(t, { az: vault });
  here.put('edgerouter-inference', 'sk-er-kept');
  const { status, stderr } = here.run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_PROMOTE_KEYS: 'inference' });
  assert.equal(status, 1);
  assert.match(stderr, /no next inference key to promote; name the kind in EDGEROUTER_NEXT_KEYS first/);
  assert.equal(here.secret('edgerouter-inference'), 'sk-er-kept');
});

for (const variable of ['EDGEROUTER_NEXT_KEYS', 'EDGEROUTER_PROMOTE_KEYS']) {
  test(`A kind that there is not in ${variable} is named, and no key is written`, t => {
    const { status, stderr, calls } = stage(t, { az: vault }).run('azd-secrets.sh', { ...secretEnvironment, [variable]: '["admin"]' });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`${variable} names admin; expected inference, management`));
    assert.deepEqual(written(calls), []);
  });
}

test('A next key that cannot be read is neither promoted nor written over', t => {
  const here = stage(t, { az: `case "$*" in "keyvault secret show"*-next*) exit 4;; esac; ${vault}` });
  for (const [name, value] of [['edgerouter-inference', 'sk-er-kept'], ['edgerouter-inference-next', 'sk-er-next']]) here.put(name, value);
  for (const environment of [{ EDGEROUTER_PROMOTE_KEYS: 'inference' }, { EDGEROUTER_NEXT_KEYS: '["inference"]' }]) {
    assert.equal(here.run('azd-secrets.sh', { ...secretEnvironment, ...environment }).status, 4);
    assert.equal(here.secret('edgerouter-inference'), 'sk-er-kept');
    assert.equal(here.secret('edgerouter-inference-next'), 'sk-er-next');
  }
});

for (const [what, tools] of [['random number', { openssl: 'exit 1' }], ['vault', { az: `case "$*" in "keyvault secret set"*) exit 9;; esac; ${vault}` }]]) {
  test(`Trouble with the ${what} stores no half-made key and fails`, t => {
    const here = stage(t, { az: vault, ...tools });
    const { status } = here.run('azd-secrets.sh', secretEnvironment);
    assert.notEqual(status, 0);
    assert.equal(here.secret('edgerouter-management'), undefined);
  });
}

for (const [slug, variable] of [
  ['google-ai-studio', 'GEMINI_API_KEY'], ['google-ai-studio', 'GOOGLE_AI_STUDIO_API_KEY'], ['amazon-bedrock', 'AWS_BEARER_TOKEN_BEDROCK'],
  ['azure', 'AZURE_OPENAI_API_KEY'], ['io-net', 'IOINTELLIGENCE_API_KEY'], ['gpu-box', 'GPU_BOX_API_KEY'],
]) {
  test(`The key of ${slug} may be in ${variable}`, t => {
    const here = stage(t, { az: vault });
    const { status, stderr } = here.run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: slug, [variable]: 'the-key' });
    assert.equal(status, 0, stderr);
    assert.equal(here.secret(`vendor-${slug}`), 'the-key');
  });
}

test('Of two variables the one that the provider table names first wins', t => {
  const here = stage(t, { az: vault });
  const keys = { GOOGLE_AI_STUDIO_API_KEY: 'second', GEMINI_API_KEY: 'first' };
  here.run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: 'google-ai-studio', ...keys });
  assert.equal(here.secret('vendor-google-ai-studio'), 'first');
});

test('A listed provider without a key is told by its customary variable', t => {
  const { status, stderr } = stage(t, { az: vault }).run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: 'google-ai-studio' });
  assert.equal(status, 1);
  assert.match(stderr, /Export GEMINI_API_KEY and run/);
});

for (const [what, pattern, code] of [
  ['reading a secret', '"keyvault secret show"*', 4], ['looking up an app', '"resource show"*', 5], ['reading the references again', '"rest "*', 6],
]) {
  test(`An az that fails at ${what} fails the hook with its code`, t => {
    const here = stage(t, { az: `case "$*" in ${pattern}) echo "az: refused" >&2; exit ${code};; esac; ${vault}` });
    here.put('vendor-openai', 'sk-old');
    const { status, stdout, stderr } = here.run('azd-secrets.sh', secretEnvironment);
    assert.equal(status, code);
    assert.match(stderr, /az: refused/);
    for (const text of [stdout, stderr]) assert.doesNotMatch(text, /sk-o|g-1|0123abcd/);
  });
}
