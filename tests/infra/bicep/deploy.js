// Carries out a template in memory: what resources would be there, with what names and properties, for given parameters.
// Refuses what the compiler refuses: unknown names, missing or unknown parameters, values of the wrong type, and names,
// conditions or loops that depend on something known only after a deployment has begun.
import { dirname, join } from 'node:path';
import { functions } from './functions.js';
import { read } from './syntax.js';
import { check, typesOf } from './types.js';

/** A value that Azure gives only while the deployment runs. */
class Late {
  constructor(value) { this.value = value instanceof Late ? value.value : value; }
}

const isLate = value => value instanceof Late || (value !== null && typeof value === 'object' && Object.values(value).some(isLate));

function settled(value) {
  if (value instanceof Late) return settled(value.value);
  if (Array.isArray(value)) return value.map(settled);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, settled(inner)]));
  return value;
}

function late(inputs, compute) {
  return inputs.some(isLate) ? new Late(compute(...inputs.map(settled))) : compute(...inputs);
}

/** `{ resources, outputs }` of a template. Each resource: type, apiVersion, name, id, module, properties of its body. */
export function deploy(file, parameters, path = 'main') {
  const unit = read(file);
  const resources = [];
  const scope = { unit, path, resources, builtin: functions(file), names: new Map() };
  declareParameters(scope, parameters);
  for (const variable of unit.vars) lazily(scope.names, variable.name, () => early(evaluate(variable.value, scope.names, scope), variable.value.kind === 'for', `${file}: var ${variable.name}`));
  for (const resource of unit.resources) lazily(scope.names, resource.name, () => place(resource, resource.body, scope.names, scope, body => deployResource(resource, body, undefined, scope)));
  for (const module of unit.modules) lazily(scope.names, module.name, () => place(module, module.body, scope.names, scope, body => deployModule(module, body, scope)));
  for (const { name } of [...unit.resources, ...unit.modules]) scope.names.get(name)();

  const types = typesOf(unit);
  const outputs = Object.fromEntries(unit.outputs.map(output => {
    const value = settled(evaluate(output.value, scope.names, scope));
    check(value, output.type, types, `${path} output ${output.name}`);
    return [output.name, value];
  }));
  return { resources, outputs };
}

function lazily(names, name, compute) {
  let result;
  names.set(name, () => (result ??= { value: compute() }).value);
}

function early(value, wanted, where) {
  if (wanted && isLate(value)) throw new Error(`${where} must be known before the deployment begins`);
  return value;
}

function declareParameters(scope, given) {
  const { unit, path, names } = scope;
  const types = typesOf(unit);
  for (const name of Object.keys(given)) if (!unit.params.some(param => param.name === name)) throw new Error(`${path}: has no parameter ${name}`);
  for (const param of unit.params) {
    const where = `${path} parameter ${param.name}`;
    const value = param.name in given ? given[param.name] : param.value && evaluate(param.value, names, scope);
    check(value, param.type, types, where);
    const limit = name => param.decorators[name] && evaluate(param.decorators[name][0], names, scope);
    const size = typeof value === 'number' ? value : value?.length;
    if (limit('allowed') && !limit('allowed').includes(value)) throw new Error(`${where}: ${value} is not allowed`);
    if (size < (limit('minValue') ?? limit('minLength')) || size > (limit('maxValue') ?? limit('maxLength'))) throw new Error(`${where}: ${JSON.stringify(value)} is out of bounds`);
    names.set(param.name, () => value);
  }
}

// A loop gives an array, a condition that fails gives null.
function place(declaration, body, names, scope, make) {
  const where = `${scope.unit.file}: ${declaration.name}`;
  if (body.kind === 'for') {
    return early(evaluate(body.source, names, scope), true, `${where}: what it loops over`).map((item, i) => place(declaration, body.body, inner(names, { [body.item]: item, [body.index]: i }), scope, make));
  }
  if (body.kind === 'if') return early(evaluate(body.condition, names, scope), true, `${where}: its condition`) ? place(declaration, body.body, names, scope, make) : null;
  return make({ ast: body, names });
}

function inner(names, additions) {
  const extended = new Map(names);
  for (const [name, value] of Object.entries(additions)) extended.set(name, () => value);
  return extended;
}

function deployResource(declaration, { ast, names }, outer, scope) {
  const body = evaluate(ast, names, scope);
  const where = `${scope.unit.file}: ${declaration.name}`;
  const parent = outer ?? body.parent;
  const own = early(body.name, true, `${where}: its name`);
  const type = outer ? `${outer.type}/${declaration.type}` : declaration.type;
  const name = parent ? `${parent.name}/${own}` : own;
  const resource = { type, apiVersion: declaration.apiVersion ?? outer?.apiVersion, name, ownName: own, id: `${body.scope?.id ?? ''}/${type}/${name}`, module: scope.path, existing: Boolean(declaration.existing), body: undefined, children: {} };
  const { parent: _, dependsOn: __, scope: target, ...rest } = body;
  resource.body = settled(target ? { ...rest, scope: target.id } : rest);
  if (!resource.existing) scope.resources.push(resource);
  for (const child of ast.resources) resource.children[child.name] = deployResource(child, { ast: child.body, names }, resource, scope);
  return resource;
}

function deployModule(declaration, { ast, names }, scope) {
  const body = evaluate(ast, names, scope);
  const name = early(body.name, true, `${scope.unit.file}: ${declaration.name}: its name`);
  if (name.length > 64) throw new Error(`${name}: a deployment's name has at most 64 characters`);
  if (scope.unit.targetScope === 'subscription' && !body.scope) throw new Error(`${name}: needs the scope of a resource group`);
  const result = deploy(join(dirname(scope.unit.file), declaration.path), settled(body.params ?? {}), `${scope.path}/${name}`);
  scope.resources.push(...result.resources);
  return { moduleName: name, outputs: new Late(result.outputs) };
}

function evaluate(ast, names, scope) {
  const go = (node, extended = names) => evaluate(node, extended, scope);
  switch (ast.kind) {
    case 'value': return ast.value;
    case 'group': return go(ast.inner);
    case 'string': return late(ast.parts.map(part => typeof part === 'string' ? part : go(part)), (...texts) => texts.join(''));
    case 'array': return ast.items.map(item => go(item));
    case 'object': return Object.fromEntries(ast.properties.map(({ key, value }) => [go(key), go(value)]));
    case 'for': return early(go(ast.source), true, 'what is looped over').map((item, i) => go(ast.body, inner(names, { [ast.item]: item, [ast.index]: i })));
    case 'lambda': return (...args) => go(ast.body, inner(names, Object.fromEntries(ast.params.map((param, i) => [param, args[i]]))));
    case 'ternary': return late([go(ast.condition)], condition => go(condition ? ast.then : ast.otherwise));
    case 'unary': return late([go(ast.operand)], operand => ast.operator === '!' ? !operand : -operand);
    case 'binary': return binary(ast, go);
    case 'index': return late([go(ast.target), go(ast.index)], (items, index) => required(items[index], `item ${index}`));
    case 'member': return member(go(ast.target), ast);
    case 'nested': return required(go(ast.outer).children[ast.name], `nested resource ${ast.name}`);
    case 'call': return call(ast, go, scope);
    case 'name': return required(names.get(ast.name), `${scope.unit.file}: the name ${ast.name}`)();
    default: throw new Error(`${ast.kind} is not known to these tests`);
  }
}

function required(value, what) {
  if (value === undefined) throw new Error(`${what} does not exist`);
  return value;
}

function binary({ operator, left, right }, go) {
  return late([go(left)], value => {
    switch (operator) {
      case '&&': return value && go(right);
      case '||': return value || go(right);
      case '??': return value ?? go(right);
      default: return late([go(right)], other => ({ '==': value === other, '!=': value !== other, '>': value > other, '<': value < other, '>=': value >= other, '<=': value <= other })[operator]);
    }
  });
}

function call({ name, args }, go, scope) {
  const builtin = required(scope.builtin[name], `${scope.unit.file}: the function ${name}`);
  return late(args.map(arg => go(arg)), builtin);
}

function member(target, { name, safe }) {
  if (target instanceof Late) return new Late(member(target.value, { name, safe }));
  if (target == null && safe) return null;
  if (target == null) throw new Error(`.${name} of something that was not deployed`);
  // What Azure decides about a resource; the rest of it is in the template.
  if (target.body && name === 'name') return target.ownName;
  if (target.body && name === 'properties') return new Late(platformProperties(target));
  return safe ? target[name] ?? null : required(target[name], `.${name}`);
}

const platformProperties = resource => new Proxy({}, {
  get: (_, name) => name === 'primaryEndpoints'
    ? Object.fromEntries(['blob', 'queue', 'table'].map(kind => [kind, `https://${resource.name}.${kind}.core.windows.net/`]))
    : name === 'vaultUri' ? `https://${resource.name}.vault.azure.net/` : `${resource.name}.${String(name)}`,
});
