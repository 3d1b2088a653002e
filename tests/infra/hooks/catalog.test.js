import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { catalogEnvironment, catalogUrl, stage, vault } from './stage.js';

const blobOf = here => readFileSync(join(here.folder, 'blob'), 'utf8');

test('Where no catalog file is, an empty one is put, because the apps do not start without', t => {
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-catalog.sh', catalogEnvironment);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(blobOf(here)), {});
  for (const call of calls.filter(call => call.startsWith('az '))) assert.match(call, new RegExp(`--blob-url ${catalogUrl} --auth-mode login`));
});

test('A catalog file that is there stays as it is', t => {
  const here = stage(t, { az: vault });
  writeFileSync(join(here.folder, 'blob'), '{"models":[]}');
  assert.equal(here.run('azd-catalog.sh', catalogEnvironment).status, 0);
  assert.equal(blobOf(here), '{"models":[]}');
});

test('The file that the shell names goes over the one that is there', t => {
  const here = stage(t, { az: vault });
  writeFileSync(join(here.folder, 'blob'), '{}');
  writeFileSync(join(here.folder, 'my models.json'), '{"models":[]}');
  const { status, stderr } = here.run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_FILE: join(here.folder, 'my models.json') });
  assert.equal(status, 0, stderr);
  assert.equal(blobOf(here), '{"models":[]}');
});

test('A file that cannot be read is told before anything is asked', t => {
  const { status, stderr, calls } = stage(t, { az: vault }).run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_FILE: '/nowhere/models.json' });
  assert.equal(status, 1);
  assert.match(stderr, /EDGEROUTER_CATALOG_FILE names \/nowhere\/models\.json/);
  assert.deepEqual(calls, []);
});

test('A container that does not open yet is asked again, and given up in the end', t => {
  const closed = 'case "$*" in "storage blob exists"*) exit 1;; esac';
  const { status, stderr, calls } = stage(t, { az: closed }).run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_TIMEOUT: '30' });
  assert.equal(status, 1);
  assert.match(stderr, /no access to https:\/\/sttx\.blob\S+ after 30 s/);
  assert.equal(calls.filter(call => call.startsWith('az storage blob exists')).length, 3);
});

test('An upload that fails fails the hook with its code', t => {
  const { status } = stage(t, { az: `case "$*" in "storage blob upload"*) exit 7;; esac; ${vault}` }).run('azd-catalog.sh', catalogEnvironment);
  assert.equal(status, 7);
});

test('Every copy is put as well, each where none is or where the shell names a file', t => {
  const here = stage(t, { az: vault });
  writeFileSync(join(here.folder, 'mine.json'), '{"models":[]}');
  const copies = 'https://stty.blob.example/catalog/models.json https://sttz.blob.example/catalog/models.json';
  const { status, stderr, calls } = here.run('azd-catalog.sh',
    { ...catalogEnvironment, EDGEROUTER_CATALOG_COPIES: copies, EDGEROUTER_CATALOG_FILE: join(here.folder, 'mine.json') });
  assert.equal(status, 0, stderr);
  const uploads = calls.filter(call => call.startsWith('az storage blob upload')).map(call => /--blob-url (\S+)/.exec(call)[1]);
  assert.deepEqual(uploads, [catalogUrl, ...copies.split(' ')]);
});

test('A copy that is missing is made of the file that is there, and one that is there stays', t => {
  const az = `
    after() { wanted=$1; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && echo "$2"; shift; done; }
    case "$*" in
      "storage blob exists"*stty*) echo false ;;
      "storage blob exists"*) echo true ;;
      "storage blob download"*) echo '{"models":[]}' > "$(after --file "$@")" ;;
      "storage blob upload"*) cp "$(after --file "$@")" "$STAGE/blob" ;;
    esac`;
  const here = stage(t, { az });
  const copies = 'https://stty.blob.example/catalog/models.json https://sttz.blob.example/catalog/models.json';
  const { status, stderr, calls } = here.run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_COPIES: copies });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(blobOf(here)), { models: [] });
  assert.deepEqual(calls.filter(call => call.startsWith('az storage blob upload')).map(call => /--blob-url (\S+)/.exec(call)[1]), [copies.split(' ')[0]]);
});
