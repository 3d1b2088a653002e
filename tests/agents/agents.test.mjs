// Coding agents, unmodified, with the router's address: each writes a file and reads it back in a scratch folder. The model is model.mjs; all else is real.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { listen, prompt } from './model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, 'node_modules');
const model = 'acme/agent';
const patience = 120_000;

/** What each agent is told of the router: its configuration, then its command line. */
const agents = {
    'Claude Code': {
        start: ({ address, key, prompt }) => ({
            command: [join(packages, '@anthropic-ai/claude-code-linux-x64/claude'), '-p', prompt, '--permission-mode', 'acceptEdits',
                '--allowedTools', 'Write,Read'],
            env: { ANTHROPIC_BASE_URL: address, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: model, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
        }),
    },
    codex: {
        start: ({ address, key, prompt }) => ({
            command: [join(packages, '@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex'), 'exec', '--skip-git-repo-check',
                '--dangerously-bypass-approvals-and-sandbox', '-c', 'model_provider=edgerouter',
                '-c', `model_providers.edgerouter={name="EdgeRouter",base_url="${address}/v1",env_key="EDGEROUTER_KEY",wire_api="responses"}`,
                '-m', model, prompt],
            env: { EDGEROUTER_KEY: key },
        }),
    },
    opencode: {
        files: ({ address }) => ({
            'work/opencode.json': {
                provider: {
                    edgerouter: {
                        npm: '@ai-sdk/openai-compatible', name: 'EdgeRouter', models: { [model]: {} },
                        options: { baseURL: `${address}/v1`, apiKey: '{env:EDGEROUTER_KEY}' },
                    },
                },
                model: `edgerouter/${model}`,
            },
        }),
        start: ({ key, prompt }) => ({
            command: [join(packages, 'opencode-linux-x64/bin/opencode'), 'run', prompt],
            env: { EDGEROUTER_KEY: key, OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
        }),
    },
    cline: {
        start: ({ address, key, prompt }) => {
            const cline = join(packages, '@cline/cli-linux-x64/bin/cline');
            return {
                first: [cline, 'auth', '-p', 'openai-compatible', '-k', key, '-m', model, '-b', `${address}/v1`],
                command: [cline, '--json', prompt],
                // Else it leaves a daemon behind.
                env: { CLINE_SESSION_BACKEND_MODE: 'local' },
            };
        },
    },
    'gemini-cli': {
        files: () => ({ 'home/.gemini/settings.json': { security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false } } }),
        start: ({ address, key, prompt }) => ({
            command: [process.execPath, join(packages, '@google/gemini-cli/bundle/gemini.js'), '--yolo', '--skip-trust', '-m', model, '-p', prompt],
            env: { GOOGLE_GEMINI_BASE_URL: address, GEMINI_API_KEY: key },
        }),
    },
};

const requests = [];
let scratch, provider, router, address;
const key = 'sk-er-v1-for-the-agents-of-this-test';

before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'edgerouter-agents-'));
    provider = await listen(requests);
    router = spawn(process.env.EDGEROUTER_LOCAL, ['--port', '0'], {
        env: {
            ...plainEnvironment(),
            EdgeRouter__Catalog__Files__0: join(here, 'catalog.json'), EdgeRouter__Storage: 'memory', EdgeRouter__Keys__Inference: key,
            EdgeRouter__Providers__agent_model__BaseUrl: `http://127.0.0.1:${provider.address().port}/v1`,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: router.stdout }))
        if ((address = /^listening on (\S+)/.exec(line)?.[1])) return;
    throw new Error('The router ended before it listened.');
});

after(async () => {
    router?.kill();
    provider?.close();
    provider?.closeAllConnections();
    if (scratch) await rm(scratch, { recursive: true, force: true });
});

for (const [name, agent] of Object.entries(agents))
    test(`${name} writes a file and reads it back`, { timeout: 2 * patience }, async () => {
        const folder = join(scratch, name.replace(' ', '-'));
        const work = join(folder, 'work');
        for (const part of ['work', 'home', 'tmp']) await mkdir(join(folder, part), { recursive: true });
        for (const [file, content] of Object.entries(agent.files?.({ address }) ?? {})) {
            await mkdir(dirname(join(folder, file)), { recursive: true });
            await writeFile(join(folder, file), JSON.stringify(content));
        }
        const text = `token-${Math.random().toString(36).slice(2)}`;
        const file = join(work, 'note.txt');
        const { first, command, env } = agent.start({ address, key, prompt: prompt(file, text) });
        if (first) await run(first, folder, env);
        const before = requests.length;
        const output = await run(command, folder, env);
        assert.match(output, new RegExp(`The file says ${text}`));
        assert.equal((await readFile(file, 'utf8')).trim(), text);
        assert.ok(requests.length - before >= 3, 'a turn to write, one to read, and one to say what was read');
    });

/** Runs a command in the agent's scratch folder, with a home of its own there. Returns what it printed. */
function run([program, ...args], folder, env) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd: join(folder, 'work'), env: { ...plainEnvironment(), HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp'), ...env },
            stdio: ['ignore', 'pipe', 'pipe'], timeout: patience,
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', piece => output += piece);
        child.on('error', reject);
        child.on('close', (code, signal) => code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${signal ?? code}:\n${output}`)));
    });
}

/** What the developer's shell has set for the agents and providers must not leak in. */
function plainEnvironment() {
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|LANG|DOTNET_ROOT|SSL_CERT_\w+)$/.test(name)));
}
