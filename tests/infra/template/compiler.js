// The official Bicep compiler as one process that answers JSON-RPC over its standard streams, so that it starts once for all tests.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const answerMilliseconds = 120_000;
const restoreMilliseconds = 600_000;
// The compiler writes no language-dependent text, and a slim image has no libicu. Without tiers it needs half the time for these tests.
const environment = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_TieredCompilation: '0' };

/** The compiler of the NuGet package; where no feed has it, the one on the PATH or the one that `az bicep install` put into the home folder. */
function find() {
  let restoring;
  try {
    const restored = execFileSync('dotnet', ['msbuild', 'bicep.csproj', '-restore', '-t:Locate', '-getProperty:BicepCompiler', '-nologo'],
      { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: restoreMilliseconds }).trim();
    if (existsSync(restored)) return restored;
    restoring = `${restored} is not there`;
  } catch (fault) {
    restoring = fault.stdout || fault.message;
  }
  const elsewhere = [...process.env.PATH.split(delimiter).map(path => join(path, 'bicep')), join(homedir(), '.azure/bin/bicep')].find(existsSync);
  if (!elsewhere) throw new Error(`no Bicep compiler: the NuGet package does not restore, and there is no bicep on the PATH and none of az. ${restoring}`);
  return elsewhere;
}

export class Compiler {
  #process = spawn(find(), ['jsonrpc', '--stdio'], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  #waiting = new Map();
  #compiled = new Map();
  #received = Buffer.alloc(0);
  #last = 0;

  constructor() {
    this.#process.stdout.on('data', chunk => this.#take(chunk));
    this.#process.on('error', fault => this.#fail(fault));
    this.#process.on('exit', code => this.#fail(new Error(`the Bicep compiler ended with ${code}`)));
  }

  /** The compiled template and every diagnostic of it, of the linter too: `{ success, diagnostics, contents }`. Each file is compiled once. */
  compile(path) {
    if (!this.#compiled.has(path)) this.#compiled.set(path, this.#ask('bicep/compile', { path }));
    return this.#compiled.get(path);
  }

  /** The files that a template is made of. */
  files = async path => (await this.#ask('bicep/getFileReferences', { path })).filePaths;

  /** Checks a parameters file against its template: `{ success, diagnostics }`. */
  compileParameters = path => this.#ask('bicep/compileParams', { path, parameterOverrides: {} });

  /** What a deployment with a parameters file would make: `{ predictedResources, outputs }`. What only Azure knows stays an expression. */
  forecast = async (path, metadata) => JSON.parse((await this.#ask('bicep/getSnapshot', { path, metadata, externalInputs: [] })).snapshot);

  close() {
    this.#process.removeAllListeners('exit');
    this.#process.kill();
  }

  #ask(method, parameters) {
    const id = ++this.#last;
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params: [parameters] }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} takes longer than ${answerMilliseconds} ms`)), answerMilliseconds);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
      this.#process.stdin.write(body);
    });
  }

  #take(chunk) {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const start = end + 4;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, end))[1]);
      if (this.#received.length < start + length) return;
      const { id, result, error } = JSON.parse(this.#received.subarray(start, start + length));
      this.#received = this.#received.subarray(start + length);
      const asked = this.#waiting.get(id);
      if (!asked) continue;
      this.#waiting.delete(id);
      clearTimeout(asked.timer);
      if (error) asked.reject(new Error(error.message));
      else asked.resolve(result);
    }
  }

  #fail(fault) {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(fault);
    }
    this.#waiting.clear();
  }
}
