// Reads a .bicep file into its declarations. Expressions become small objects with a `kind`.
import { readFileSync } from 'node:fs';
import { parse } from './grammar.js';

const named = node => node.children.filter(child => child.isNamed && child.type !== 'comment');
const token = node => node.children.find(child => !child.isNamed)?.text;

const units = new Map();

/** The declarations of one file. */
export function read(file) {
  if (!units.has(file)) units.set(file, readUnit(file));
  return units.get(file);
}

function readUnit(file) {
  const unit = { file, targetScope: 'resourceGroup', imports: [], types: [], params: [], vars: [], resources: [], modules: [], outputs: [] };
  let decorators = {};
  for (const node of named(parse(readFileSync(file, 'utf8')))) {
    if (node.type === 'decorators') {
      decorators = readDecorators(node);
      continue;
    }
    const parts = named(node);
    const head = { name: parts[0].text, decorators };
    switch (node.type) {
      case 'target_scope_assignment': unit.targetScope = expression(parts[0]).parts[0]; break;
      case 'import_functionality': unit.imports.push({ names: parts.slice(0, -1).map(part => part.text), path: expression(parts.at(-1)).parts[0] }); break;
      case 'type_declaration': unit.types.push({ ...head, type: readType(parts[1]) }); break;
      case 'parameter_declaration': unit.params.push({ ...head, type: readType(parts[1]), value: parts[2] && expression(parts[2]) }); break;
      case 'variable_declaration': unit.vars.push({ ...head, value: expression(parts[1]) }); break;
      case 'output_declaration': unit.outputs.push({ ...head, type: readType(parts[1]), value: expression(parts[2]) }); break;
      case 'resource_declaration': unit.resources.push({ ...head, ...readResource(node) }); break;
      case 'module_declaration': unit.modules.push({ ...head, path: expression(parts[1]).parts[0], body: expression(parts[2]) }); break;
      default: throw new Error(`${file}: ${node.type} is not known to these tests`);
    }
    decorators = {};
  }
  return unit;
}

function readDecorators(node) {
  return Object.fromEntries(named(node).map(decorator => {
    const call = named(decorator)[0];
    return [named(call)[0].text, named(named(call)[1]).map(expression)];
  }));
}

function readResource(node) {
  const parts = named(node);
  const [type, apiVersion] = expression(parts[1]).parts[0].split('@');
  return { type, apiVersion, existing: node.children.some(child => child.text === 'existing'), body: expression(parts[2]) };
}

function readType(node) {
  const parts = named(node);
  switch (node.type) {
    case 'type': case 'parenthesized_type': return readType(parts[0]);
    case 'primitive_type': return { kind: 'primitive', name: node.text };
    case 'identifier': return { kind: 'reference', name: node.text };
    case 'array_type': return { kind: 'array', item: readType(parts[0]) };
    // The grammar sees an operator where all members are names.
    case 'union_type': case 'binary_expression': return { kind: 'union', members: parts.map(readType) };
    // The grammar leaves the inner type of `string?` unnamed.
    case 'nullable_type': return { kind: 'nullable', inner: parts[0] ? readType(parts[0]) : { kind: 'primitive', name: node.text.slice(0, -1) } };
    case 'string': return { kind: 'literal', value: expression(node).parts[0] };
    case 'object': return { kind: 'object', properties: parts.filter(part => part.type === 'object_property').map(part => ({ name: named(part)[0].text, type: readType(named(part)[1]) })) };
    default: throw new Error(`type ${node.type} is not known to these tests`);
  }
}

// The grammar has no node for blanks at the edges of a string, so what lies between the nodes is read from the source.
function stringParts(node, parts) {
  const quotes = node.text.startsWith("'''") ? 3 : 1;
  const found = [];
  let position = quotes;
  const text = end => { if (end > position) found.push(node.text.slice(position, end)); };
  for (const part of parts.filter(part => part.type !== 'string_content')) {
    text(part.startIndex - node.startIndex);
    found.push(part.type === 'interpolation' ? expression(named(part)[0]) : escapes[part.text] ?? part.text.slice(1));
    position = part.endIndex - node.startIndex;
  }
  text(node.text.length - quotes);
  return found;
}

const escapes = { '\\n': '\n', '\\t': '\t', '\\r': '\r' };

function expression(node) {
  const parts = named(node);
  switch (node.type) {
    case 'string': return { kind: 'string', parts: stringParts(node, parts) };
    case 'number': return { kind: 'value', value: Number(node.text) };
    case 'boolean': return { kind: 'value', value: node.text === 'true' };
    case 'null': return { kind: 'value', value: null };
    case 'identifier': return { kind: 'name', name: node.text };
    case 'parenthesized_expression': return { kind: 'group', inner: expression(parts[0]) };
    case 'array': return { kind: 'array', items: parts.map(expression) };
    case 'object': return readObject(parts);
    case 'call_expression': return { kind: 'call', name: parts[0].text, args: named(parts[1]).map(expression) };
    case 'lambda_expression': return { kind: 'lambda', params: parts.slice(0, -1).map(part => part.text), body: expression(parts.at(-1)) };
    case 'unary_expression': return { kind: 'unary', operator: token(node), operand: expression(parts[0]) };
    case 'binary_expression': return { kind: 'binary', operator: token(node), left: expression(parts[0]), right: expression(parts[1]) };
    case 'ternary_expression': return { kind: 'ternary', condition: expression(parts[0]), then: expression(parts[1]), otherwise: expression(parts[2]) };
    case 'resource_expression': return { kind: 'nested', outer: expression(parts[0]), name: parts[1].text };
    case 'subscript_expression': return postfix(expression(parts[0]), { kind: 'index', index: expression(parts[1]) });
    case 'member_expression': return postfix(expression(parts[0]), { kind: 'member', name: parts[1].text, safe: node.children.some(child => child.type === '.?'), asserted: node.children.some(child => child.type === '!') });
    case 'if_statement': return { kind: 'if', condition: expression(parts[0]), body: expression(parts[1]) };
    case 'for_statement': {
      const [loop, source, body] = parts[0].type === 'for_loop_parameters' ? [named(parts[0]).map(part => part.text), ...parts.slice(1)] : [[parts[0].text], ...parts.slice(1)];
      return { kind: 'for', item: loop[0], index: loop[1], source: expression(source), body: expression(body) };
    }
    default: throw new Error(`${node.type} at line ${node.startPosition.row + 1} is not known to these tests`);
  }
}

// The grammar binds `a ?? b.c` as `(a ?? b).c`; the language binds the member to `b`. Real parentheses are nodes of their own.
function postfix(target, operation) {
  if (target.kind === 'binary') return { ...target, right: postfix(target.right, operation) };
  if (target.kind === 'ternary') return { ...target, otherwise: postfix(target.otherwise, operation) };
  if (target.kind === 'unary') return { ...target, operand: postfix(target.operand, operation) };
  return { ...operation, target };
}

function readObject(parts) {
  const object = { kind: 'object', properties: [], resources: [] };
  for (const part of parts) {
    const [key, value] = named(part);
    if (key.type === 'resource_declaration') object.resources.push({ name: named(key)[0].text, ...readResource(key) });
    else object.properties.push({ key: key.type === 'string' ? expression(key) : { kind: 'string', parts: [key.text] }, value: expression(value) });
  }
  return object;
}
