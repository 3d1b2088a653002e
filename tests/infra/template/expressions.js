// What only Azure can say (an address, an identity's ids) stays an expression in the compiler's forecast. Here such expressions get stand-in values.
// A function that is missing here fails the test that meets it.
const storageSuffix = 'core.windows.net';

const nameOf = id => id.split('/').at(-1);

/** What the platform says about a resource. Anything else is `<name>.<property>`. */
function properties(id) {
  const name = nameOf(id);
  const known = {
    primaryEndpoints: Object.fromEntries(['blob', 'queue', 'table'].map(kind => [kind, `https://${name}.${kind}.${storageSuffix}/`])),
    vaultUri: `https://${name}.vault.azure.net/`,
  };
  return new Proxy(known, { get: (target, property) => target[property] ?? `${name}.${property}` });
}

const functions = {
  reference: id => properties(id),
  format: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, i) => values[i]),
  environment: () => ({ suffixes: { storage: storageSuffix } }),
  guid: (...parts) => `guid(${parts.join(',')})`,
  extensionResourceId: (scope, type, ...names) => `${scope}/providers/${type}/${names.join('/')}`,
  createArray: (...items) => items,
  join: (items, between) => items.join(between),
  createObject: (...pairs) => Object.fromEntries(pairs.flatMap((_, i) => i % 2 ? [] : [[pairs[i], pairs[i + 1]]])),
  true: () => true,
  false: () => false,
};

/** The value with every expression in it replaced by what it stands for. */
export function settle(value) {
  if (typeof value === 'string') return value.startsWith('[') && !value.startsWith('[[') ? evaluate(value.slice(1, -1)) : value;
  if (Array.isArray(value)) return value.map(settle);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, settle(item)]));
  return value;
}

function evaluate(text) {
  let position = 0;
  const skip = () => { while (text[position] === ' ') position++; };
  const match = pattern => {
    skip();
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) position += found.length;
    return found;
  };
  const operand = () => {
    const quoted = match(/'(?:[^']|'')*'/y);
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll("''", "'");
    const number = match(/-?\d+/y);
    if (number !== undefined) return Number(number);
    const name = match(/[A-Za-z]+/y);
    if (!functions[name] || !match(/\(/y)) throw new Error(`these tests do not know ${text.slice(position - (name?.length ?? 0), position + 40)}`);
    const values = [];
    while (!match(/\)/y)) {
      values.push(operand());
      match(/,/y);
    }
    let value = functions[name](...values);
    for (let member = match(/\.[A-Za-z]+/y); member; member = match(/\.[A-Za-z]+/y)) value = value[member.slice(1)];
    return value;
  };
  const value = operand();
  if (position !== text.length) throw new Error(`not understood: ${text.slice(position)}`);
  return value;
}
