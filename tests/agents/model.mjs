// A provider in OpenAI's chat format with a model that can do one task, for any agent: asked for a file that holds a text, it writes the file and reads it back
// with the tools that the agent offers, then says what it has read.
import { createServer } from 'node:http';

/** How the tools of the agents write and read a file. The first row whose tools are offered is taken. */
const hands = [
    // Claude Code
    { write: 'Write', read: 'Read', writing: (file, text) => ({ file_path: file, content: text }), reading: file => ({ file_path: file }) },
    // opencode
    { write: 'write', read: 'read', writing: (file, text) => ({ filePath: file, content: text }), reading: file => ({ filePath: file }) },
    // cline
    { write: 'editor', read: 'read_files', writing: (file, text) => ({ path: file, new_text: text }), reading: file => ({ files: [{ path: file }] }) },
    // gemini-cli
    { write: 'write_file', read: 'read_file', writing: (file, text) => ({ file_path: file, content: text }), reading: file => ({ file_path: file }) },
    // codex
    {
        write: 'exec_command', read: 'exec_command',
        writing: (file, text) => ({ cmd: `printf %s '${text}' > '${file}'` }), reading: file => ({ cmd: `cat '${file}'` }),
    },
];

/** What a prompt must say. No quotes: some agents escape them. */
const task = /a file (\S+) that holds ([\w-]+)/;

/** The prompt that the model understands. */
export const prompt = (file, text) => `Write a file ${file} that holds ${text} . Read it, and tell me what it says.`;

const textOf = content => typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join('\n');

/** The turn of the model: a call of a tool, or the text that ends the task. */
export function answer({ messages, tools = [] }) {
    const asked = messages.filter(message => message.role === 'user').map(message => task.exec(textOf(message.content))).findLast(match => match);
    const names = new Set(tools.map(tool => tool.function.name));
    const hand = hands.find(({ write, read }) => names.has(write) && names.has(read));
    // Agents ask for titles and summaries without tools.
    if (!asked || !hand) return { content: 'A file' };
    const [, file, text] = asked;
    const results = messages.filter(message => message.role === 'tool').map(message => textOf(message.content));
    if (results.length === 0) return call(hand.write, hand.writing(file, text), 'Writing.');
    if (results.length === 1) return call(hand.read, hand.reading(file), 'Reading.');
    return { content: results.at(-1).includes(text) ? `The file says ${text}.` : `The file says something else: ${results.at(-1)}` };
}

const call = (name, args, content) =>
    ({ content, tool_calls: [{ id: `call_${name}_1`, type: 'function', function: { name, arguments: JSON.stringify(args) } }] });

function* chunks({ content, tool_calls: calls }) {
    yield { role: 'assistant', content: '' };
    for (const piece of content.match(/.{1,5}/gs)) yield { content: piece };
    for (const { function: { name, arguments: args }, ...rest } of calls ?? []) {
        yield { tool_calls: [{ index: 0, ...rest, function: { name, arguments: '' } }] };
        for (const piece of args.match(/.{1,7}/gs)) yield { tool_calls: [{ index: 0, function: { arguments: piece } }] };
    }
}

function reply(body, response) {
    const message = answer(body);
    const finish = message.tool_calls ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };
    const frame = { id: 'chatcmpl-1', created: 1760000000, model: body.model };
    if (!body.stream) {
        response.setHeader('Content-Type', 'application/json');
        const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }];
        response.end(JSON.stringify({ ...frame, object: 'chat.completion', choices, usage }));
        return;
    }
    response.setHeader('Content-Type', 'text/event-stream');
    const send = event => response.write(`data: ${JSON.stringify({ ...frame, object: 'chat.completion.chunk', ...event })}\n\n`);
    for (const delta of chunks(message)) send({ choices: [{ index: 0, delta, finish_reason: null }] });
    send({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    send({ choices: [], usage });
    response.end('data: [DONE]\n\n');
}

/** Starts the provider on a free port of the loopback. `requests` gathers the bodies that it was sent. */
export function listen(requests) {
    const server = createServer(async (request, response) => {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const body = JSON.parse(Buffer.concat(pieces));
        requests.push(body);
        reply(body, response);
    });
    return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)));
}
