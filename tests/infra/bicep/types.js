// Checks a value against a declared type, as the compiler and the deployment engine do.
import { dirname, join } from 'node:path';
import { read } from './syntax.js';

/** All types that a file can name: its own and the imported ones. */
export function typesOf(unit) {
  const known = new Map();
  for (const { names, path } of unit.imports) {
    const target = read(join(dirname(unit.file), path));
    for (const name of names) {
      const declared = target.types.find(type => type.name === name);
      if (!declared?.decorators.export) throw new Error(`${unit.file}: ${path} exports no ${name}`);
      known.set(name, { ...declared, home: typesOf(target) });
    }
  }
  for (const type of unit.types) known.set(type.name, { ...type, home: known });
  return known;
}

/** Throws unless the value is of the type. `where` names the value in the message. */
export function check(value, type, known, where, sealed = false) {
  const refuse = wanted => { throw new Error(`${where}: expected ${wanted}, got ${JSON.stringify(value)}`); };
  switch (type.kind) {
    case 'nullable': if (value != null) check(value, type.inner, known, where); return;
    case 'literal': if (value !== type.value) refuse(`'${type.value}'`); return;
    case 'union': if (!type.members.some(member => passes(value, member, known))) refuse('one of the values of its type'); return;
    case 'array': if (!Array.isArray(value)) refuse('an array'); value.forEach((item, i) => check(item, type.item, known, `${where}[${i}]`)); return;
    case 'reference': {
      const declared = known.get(type.name);
      if (!declared) throw new Error(`${where}: no type ${type.name}`);
      check(value, declared.type, declared.home, where, 'sealed' in declared.decorators);
      return;
    }
    case 'object':
      if (value === null || typeof value !== 'object' || Array.isArray(value)) refuse('an object');
      for (const property of type.properties) check(value[property.name], property.type, known, `${where}.${property.name}`);
      for (const name of Object.keys(value)) if (sealed && !type.properties.some(property => property.name === name)) throw new Error(`${where}: has no property ${name}`);
      return;
    case 'primitive': {
      const actual = Array.isArray(value) ? 'array' : { number: 'int', boolean: 'bool' }[typeof value] ?? typeof value;
      if (value == null || actual !== type.name) refuse(type.name);
    }
  }
}

function passes(value, type, known) {
  try {
    check(value, type, known, '');
    return true;
  } catch {
    return false;
  }
}
